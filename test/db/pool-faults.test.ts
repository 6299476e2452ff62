import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPrisma } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/database.ts';
import type { OrgTransaction } from '../../src/db/org-transaction.ts';
import { GuardedPool } from '../../src/db/pool.ts';
import { serviceTransaction } from '../../src/db/service.ts';
import { createGateway } from '../../src/server.ts';
import { callerOf, configWith, enter, openDoor } from '../support/door.ts';
import { Client, type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const onServer = inject('template').kind === 'server';
let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '2' });
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const saved = async (name: string): Promise<number> =>
  Number((await gateway.sql('select count(*)::int as n from accounts where name = $1', [name]))[0]?.n);

const make =
  (name: string) =>
  ({ db }: OrgTransaction) =>
    db.account.create({ data: { name }, select: { id: true } });

const backend = async ({ db }: OrgTransaction): Promise<number> =>
  (await db.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid ?? 0;

const end = (pid: number) => gateway.sql('select pg_terminate_backend($1)', [pid]);

/** A door through a proxy, on a pool of its own. */
async function throughProxy(
  env: Readonly<Record<string, string>>,
  work: (door: ReturnType<typeof openDoor>, proxy: TcpProxy, pool: GuardedPool) => Promise<void>,
) {
  const proxy = await startProxy(gateway.config.database.url ?? '');
  const config = configWith({
    DATABASE_URL: proxy.url,
    SERVICE_DATABASE_URL: gateway.config.database.serviceUrl ?? '',
    PREPARED_STATEMENTS: 'off',
    MIGRATE_ON_START: 'off',
    DATABASE_POOL_SIZE: '2',
    ...env,
  });
  const { pool, close } = await openDatabase(config);
  const door = openDoor({ pool, proofs: gateway.database.proofs }, config);
  try {
    await door.read(callerOf(acme), ({ db }) => db.account.count());
    await work(door, proxy, pool);
  } finally {
    await door.close();
    await close();
    await proxy.close();
  }
}

/** How many transactions stand open on the server, and what it warned of meanwhile. */
const openTransactions = async (): Promise<unknown> =>
  (
    await gateway.sql(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    )
  )[0]?.n;

function noticesOf(pool: GuardedPool): string[] {
  const notices: string[] = [];
  pool.on('acquire', (client: pg.PoolClient) => {
    client.removeAllListeners('notice');
    client.on('notice', ({ message }) => notices.push(message ?? ''));
  });
  return notices;
}

test('a resolver that goes on after the end of its transaction is told that it took too long', async () => {
  const config = configWith({ STATEMENT_TIMEOUT_MS: '100', TRANSACTION_TIMEOUT_MS: '200' });
  const door = openDoor(gateway.database, config);
  const steps = door.write(callerOf(acme), async (tx) => {
    await make('too late')(tx);
    await sleep(300);
    await make('much too late')(tx);
  });
  await expect(steps).rejects.toMatchObject({ code: 'TIMEOUT', message: 'The request took too long.' });
  expect([await saved('too late'), await saved('much too late')]).toEqual([0, 0]);
  await door.close();
});

test('the pool is not given the time-out of pg, which returns connections in an open transaction', async () => {
  expect(gateway.database.pool.options.query_timeout).toBeUndefined();
});

if (onServer) {
  test("even with pg's own time-out, a connection does not come back in an open transaction", async () => {
    const pool = new GuardedPool({ connectionString: gateway.config.database.url, max: 1, query_timeout: 200 });
    const prisma = createPrisma(pool, { preparedStatements: true });
    const partial = prisma.$transaction(async (tx) => {
      await enter((text, values) => tx.$executeRawUnsafe(text, ...values), gateway, callerOf(acme));
      await tx.account.create({ data: { name: 'partial' } });
      await tx.$queryRaw`select pg_sleep(0.9)::text`;
    });
    await expect(partial).rejects.toThrow('Query read timeout');
    await sleep(1_000);
    const next = await pool.connect();
    await next.query('BEGIN');
    await next.query('set local role gateway');
    expect((await next.query('select name from accounts')).rows).toEqual([]);
    await next.query('COMMIT');
    next.release();
    expect(pool.events.destroyed).toBe(1);
    expect(await saved('partial')).toBe(0);
    await prisma.$disconnect();
    await pool.end();
  });

  test('a connection that is killed in a transaction costs that request only', async () => {
    const door = openDoor(gateway.database, gateway.config);
    const killed = door.write(callerOf(acme), async (tx) => {
      await make('killed')(tx);
      await end(await backend(tx));
      await sleep(50);
      return make('after')(tx);
    });
    await expect(killed).rejects.toMatchObject({ code: 'UNAVAILABLE', extensions: { retryable: true } });
    expect([await saved('killed'), await saved('after')]).toEqual([0, 0]);
    expect(await door.read(callerOf(acme), ({ db }) => db.account.count())).toBe(0);
    await door.close();
  });

  test('a connection that is killed in a statement costs that request only', async () => {
    const door = openDoor(gateway.database, gateway.config);
    const killed = door.read(callerOf(acme), async (tx) => {
      const pid = await backend(tx);
      setTimeout(() => end(pid), 50);
      return tx.db.$queryRaw`select pg_sleep(3)::text`;
    });
    await expect(killed).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await door.read(callerOf(acme), ({ db }) => db.account.count())).toBe(0);
    await door.close();
  });

  test("a connection that is killed in the server's own work does not end the process", async () => {
    const { service } = gateway.database;
    const killed = serviceTransaction(service, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await end(rows[0]?.pid ?? 0);
      await sleep(50);
      await client.query('select 1');
    });
    await expect(killed).rejects.toThrow('not queryable');
    expect((await service.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('idle connections that are killed are replaced unseen', async () => {
    await gateway
      .sql(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      .catch(() => {});
    await sleep(50);
    expect((await acme.viewer.ok('{ accounts { totalCount } }')).accounts).toEqual({ totalCount: 0 });
  });

  test('a BEGIN that comes too late is rolled back, and the next caller finds a clean connection', async () => {
    await throughProxy({ POOL_WAIT_MS: '200' }, async (door, proxy, pool) => {
      const notices = noticesOf(pool);
      proxy.hold('begin', 600);
      const late = Array.from({ length: 4 }, (_, index) => door.write(callerOf(acme), make(`late ${index}`)));
      for (const attempt of late) await expect(attempt).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      proxy.hold('', 0);
      await sleep(1_200);
      expect(await openTransactions()).toBe(0);
      await door.write(callerOf(acme), make('in time'));
      expect(await saved('in time')).toBe(1);
      expect(await gateway.sql("select name from accounts where name like 'late%'")).toEqual([]);
      expect(notices).toEqual([]);
      expect(pool.idleCount).toBe(pool.totalCount);
    });
  });

  test('a COMMIT that takes longer than the transaction may is waited for: what is told is what was saved', async () => {
    await throughProxy({ STATEMENT_TIMEOUT_MS: '150', TRANSACTION_TIMEOUT_MS: '200' }, async (door, proxy, pool) => {
      const notices = noticesOf(pool);
      proxy.hold('COMMIT', 300);
      for (let round = 0; round < 10; round++) {
        await Promise.all([
          door.write(callerOf(acme), make(`round ${round}`)),
          door.write(callerOf(acme), make(`round ${round}`)),
        ]);
        expect(await saved(`round ${round}`)).toBe(2);
      }
      expect([notices, pool.events.destroyed, pool.idleCount]).toEqual([[], 0, pool.totalCount]);
    });
  });

  test('a connection that is lost at COMMIT leaves the outcome open: nothing is repeated, and the answer says so', async () => {
    await throughProxy({}, async (door, proxy) => {
      proxy.cutAt('COMMIT');
      await expect(door.write(callerOf(acme), make('lost'))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: 'The connection was lost while saving. Look whether it was saved before you repeat it.',
        extensions: { retryable: false },
      });
      await expect(door.read(callerOf(acme), ({ db }) => db.account.count())).rejects.toMatchObject({
        extensions: { retryable: true },
      });
      expect(door.events.retried).toBe(0);
      expect(await saved('lost')).toBe(0);
    });
  });

  test('a database that is down is 503 and not ready, the process stays alive, and all is well once it is back', async () => {
    const proxy = await startProxy(gateway.config.database.url ?? '');
    const config = configWith({
      DATABASE_URL: proxy.url,
      SERVICE_DATABASE_URL: gateway.config.database.serviceUrl ?? '',
      MIGRATE_ON_START: 'off',
      LOG_LEVEL: 'silent',
    });
    const database = await openDatabase(config);
    const server = createGateway(config, database);
    const headers = { authorization: `Bearer ${await gateway.token(acme.people.viewer)}`, 'x-org': acme.slug };
    const viewer = new Client(server, headers);
    const statusOf = async (path: string) => (await server.fetch(new Request(`http://gateway${path}`))).status;
    proxy.setDown(true);
    const { status, errors } = await viewer.run('{ accounts { totalCount } }');
    expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'UNAVAILABLE']);
    expect([await statusOf('/live'), await statusOf('/ready')]).toEqual([200, 503]);
    proxy.setDown(false);
    expect(await statusOf('/ready')).toBe(200);
    await viewer.ok('{ accounts { totalCount } }');
    await server.close();
    await database.close();
    await proxy.close();
  });
}
