import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceTransaction } from '../../../src/db/service.ts';
import { makeRows, type Row, readTables } from '../../support/catalog.ts';
import { becomeSql, callerOf, openDoor } from '../../support/door.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';

let gateway: Gateway;
let hooli: Org;
let tables: readonly Table[];
/** A row of acme in every table. */
let rows: ReadonlyMap<string, Row>;

/** A table whose rows are noted, as the catalog has it. */
interface Table {
  readonly name: string;
  readonly singular: string;
  readonly isSoft: boolean;
  /** A column that can be changed, and to what; null when a row is nothing but keys. */
  readonly column: string | null;
  readonly changed: string;
}

const kept = `array['id', 'org_id', 'created_at', 'updated_at', 'version', 'deleted_at', 'embedding', 'embedding_model', 'embedded_at',
  'key_hash', 'token_hash', 'secret_ciphertext']`;

const tablesOf = (): Promise<unknown[]> =>
  gateway.sql(`select c.relname as name, app.singular(c.relname) as singular, f.attname as column,
      case f.atttypid when 'bool'::regtype then 'not ' || f.attname when 'text'::regtype then 'coalesce(' || f.attname || ', '''') || ''.'''
        when 'jsonb'::regtype then f.attname || ' || ''{"changed": true}''' else f.attname || ' + 1' end as changed,
      exists (select from pg_attribute d where d.attrelid = c.oid and d.attname = 'deleted_at') as "isSoft"
    from pg_class c join pg_trigger t on t.tgrelid = c.oid and t.tgname = 'audit'
    left join lateral (select * from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attgenerated = ''
        and not a.attname = any (${kept}) and a.atttypid in ('bool'::regtype, 'text'::regtype, 'int4'::regtype, 'jsonb'::regtype)
        and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n' and a.attnum = any (k.conkey)
          and not (k.contype = 'c' and cardinality(k.conkey) = 1 and (a.atttypid = 'int4'::regtype or pg_get_constraintdef(k.oid) ~ '<> ''''')))
      order by a.atttypid <> 'text'::regtype, a.attnum limit 1) f on true
    where c.relnamespace = 'public'::regnamespace and c.relname <> 'organizations' order by 1`);

/** What a table's own rules would make of a change is not what is looked at here. */
const withoutRules = `do $$ declare rule record; begin
  for rule in select tgrelid::regclass as relation, tgname from pg_trigger where not tgisinternal
    and tgname not in ('audit', 'audit_change', 'touch') and tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) loop
    execute format('alter table %s disable trigger %I', rule.relation, rule.tgname);
  end loop; end $$`;

beforeAll(async () => {
  gateway = await startGateway();
  hooli = await gateway.organization('hooli');
  const { id } = await gateway.organization('acme');
  rows = await makeRows(gateway.sql, await readTables(gateway.sql), id, 'acme');
  tables = (await tablesOf()) as Table[];
});
afterAll(() => gateway.close());

const actor = { id: '0197f000-0000-7000-8000-00000000ac70', ip: '203.0.113.9', agent: 'Trail/1.0' };

/** Runs SQL as somebody in the demo organization, past its policies. */
const acting = (requestId: string, work: (client: pg.PoolClient) => Promise<void>) =>
  serviceTransaction(gateway.database.service, async (client) => {
    const from = JSON.stringify({ id: requestId, ip: actor.ip, agent: actor.agent });
    await client.query(
      "select app.write_context((select id from organizations where slug = 'acme'), $1, null, 'owner', null, null, null, $2)",
      [actor.id, from],
    );
    await work(client);
  });

const rowOf = ({ name }: Table): string => String(rows.get(name)?.id);

const trailOf = (requestId: string, rowId: string) =>
  gateway.sql(
    'select action, changes, user_id, host(ip) as ip, user_agent from audit_logs where request_id = $1 and entity_id = $2',
    [requestId, rowId],
  );

const signed = { user_id: actor.id, ip: actor.ip, user_agent: actor.agent };

test('knows every table, and a column to change in nearly each', () => {
  expect(tables.length).toBeGreaterThanOrEqual(80);
  const without = tables.filter(({ column }) => column === null);
  expect(without.length, without.map(({ name }) => name).join(' ')).toBeLessThan(tables.length / 8);
});

test('every row of every table was noted once when it was made', async () => {
  for (const { name, singular } of tables) {
    const [counts] = await gateway.sql(
      `select count(*)::int as rows, count(*) filter (where noted <> 1)::int as wrong from (
        select (select count(*) from audit_logs a where a.org_id = t.org_id and a.entity_type = $1 and a.entity_id = t.id and a.action = $1 || '.created') as noted from ${name} t) rows`,
      [singular],
    );
    expect({ name, ...counts }).toEqual({ name, rows: expect.any(Number), wrong: 0 });
    expect(counts?.rows).toBeGreaterThan(0);
  }
});

