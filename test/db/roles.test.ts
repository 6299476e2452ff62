import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { firstColumn, tables } from './tables.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const rows = (text: string): Promise<string[]> => firstColumn(gateway, text);

test('the role of requests is no superuser, bypasses nothing, owns nothing and inherits nobody', async () => {
  expect(
    await gateway.sql(
      "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'gateway'",
    ),
  ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  expect(await rows("select roleid::regrole from pg_auth_members where member = 'gateway'::regrole")).toEqual([]);
  expect(await rows("select oid::regclass from pg_class where relowner = 'gateway'::regrole")).toEqual([]);
});

test('it may neither truncate, reference nor hang triggers on a table, nor create anything', async () => {
  const privileges =
    await rows(`select relname from (${tables}) t where has_table_privilege('gateway', t.oid, 'TRUNCATE')
    or has_table_privilege('gateway', t.oid, 'REFERENCES') or has_table_privilege('gateway', t.oid, 'TRIGGER')`);
  expect(privileges).toEqual([]);
  expect(
    await rows(
      "select nspname from pg_namespace where nspname in ('public', 'app') and has_schema_privilege('gateway', oid, 'CREATE')",
    ),
  ).toEqual([]);
});

test('a table made later is out of its reach until it is protected', async () => {
  await gateway.sql('create table later (org_id uuid)');
  expect(
    await gateway.sql("select has_table_privilege('gateway', 'later', 'SELECT, INSERT, UPDATE, DELETE') as may"),
  ).toEqual([{ may: false }]);
  await gateway.sql('drop table later');
});

test('a function made later is out of its reach until it is granted', async () => {
  for (const role of ['gateway_owner', 'gateway_service']) {
    await gateway.sql(`create or replace function pg_temp.make() returns void language plpgsql as $f$ begin
      set local role ${role}; create function app.later_${role}() returns int language sql return 1; end $f$; select pg_temp.make()`);
    expect(await rows(`select has_function_privilege('gateway', 'app.later_${role}()', 'EXECUTE')`)).toEqual(['false']);
    await gateway.sql(`drop function app.later_${role}()`);
  }
});

test('planner statistics show it nothing', async () => {
  await gateway.sql('analyze');
  await gateway.sql(`do $$ declare n int; begin set local role gateway; select count(*) into n from pg_stats where schemaname = 'public';
    if n <> 0 then raise exception '% statistics', n; end if; end $$`);
});
