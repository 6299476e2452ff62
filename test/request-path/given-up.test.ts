import { request as send } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { withinMs } from '../../src/plugins/use-deadline.ts';
import { Wanted } from '../../src/wanted.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { type Listener, listen } from '../support/listener.ts';

let gateway: Gateway;
let listener: Listener;
let acme: Org;
let headers: Record<string, string>;

beforeAll(async () => {
  gateway = await startGateway({
    DATABASE_POOL_SIZE: '2',
    STATEMENT_TIMEOUT_MS: '20000',
    TRANSACTION_TIMEOUT_MS: '25000',
    REQUEST_TIMEOUT_MS: '30000',
  });
  acme = await gateway.organization('acme');
  listener = await listen(gateway.server.http());
  headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${await gateway.token(acme.people.owner)}`,
    'x-org': 'acme',
  };
  for (let round = 0; round < 2; round++) await post(read).answer;
});
afterAll(async () => {
  await listener.close();
  await gateway.close();
});

const read = '{ accounts { totalCount } }';
const resolved = '{ viewer { role } searchDocuments(text: "x") { nodes { id } } }';
const write = 'mutation { accountCreate(input: {name: "Given up"}) { account { id } userErrors { message } } }';

/** Sends an operation over a connection that can be broken off. */
function post(query: string): { readonly answer: Promise<string>; readonly hangUp: () => void } {
  const body = JSON.stringify({ query });
  const request = send(listener.url, {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': `${Buffer.byteLength(body)}` },
  });
  const answer = new Promise<string>((resolve) => {
    request.on('error', () => resolve('broken off'));
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('close', () => resolve(text));
    });
  });
  request.end(body);
  return { answer, hangUp: () => request.destroy() };
}

const until = async (holds: () => Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(10)) if (await holds()) return true;
  return false;
};

/** What requests have running in Postgres. */
const running = async (): Promise<number> =>
  Number(
    (
      await gateway.sql(
        "select count(*) as n from pg_stat_activity where datname = current_database() and application_name = 'tenant-gateway' and state <> 'idle'",
      )
    )[0]?.n,
  );

if (inject('template').kind === 'server') {
  describe('a request whose client is gone', () => {
    let blocker: pg.Client;
    const block = async (table: string) => {
      await blocker.query('begin');
      await blocker.query(`lock table ${table} in access exclusive mode`);
    };
    beforeAll(async () => {
      const { rows } = await gateway.database.pool.query('select current_database() as name');
      const url = new URL(inject('template').kind === 'server' ? String(process.env.DATABASE_URL) : '');
      url.pathname = `/${rows[0].name}`;
      blocker = new pg.Client({ connectionString: url.href });
      await blocker.connect();
    });
    afterAll(() => blocker.end());

    test.each<[what: string, table: string, query: string]>([
      ['a compiled read', 'accounts', read],
      ['a read by resolvers', 'documents', resolved],
      ['a mutation', 'accounts', write],
    ])('%s: its statement is cancelled, the connection goes on', async (_what, table, query) => {
      const pids = async () =>
        (
          await gateway.sql(
            "select array_agg(pid order by pid)::text as pids from pg_stat_activity where datname = current_database() and application_name = 'tenant-gateway'",
          )
        )[0]?.pids;
      await block(table);
      try {
        const sent = [post(query), post(query)];
        expect(await until(async () => (await running()) === 2, 3_000)).toBe(true);
        const before = await pids();
        for (const { hangUp } of sent) hangUp();
        expect(await until(async () => (await running()) === 0, 1_000)).toBe(true);
        expect(await post('{ organization { name } }').answer).toContain('"data"');
        expect(await pids()).toBe(before);
      } finally {
        await blocker.query('rollback');
      }
      expect(await post(read).answer).toBe('{"data":{"accounts":{"totalCount":0}}}');
    });

    test('requests that wait for a connection leave the queue, and their places are free again', async () => {
      await block('accounts');
      try {
        for (let round = 0; round < 3; round++) {
          const sent = Array.from({ length: 100 }, () => post(round === 1 ? write : read));
          expect(await until(async () => (await running()) === 2, 3_000)).toBe(true);
          await sleep(300);
          for (const { hangUp } of sent) hangUp();
          expect(await until(async () => (await running()) === 0, 1_000)).toBe(true);
        }
        expect(gateway.database.pool.waitingCount).toBe(0);
        const answers = await Promise.all(Array.from({ length: 150 }, () => post('{ organization { name } }').answer));
        expect(answers.filter((text) => !text.includes('"acme"'))).toEqual([]);
      } finally {
        await blocker.query('rollback');
      }
    });

    test('work beyond its deadline is cancelled', async () => {
      const { pool } = gateway.database;
      const request = new Wanted();
      const work = pool.pipeline([{ text: 'select pg_sleep(15)' }], 20_000, request);
      await expect(withinMs(150, request, () => () => {}, work)).rejects.toMatchObject({ code: 'TIMEOUT' });
      expect(await until(async () => (await running()) === 0, 1_000)).toBe(true);
    });

    test('the statement of the next request is not hit', async () => {
      for (let round = 0; round < 60; round++) {
        const sent = Array.from({ length: 4 }, () => post(round % 2 ? read : write));
        await sleep(round % 12);
        for (const { hangUp } of sent) hangUp();
        const answers = await Promise.all(Array.from({ length: 4 }, () => post(read).answer));
        expect(answers.filter((text) => text.includes('error'))).toEqual([]);
      }
    });
  });
}

test('what comes after the request was given up is not sent', async () => {
  const before = await acme.owner.ok(read);
  const controller = new AbortController();
  const answer = gateway.server.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: write }),
      signal: controller.signal,
    }),
  );
  controller.abort();
  await answer.catch(() => {});
  await sleep(200);
  expect(await acme.owner.ok(read)).toEqual(before);
});