test('a change of a row of any table is one entry, with before and after and who did it', async () => {
  await gateway.sql(withoutRules);
  for (const table of tables) {
    if (!table.column) continue;
    const id = rowOf(table);
    const requestId = `change-${table.name}`;
    const value = async () =>
      (await gateway.sql(`select ${table.column} as value from ${table.name} where id = $1`, [id]))[0]?.value;
    const before = await value();
    await acting(requestId, async (client) => {
      await client.query(`update ${table.name} set ${table.column} = ${table.changed} where id = $1`, [id]);
    });
    const changes = { [table.column]: { before, after: await value() } };
    expect(await trailOf(requestId, id)).toMatchObject([{ action: `${table.singular}.updated`, ...signed, changes }]);
  }
});

test('update_updated_at: every change of a row of any table counts its version and stamps its time', async () => {
  await gateway.sql(withoutRules);
  const wrong: string[] = [];
  for (const table of tables) {
    if (!table.column) continue;
    const state = async () =>
      (await gateway.sql(`select version, updated_at from ${table.name} where id = $1`, [rowOf(table)]))[0] ?? {};
    const before = await state();
    await gateway.sql(
      `update ${table.name} set ${table.column} = ${table.changed}, updated_at = '2020-01-01' where id = $1`,
      [rowOf(table)],
    );
    const after = await state();
    const isStamped = Number(after.updated_at) >= Number(before.updated_at);
    if (after.version !== Number(before.version) + 1 || !isStamped) wrong.push(table.name);
  }
  expect(wrong).toEqual([]);
});

test('a change of an organization is one entry, too', async () => {
  await acting('change-organization', async (client) => {
    await client.query("update organizations set name = 'Acme!' where slug = 'acme'");
  });
  const [{ id } = {}] = await gateway.sql("select id from organizations where slug = 'acme'");
  expect(await trailOf('change-organization', String(id))).toMatchObject([
    { action: 'organization.updated', ...signed, changes: { name: { after: 'Acme!' } } },
  ]);
});

test('hiding a row and bringing it back have words of their own', async () => {
  for (const table of tables.filter(({ isSoft }) => isSoft)) {
    const id = rowOf(table);
    for (const [requestId, value, action] of [
      ['hide', 'now()', 'deleted'],
      ['show', 'null', 'restored'],
    ] as const) {
      await acting(`${requestId}-${table.name}`, async (client) => {
        await client.query(`update ${table.name} set deleted_at = ${value} where id = $1`, [id]);
      });
      expect(await trailOf(`${requestId}-${table.name}`, id)).toMatchObject([
        { action: `${table.singular}.${action}`, ...signed },
      ]);
    }
  }
});

test('the end of a row of any table is one entry, with all that was in it', async () => {
  await gateway.sql(`do $$ declare fkey record; begin
    for fkey in select conrelid::regclass as relation, conname from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace loop
      execute format('alter table %s drop constraint %I', fkey.relation, fkey.conname);
    end loop; end $$`);
  for (const table of tables) {
    const id = rowOf(table);
    const column = table.column ?? 'id';
    const [row] = await gateway.sql(`select ${column} as value from ${table.name} where id = $1`, [id]);
    await acting(`end-${table.name}`, async (client) => {
      await client.query(`delete from ${table.name} where id = $1`, [id]);
    });
    const changes = table.column ? { [table.column]: { before: row?.value } } : {};
    expect(await trailOf(`end-${table.name}`, id)).toMatchObject([
      { action: `${table.singular}.${table.isSoft ? 'destroyed' : 'deleted'}`, ...signed, changes },
    ]);
  }
});

test('audit is immutable: a request can neither add, change nor remove an entry, whatever SQL it runs', async () => {
  const trail = () => gateway.sql('select * from audit_logs where org_id = $1 order by id', [hooli.id]);
  const before = await trail();
  const door = openDoor(gateway.database, gateway.config);
  const commands = [
    'truncate audit_logs',
    'drop trigger audit on contacts',
    'alter table contacts disable trigger all',
  ];
  const attempts = [
    "insert into audit_logs (action, entity_type) values ('contact.created', 'contact')",
    "update audit_logs set action = 'nothing.happened'",
    'delete from audit_logs',
    "select set_config('session_replication_role', 'replica', true)",
  ];
  for (const role of ['owner', 'viewer'] as const) {
    for (const text of attempts) {
      const refused = door.write(callerOf(hooli, role), ({ db }) => db.$executeRawUnsafe(text));
      await expect(refused, text).rejects.toMatchObject({ code: 'FORBIDDEN', message: 'You may not do this.' });
    }
    for (const text of commands) {
      const refused = door.write(callerOf(hooli, role), ({ db }) => db.$executeRawUnsafe(text));
      await expect(refused, text).rejects.toThrow('Not a command that reads or writes rows.');
      await expect(gateway.sql(`do $$ begin ${becomeSql(hooli, role)} ${text}; end $$`)).rejects.toMatchObject({
        code: '42501',
      });
    }
  }
  expect(before.length).toBeGreaterThan(10);
  expect(await trail()).toEqual(before);
  await door.close();
});

test('in raw SQL too, only admins see entries, and only their own', async () => {
  const door = openDoor(gateway.database, gateway.config);
  const seen = (role: 'admin' | 'member') =>
    door.read(callerOf(hooli, role), ({ db }) => db.$queryRaw`select distinct org_id as id from audit_logs`);
  expect(await seen('admin')).toEqual([{ id: hooli.id }]);
  expect(await seen('member')).toEqual([]);
  await door.close();
});
