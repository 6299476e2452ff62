import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { another } from '../support/another.ts';
import type { Answer, Client } from '../support/client.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { withDatabase } from '../support/template.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '2', POOL_WAIT_MS: '30000', REQUEST_TIMEOUT_MS: '60000' });
  acme = await gateway.organization('acme');
  for (let warm = 0; warm < 20; warm++) await acme.member.ok('{ accounts { nodes { id } } }');
});
afterAll(() => gateway.close());

const query = '{ accounts { nodes { id name } } }';

describe('more than the queue holds', () => {
  test('the surplus is told to come back, the others are answered, and the next is served at once', async () => {
    const { pool } = gateway.database;
    const surplus = 100;
    const room = (pool.options.max ?? 1) + pool.maxWaiting;
    const answers = await Promise.all(Array.from({ length: room + surplus }, () => acme.member.run(query)));
    const served = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 503);
    expect(served.length + refused.length).toBe(room + surplus);
    expect(served.length).toBeGreaterThanOrEqual(pool.maxWaiting);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, errors } of refused) {
      expect(headers.get('retry-after')).toBe('1');
      expect(errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
        ['The server is busy. Try again in a moment.', 'UNAVAILABLE'],
      ]);
    }
    await acme.member.ok(query);
    expect([pool.waitingCount, pool.totalCount]).toEqual([0, pool.idleCount]);
  });

  /** Answers per second that so many clients get, each asking again at once, or a second later when it is told to. */
  async function goodput(clients: number, ms: number): Promise<number> {
    const end = Date.now() + ms;
    let served = 0;
    const ask = async () => {
      while (Date.now() < end) {
        const { status } = await acme.member.run(query);
        if (status === 200 && Date.now() < end) served++;
        else await sleep(1_000);
      }
    };
    await Promise.all(Array.from({ length: clients }, ask));
    return (served * 1_000) / ms;
  }

  // The clients live in this process and take their share of it, so what remains is well below the peak, but never near none.
  test('the server goes on serving', async () => {
    const peak = await goodput(4, 1_500);
    expect(await goodput(400, 3_000)).toBeGreaterThan(peak * 0.25);
  });
});

test('a bad request takes no connection', async () => {
  const { pool } = gateway.database;
  let taken = 0;
  const count = () => taken++;
  pool.on('acquire', count);
  const send = (body: string, headers: Record<string, string> = {}) =>
    gateway.server.fetch(
      new Request('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    );
  const member = { authorization: `Bearer ${await gateway.token(acme.people.member)}`, 'x-org': 'acme' };
  const answers = [
    await send(JSON.stringify({ query })),
    await send(JSON.stringify({ query }), { authorization: 'Bearer x.y.z' }),
    await send(JSON.stringify({ query }), { authorization: 'Bearer tgk_wrong' }),
    await send('{', member),
    await send('{}', { ...member, 'content-type': 'text/plain' }),
    await send(JSON.stringify({ query: '{' }), member),
    await send(JSON.stringify({ query: '{ nothing }' }), member),
    await send(JSON.stringify({ query: `{ ${'__typename '.repeat(50)} }` }), member),
    await send(JSON.stringify({ query, variables: [] }), member),
    await gateway.server.fetch(new Request('http://gateway/graphql', { method: 'OPTIONS' })),
    await gateway.server.fetch(new Request('http://gateway/graphql', { method: 'DELETE' })),
    await gateway.server.fetch(new Request('http://gateway/nothing')),
  ];
  pool.removeListener('acquire', count);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 400, 415, 200, 200, 200, 400, 204, 405, 404]);
  expect(taken).toBe(0);
});

