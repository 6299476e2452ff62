import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { createPrisma, type Db } from '../../src/db/client.ts';
import type { GuardedPool } from '../../src/db/pool.ts';
import { PoolBusyError } from '../../src/db/pool-errors.ts';
import { callerOf, enter, openDoor } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { listenToWire } from '../support/wire.ts';

const onServer = inject('template').kind === 'server';
const warnings: Error[] = [];
const collect = (warning: Error): void => void warnings.push(warning);
process.on('warning', collect);

let gateway: Gateway;
let pool: GuardedPool;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '1' });
  ({ pool } = gateway.database);
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());
afterEach(async () => {
  expect(pool.waitingCount).toBe(0);
  expect(pool.idleCount).toBe(pool.totalCount);
});

const counted = async (table: string, org: Org): Promise<number> =>
  Number((await gateway.sql(`select count(*)::int as n from ${table} where org_id = $1`, [org.id]))[0]?.n);

/** Enters an organization without the transaction runner, as a client of its own would. */
const enterAs = (db: Db, org: Org) =>
  enter((text, values) => db.$executeRawUnsafe(text, ...values), gateway, callerOf(org));

/** Makes each contact slow to write: on a server by a lock that another session holds, else by sleeping. */
async function slowContacts(): Promise<() => Promise<void>> {
  if (!onServer) {
    await gateway.sql(
      `create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.12); return new; end'`,
    );
    await gateway.sql('create trigger slow before insert on contacts for each row execute function slow()');
    return async () => {
      await gateway.sql('drop trigger slow on contacts');
      await gateway.sql('drop function slow()');
    };
  }
  const admin = new pg.Client({ connectionString: gateway.config.database.url?.replace(/\/\/.*@/, '//postgres@') });
  await admin.connect();
  await admin.query('begin');
  await admin.query('lock table contacts in access exclusive mode');
  setTimeout(() => admin.query('commit'), 600);
  return () => admin.end();
}

test('a timed-out transaction never speaks inside the next one on its connection', async () => {
  const prisma = createPrisma(pool, { preparedStatements: true });
  const contacts = Array.from({ length: 8 }, (_, index) => ({ fullName: `A${index}` }));
  const nested = async (tx: Db) => {
    await enterAs(tx, acme);
    await tx.account.create({ data: { name: 'A', contacts: { create: contacts } } });
  };
  const warmUp = prisma.$transaction((tx) => nested(tx).then(() => Promise.reject(new Error('warm'))), {
    timeout: 5_000,
  });
  await expect(warmUp).rejects.toThrow('warm');
  const undo = await slowContacts();
  const wire = listenToWire(pool);
  const refusedBefore = pool.events.refused;
  const a = prisma.$transaction(nested, { timeout: 300, maxWait: 5_000 });
  a.catch(() => {});
  await sleep(50);
  const b = prisma.$transaction(
    async (tx) => {
      await enterAs(tx, globex);
      await tx.account.create({ data: { name: 'B' } });
      return Promise.all([tx.account.count(), tx.contact.count(), tx.account.count(), tx.contact.count()]);
    },
    { timeout: 5_000, maxWait: 5_000 },
  );
  const [first, second] = await Promise.allSettled([a, b]);
  wire.stop();
  await undo();
  expect(first).toMatchObject({ status: 'rejected', reason: { message: 'This transaction has ended.' } });
  expect(second).toEqual({ status: 'fulfilled', value: [1, 0, 1, 0] });
  expect(pool.events.refused).toBeGreaterThan(refusedBefore);
  const rollback = wire.sent.findIndex(({ text }) => text === 'ROLLBACK');
  const after = wire.sent.slice(rollback + 1);
  expect(after.map(({ text }) => text.split(/ \S*"|\(/)[0])).toEqual([
    'BEGIN',
    ...(gateway.database.proofs.takesRole ? ['select set_config'] : []),
    'select * from app.enter',
    'INSERT INTO',
    'SELECT COUNT',
    'SELECT COUNT',
    'SELECT COUNT',
    'SELECT COUNT',
    'COMMIT',
  ]);
  expect(JSON.stringify(after.map(({ values }) => values))).not.toContain(acme.id);
  expect(await counted('accounts', acme)).toBe(0);
  expect(await counted('contacts', acme)).toBe(0);
  expect(await counted('accounts', globex)).toBe(1);
});

test('a connection that comes back inside a transaction is destroyed, and its work is gone', async () => {
  const before = pool.events.destroyed;
  const client = await pool.connect();
  await client.query('BEGIN');
  await enter((text, values) => client.query(text, values), gateway, callerOf(acme));
  await client.query("insert into accounts (name) values ('half done')");
  client.release();
  const { rows } = await pool.query(
    "select current_user <> 'gateway' as own, nullif(current_setting('app.context', true), '') as org",
  );
  expect(rows).toEqual([{ own: true, org: null }]);
  expect(pool.events.destroyed).toBe(before + 1);
  expect(await counted('accounts', acme)).toBe(0);
});

test('a connection that comes back with a statement under way is destroyed', async () => {
  const before = pool.events.destroyed;
  const client = await pool.connect();
  const late = client.query('select pg_sleep(0.2)').catch((error: Error) => error.message);
  await sleep(20);
  client.release();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(pool.events.destroyed).toBe(before + 1);
  expect(await late).toMatch(/Connection terminated/);
});

test('a second release does nothing: the connection is lent to one caller at a time', async () => {
  const client = await pool.connect();
  client.release();
  const next = await pool.connect();
  client.release();
  client.release();
  expect(pool.idleCount).toBe(0);
  await expect(client.query('select 1')).rejects.toThrow('This transaction has ended.');
  expect((await next.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
  next.release();
});

for (const end of ['COMMIT', 'ROLLBACK']) {
  test(`after ${end} is queued, the connection refuses every statement`, async () => {
    const before = pool.events.refused;
    const client = await pool.connect();
    await client.query('BEGIN');
    const ending = client.query(end);
    await expect(client.query('select 1')).rejects.toThrow('This transaction has ended.');
    const told = await new Promise<Error>((resolve) => client.query('select 1', [], resolve));
    expect(told.message).toBe('This transaction has ended.');
    await ending;
    client.release();
    expect(pool.events.refused).toBe(before + 2);
  });
}

test('parallel statements of one transaction take turns, and pg has nothing to warn of', async () => {
  const door = openDoor({ pool, proofs: gateway.database.proofs }, gateway.config);
  const wire = listenToWire(pool);
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const rows = await door.read(callerOf(acme), ({ db }) =>
    Promise.all(
      numbers.map(
        (number) => db.$queryRaw<{ n: number }[]>`select ${number}::int as n, pg_sleep(0.002)::text as slept`,
      ),
    ),
  );
  wire.stop();
  expect(rows.map(([row]) => row?.n)).toEqual(numbers);
  const sent = wire.sent.filter(({ text }) => text.includes('pg_sleep'));
  expect(sent.map(({ values }) => Number(values[0]))).toEqual(numbers);
  expect(warnings).toEqual([]);
  await door.close();
});

test('parallel statements on one lent connection take turns too, and a failure among them stops none', async () => {
  const client = await pool.connect();
  const numbers = [1, 2, 0, 4, 5];
  const results = await Promise.allSettled(
    numbers.map((number) => client.query<{ n: number }>('select 60 / $1::int as n', [number])),
  );
  client.release();
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value.rows[0]?.n : 'failed'))).toEqual([
    60,
    30,
    'failed',
    15,
    12,
  ]);
  expect(warnings).toEqual([]);
});

