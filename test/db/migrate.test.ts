import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { migrate, readMigrations } from '../../src/db/migrate.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { withDatabase } from '../support/template.ts';

const template = inject('template');
let gateway: Gateway;
let client: pg.ClientBase;
let disconnect: () => Promise<void>;
let schemas = 0;

/** A connection of the administrator that sees a fresh, empty schema. */
async function connect(schema: string): Promise<readonly [pg.ClientBase, () => Promise<void>]> {
  if (template.kind === 'embedded') {
    const lent = await gateway.database.pool.connect();
    await lent.query(`set search_path = ${schema}`);
    return [lent, async () => lent.release(true)];
  }
  const name = new URL(gateway.config.database.url ?? '').pathname.slice(1);
  const own = new pg.Client({ connectionString: withDatabase(template.adminUrl, name) });
  await own.connect();
  await own.query(`set search_path = ${schema}`);
  return [own, () => own.end()];
}

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());
beforeEach(async () => {
  await gateway.sql(`create schema m${++schemas}`);
  [client, disconnect] = await connect(`m${schemas}`);
});
afterEach(() => disconnect());

const migration = (name: string, sql: string) => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});
const one = migration('0001_one', 'create table log (n integer); insert into log values (1)');
const two = migration('0002_two', 'insert into log values (2)');

const logged = async (): Promise<unknown[]> =>
  (await client.query<{ n: number }>('select n from log')).rows.map(({ n }) => n);
const recorded = async (): Promise<unknown[]> =>
  (await client.query('select migration_name, checksum from _prisma_migrations order by started_at')).rows;
const record = ({ name, checksum }: typeof one) => ({ migration_name: name, checksum });

test('migrations run once each, in their order', async () => {
  expect(await migrate(client, [one])).toEqual(['0001_one']);
  expect(await migrate(client, [one, two])).toEqual(['0002_two']);
  expect(await migrate(client, [one, two])).toEqual([]);
  expect(await logged()).toEqual([1, 2]);
  expect(await recorded()).toEqual([record(one), record(two)]);
});

test('the folders of a directory are read in the order of their names, with the checksum of the bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const name of ['0010_last', '0002_second', '0001_first']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), `-- ${name} é\n`);
  }
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"');
  expect(await readMigrations(folder)).toEqual(
    ['0001_first', '0002_second', '0010_last'].map((name) => migration(name, `-- ${name} é\n`)),
  );
  await rm(folder, { recursive: true });
});

test('forward-only numbered migrations: a file that was changed after it ran is refused, and nothing runs', async () => {
  await migrate(client, [one]);
  const changed = migration('0001_one', `${one.sql} -- changed`);
  await expect(migrate(client, [changed, two])).rejects.toMatchObject({
    name: 'MigrationError',
    message: 'Migration 0001_one was changed after it ran. Add a new one instead.',
  });
  expect(await logged()).toEqual([1]);
  expect(await recorded()).toEqual([record(one)]);
});

test('a file that fails leaves nothing of itself, keeps what ran before, and may run again once it is mended', async () => {
  const broken = migration(
    '0002_two',
    'create table half (n integer); insert into log values (2); select 1 / 0; create table other (n integer)',
  );
  await expect(migrate(client, [one, broken])).rejects.toMatchObject({
    name: 'MigrationError',
    message: 'Migration 0002_two failed: division by zero',
  });
  expect(await logged()).toEqual([1]);
  expect(await recorded()).toEqual([record(one)]);
  expect((await client.query("select to_regclass('half') as half, to_regclass('other') as other")).rows).toEqual([
    { half: null, other: null },
  ]);
  expect(await migrate(client, [one, two])).toEqual(['0002_two']);
  expect(await logged()).toEqual([1, 2]);
});

test('a file runs as a whole: semicolons inside functions do not split it, and its role ends with it', async () => {
  const role = migration('0001_role', 'set local role gateway_service; select 1;');
  const body = migration(
    '0002_body',
    `create function f() returns integer language plpgsql as $$ begin perform 1; return 2; end $$; create table log (n integer); insert into log values (f())`,
  );
  await migrate(client, [role, body]);
  expect(await logged()).toEqual([2]);
  expect(
    (
      await client.query('select current_user = session_user as same, current_setting($1) as messages', [
        'client_min_messages',
      ])
    ).rows,
  ).toEqual([{ same: true, messages: 'notice' }]);
});

test('the history is kept as Prisma keeps it', async () => {
  await migrate(client, [one]);
  const columns =
    await client.query(`select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
    || coalesce(' ' || pg_get_expr(adbin, adrelid), '') as column from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid = '_prisma_migrations'::regclass and attnum > 0 order by attnum`);
  expect(columns.rows.map(({ column }) => column)).toEqual([
    'id character varying(36) not null',
    'checksum character varying(64) not null',
    'finished_at timestamp with time zone',
    'migration_name character varying(255) not null',
    'logs text',
    'rolled_back_at timestamp with time zone',
    'started_at timestamp with time zone not null now()',
    'applied_steps_count integer not null 0',
  ]);
  const [row] = (await client.query('select * from _prisma_migrations')).rows;
  expect(row).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    checksum: one.checksum,
    migration_name: '0001_one',
    logs: null,
    rolled_back_at: null,
    finished_at: expect.any(Date),
    started_at: expect.any(Date),
    applied_steps_count: 1,
  });
});

test('a migration that Prisma has marked as rolled back runs again', async () => {
  await migrate(client, [one]);
  await client.query('drop table log; update _prisma_migrations set rolled_back_at = now()');
  expect(await migrate(client, [one])).toEqual(['0001_one']);
});

test('the history of this database is that of the folder, and nothing is left to run', async () => {
  const wanted = await readMigrations();
  await client.query('set search_path = public');
  const { rows } = await client.query(
    'select migration_name, checksum from _prisma_migrations order by migration_name',
  );
  expect(rows).toEqual(wanted.map(record));
  expect(await migrate(client)).toEqual([]);
});

if (template.kind === 'server') {
  test('two servers that start at once run each migration once', async () => {
    const slow = migration('0002_slow', 'select pg_sleep(0.3); insert into log values (2)');
    const [other, leave] = await connect(`m${schemas}`);
    const ran = await Promise.all([migrate(client, [one, slow]), migrate(other, [one, slow])]);
    expect(ran.map((names) => names.length).sort()).toEqual([0, 2]);
    expect(await logged()).toEqual([1, 2]);
    await leave();
  });

  test('a failed run lets the next one in', async () => {
    const [other, leave] = await connect(`m${schemas}`);
    await expect(migrate(client, [migration('0001_one', 'select 1 / 0')])).rejects.toThrow('division by zero');
    expect(await migrate(other, [one])).toEqual(['0001_one']);
    await leave();
  });
}