if (inject('template').kind === 'server')
  describe('a statement that waits too long', () => {
    const env = {
      STATEMENT_TIMEOUT_MS: '400',
      TRANSACTION_TIMEOUT_MS: '1500',
      REQUEST_TIMEOUT_MS: '3000',
      DATABASE_POOL_SIZE: '4',
    };
    let locker: pg.Client;
    beforeAll(async () => {
      const template = inject('template');
      const database = new URL(gateway.config.database.url ?? '').pathname.slice(1);
      locker = new pg.Client({
        connectionString: withDatabase('adminUrl' in template ? template.adminUrl : '', database),
      });
      await locker.connect();
    });
    afterAll(() => locker.end());

    async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
      await locker.query('begin; lock table accounts in access exclusive mode');
      try {
        return await work();
      } finally {
        await locker.query('rollback');
      }
    }

    const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

    test('is TIMEOUT, for all that it took along (a compiled read: everything), and the connection is used again', async () => {
      const server = await another(gateway, { env, url: gateway.config.database.url ?? '' });
      const member: Client = await server.client(acme);
      const alone = await whileLocked(() => member.run(query));
      expect([alone.status, codesOf(alone)]).toEqual([504, ['TIMEOUT']]);
      const resolving = await another(gateway, {
        env: { ...env, COMPILED_READS: 'off' },
        url: gateway.config.database.url ?? '',
      });
      const fields =
        'a: node(id: "account_0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000") { id } b: node(id: "contact_0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000") { id }';
      const compiled = await whileLocked(() => member.run(`{ __typename ${fields} }`));
      expect([compiled.status, codesOf(compiled)]).toEqual([504, ['TIMEOUT']]);
      const other = await resolving.client(acme);
      const beside = await whileLocked(() => other.run(`{ __typename ${fields} }`));
      await resolving.close();
      expect([beside.status, codesOf(beside), beside.data]).toEqual([
        200,
        ['TIMEOUT', 'TIMEOUT'],
        { __typename: 'Query', a: null, b: null },
      ]);
      const write = await whileLocked(() =>
        member.run('mutation { accountCreate(input: {name: "Late"}) { account { id } } }'),
      );
      expect([write.status, codesOf(write)]).toEqual([504, ['TIMEOUT']]);
      await member.ok(query);
      expect(server.database.pool.events.destroyed).toBe(0);
      expect(server.logged().filter(({ level }) => level === 'error')).toEqual([]);
      await server.close();
    });

    test('is TIMEOUT even when the network swallows it', async () => {
      const proxy = await startProxy(gateway.config.database.url ?? '');
      const swallowed = { ...env, REQUEST_TIMEOUT_MS: '1600', PREPARED_STATEMENTS: 'off' };
      const server = await another(gateway, { env: swallowed, url: proxy.url });
      const member = await server.client(acme);
      await member.ok(query);
      proxy.hold('"accounts"', 5_000);
      const startedAt = performance.now();
      const { status, errors } = await member.run(query);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      expect([status, errors?.[0]?.extensions.code]).toEqual([504, 'TIMEOUT']);
      proxy.hold('', 0);
      await member.ok(query);
      await proxy.close();
      await server.close();
    });

    test('clients that hang up leave nothing running, and no error in the log', async () => {
      const server = await another(gateway, { env, url: gateway.config.database.url ?? '' });
      const authorization = `Bearer ${await gateway.token(acme.people.member)}`;
      const ask = () => {
        const signal = AbortSignal.timeout(50);
        const headers = { 'content-type': 'application/json', authorization, 'x-org': 'acme' };
        return server.server.fetch(
          new Request('http://gateway/graphql', { method: 'POST', headers, body: JSON.stringify({ query }), signal }),
        );
      };
      await whileLocked(async () => {
        const outcomes = await Promise.allSettled(Array.from({ length: 40 }, ask));
        expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
        await sleep(5_000);
        const running = await locker.query(
          "select 1 from pg_stat_activity where application_name = 'tenant-gateway' and state <> 'idle' and datname = current_database()",
        );
        expect(running.rows).toEqual([]);
      });
      const { pool } = server.database;
      expect([pool.waitingCount, pool.totalCount]).toEqual([0, pool.idleCount]);
      expect(server.logged().filter(({ level }) => level === 'error')).toEqual([]);
      await server.close();
    });
  });