test('what is under way when a field fails is awaited before the rollback, and the first error is the one told', async () => {
  const door = openDoor({ pool, proofs: gateway.database.proofs }, gateway.config);
  const before = { ...pool.events };
  const wire = listenToWire(pool);
  const failing = door.write(callerOf(acme), ({ db }) =>
    Promise.all([
      db.$queryRaw`select 1 / 0`,
      db.$queryRaw`select pg_sleep(0.05)`,
      db.account.create({ data: { name: 'late' } }),
    ]),
  );
  await expect(failing).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  wire.stop();
  expect(wire.sent.at(-1)?.text).toBe('ROLLBACK');
  expect(pool.events.destroyed).toBe(before.destroyed);
  expect(await counted('accounts', acme)).toBe(0);
  await door.close();
});

test('one caller more than the queue holds is refused at once, whichever way it asks', async () => {
  expect(pool.maxWaiting).toBe(200);
  const held = await pool.connect();
  const waiting = Array.from({ length: 200 }, () => pool.connect());
  await expect(pool.connect()).rejects.toThrow(PoolBusyError);
  await expect(pool.query('select 1')).rejects.toThrow('The queue for a connection is full.');
  const { status, errors } = await acme.viewer.run('{ accounts { totalCount } }');
  expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'UNAVAILABLE']);
  held.release();
  for (const next of waiting) (await next).release();
});

test('pg does warn of statements that do not take turns, so the silence above means something', async () => {
  const raw = new Promise<pg.PoolClient>((resolve) => pool.once('acquire', resolve));
  const lease = await pool.connect();
  const client = await raw;
  // This one is wanted: nobody shall read it on the screen.
  const printers = process.listeners('warning').filter((listener) => listener !== collect);
  for (const print of printers) process.off('warning', print);
  await Promise.all([1, 2, 3].map((number) => client.query('select $1::int', [number])));
  await new Promise(setImmediate);
  for (const print of printers) process.on('warning', print);
  lease.release();
  expect(warnings.map(({ name }) => name)).toEqual(['DeprecationWarning']);
});
