import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Another, another } from '../support/another.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

async function get({ server }: Pick<Another, 'server'>, path: string, method = 'GET') {
  const startedAt = performance.now();
  const response = await server.fetch(new Request(`http://gateway${path}`, { method }));
  return {
    status: response.status,
    text: await response.text(),
    headers: response.headers,
    ms: performance.now() - startedAt,
  };
}

test('live and ready need no credential and tell nothing', async () => {
  expect(await get(gateway, '/live')).toMatchObject({ status: 200, text: 'live\n' });
  expect(await get(gateway, '/ready')).toMatchObject({ status: 200, text: 'ready\n' });
  expect((await get(gateway, '/ready', 'HEAD')).status).toBe(200);
  expect((await get(gateway, '/live', 'POST')).status).toBe(404);
});

test('many probes at once ask the database once', async () => {
  const { result, statements } = await gateway.counting(() =>
    Promise.all(Array.from({ length: 50 }, () => get(gateway, '/ready'))),
  );
  expect(result.map(({ status }) => status)).toEqual(Array(50).fill(200));
  expect(statements).toEqual(['select 1']);
});

describe('metrics', () => {
  const read = async (server: Pick<Another, 'server'>) => {
    const { text } = await get(server, '/metrics');
    return (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')
          .at(-1) ?? Number.NaN,
      );
  };

  test('count requests by status, errors by code, transactions and statements, and time requests', async () => {
    const fresh = await another(gateway, { env: { LOG_LEVEL: 'silent' } });
    const earlier = await read(fresh);
    const member = await fresh.client(acme);
    await member.ok('{ accounts { totalCount } }');
    await member.ok('mutation { accountCreate(input: {name: "A"}) { account { id } userErrors { code } } }');
    await member.run('mutation { accountCreate(input: {name: ""}) { account { id } userErrors { code } } }');
    await member.run('{ nothing }');
    await member.withHeaders({ 'x-org': 'globex' }).run('{ accounts { totalCount } }');
    const now = await read(fresh);
    expect(now('gateway_requests_total{status="200"}')).toBe(3);
    expect(now('gateway_requests_total{status="400"}')).toBe(1);
    expect(now('gateway_requests_total{status="403"}')).toBe(1);
    expect(now('gateway_errors_total{code="BAD_USER_INPUT"}')).toBe(1);
    expect(now('gateway_errors_total{code="FORBIDDEN"}')).toBe(1);
    expect(now('gateway_request_seconds_count')).toBe(5);
    expect(now('gateway_request_seconds_bucket{le="+Inf"}')).toBe(5);
    expect(now('gateway_transactions_committed_total')).toBe(2);
    expect(now('gateway_transactions_rolled_back_total')).toBe(2);
    expect(now('gateway_transactions_retried_total')).toBe(0);
    expect(now('gateway_statements_total')).toBeGreaterThan(earlier('gateway_statements_total'));
    expect(now('gateway_pool_connections')).toBeGreaterThan(0);
    expect(now('gateway_pool_waiting')).toBe(0);
    await fresh.close();
  });

  test('are of the type that Prometheus reads, with help for each, and name no tenant', async () => {
    await acme.member.ok('query SecretName { accounts(filter: {name: {eq: "Secret"}}) { totalCount } }');
    const { text, headers } = await get(gateway, '/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const name of [
      'requests_total',
      'errors_total',
      'request_seconds',
      'pool_connections',
      'pool_idle',
      'pool_waiting',
      'pool_destroyed_total',
      'pool_refused_total',
      'statements_total',
      'transactions_committed_total',
      'transactions_rolled_back_total',
      'transactions_retried_total',
    ]) {
      expect(text).toMatch(new RegExp(`^# HELP gateway_${name} .+$`, 'm'));
    }
    expect(text).toMatch(/^# TYPE gateway_statements_total counter$/m);
    expect(text).not.toMatch(new RegExp(`acme|${acme.id}|${acme.people.member.id}|Secret|select`, 'i'));
  });
});

test('while it drains it is alive but not ready, still answers, and keeps no connection', async () => {
  const draining = await another(gateway);
  draining.server.drain();
  expect(await get(draining, '/ready')).toMatchObject({ status: 503, text: 'not ready\n' });
  expect((await get(draining, '/live')).status).toBe(200);
  const { status, headers } = await (await draining.client(acme)).run('{ accounts { totalCount } }');
  expect([status, headers.get('connection')]).toEqual([200, 'close']);
  expect((await acme.member.run('{ accounts { totalCount } }')).headers.get('connection')).toBeNull();
  await draining.close();
});

if (inject('template').kind === 'server')
  describe('the database goes away', () => {
    let proxy: TcpProxy;
    let server: Another;
    beforeAll(async () => {
      proxy = await startProxy(gateway.config.database.url ?? '');
      server = await another(gateway, { url: proxy.url, env: { DATABASE_POOL_SIZE: '3' } });
    });
    afterAll(async () => {
      await server.close();
      await proxy.close();
    });

    async function readyAgain() {
      const startedAt = performance.now();
      while ((await get(server, '/ready')).status !== 200) await sleep(100);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    }

    test('down: not ready within two seconds, alive, requests are 503 with Retry-After; up: ready again', async () => {
      const member = await server.client(acme);
      await member.ok('{ accounts { totalCount } }');
      proxy.setDown(true);
      const ready = await get(server, '/ready');
      expect([ready.status, ready.text]).toEqual([503, 'not ready\n']);
      expect(ready.ms).toBeLessThan(2_000);
      expect((await get(server, '/live')).status).toBe(200);
      const { status, headers, errors } = await member.run('{ accounts { totalCount } }');
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
        ['The database is not available. Try again in a moment.', 'UNAVAILABLE'],
      ]);
      proxy.setDown(false);
      await readyAgain();
      await member.ok('{ accounts { totalCount } }');
      expect(server.logged().filter(({ level }) => level === 'error')).toEqual([]);
    });

    test('silent: not ready within two seconds, and ready again once it speaks', async () => {
      proxy.hold('select 1', 4_000);
      const { status, ms } = await get(server, '/ready');
      expect(status).toBe(503);
      expect(ms).toBeLessThan(2_000);
      proxy.hold('', 0);
      await readyAgain();
    });
  });
