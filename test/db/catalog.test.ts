/**
 * What the catalog of a migrated database says about isolation. A new table is covered without a change here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { firstColumn, tables } from './tables.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.sql(explainer);
});
afterAll(() => gateway.close());

const names = (text: string): string[] => text.trim().split(/\s+/);

const rows = (text: string): Promise<string[]> => firstColumn(gateway, text);

const withOrg = `select tables.* from (${tables}) tables where exists (select from pg_attribute where attrelid = tables.oid and attname = 'org_id')`;
const globals = ['organizations', 'system_settings', 'users'];

const explainer = `create function explain_for_requests(statement text) returns setof text language plpgsql as $f$ begin
  set local role gateway; return query execute 'explain (costs off) ' || statement; reset role; end $f$`;

/** How a statement would run as the role of requests. */
const planOf = async (statement: string): Promise<string> =>
  (await gateway.sql('select explain_for_requests($1) as line', [statement])).map(({ line }) => line).join('\n');

const hasNoRight = async (table: string, right: string): Promise<boolean> =>
  (await rows(`select has_table_privilege('gateway', '${table}', '${right}')`))[0] === 'false';

const unprotected = `select relname from (${tables}) tables where not (select relrowsecurity and relforcerowsecurity from pg_class where oid = tables.oid)
  or not exists (select from pg_policy where polrelid = tables.oid and 'gateway'::regrole = any (polroles))`;

describe('row security', () => {
  test('is enabled and forced on every table, with policies for the role of requests', async () => {
    expect(await rows(unprotected)).toEqual([]);
    expect((await rows(`select count(*) from (${tables}) t`))[0]).not.toBe('0');
  });

  test('this check finds a table that was left bare', async () => {
    await gateway.sql('create table canary (org_id uuid)');
    expect(await rows(unprotected)).toEqual(['canary']);
    await gateway.sql('drop table canary');
  });

  test('no table stands outside of the schema that these tests look at', async () => {
    const elsewhere = await rows(`select oid::regclass from pg_class where relkind in ('r', 'p', 'v', 'm', 'f')
      and relnamespace not in ('public'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
      and relpersistence <> 't'`);
    // What proves something is not for requests.
    expect(elsewhere.sort()).toEqual(['app.mac_keys', 'app.secrets']);
    expect(
      await rows(
        "select has_table_privilege('gateway', name, 'select') from unnest(array['app.mac_keys', 'app.secrets']) name",
      ),
    ).toEqual(['false', 'false']);
  });

  test('only the global tables have no organization', async () => {
    const without = await rows(
      `select relname from (${tables}) t where t.oid not in (select oid from (${withOrg}) o) order by 1`,
    );
    expect(without).toEqual(globals);
  });

  test('every tenant table has one policy for each command, and all of them name the organization', async () => {
    const commands = await rows(
      `select relname from (${withOrg}) t where (select string_agg(polcmd::text, '' order by polcmd)
        from pg_policy where polrelid = t.oid and polpermissive and 'gateway'::regrole = any (polroles)) is distinct from 'adrw'`,
    );
    expect(commands).toEqual([]);
    const vague = await rows(
      `select tablename || '.' || policyname from pg_policies where schemaname = 'public' and 'gateway' = any (roles) and permissive = 'PERMISSIVE'
        and tablename not in ('organizations', 'system_settings', 'users')
        and (coalesce(qual, with_check) !~ 'app.(org_id|readable_org|writable_org)' and coalesce(qual, with_check) <> 'false'
          or coalesce(with_check, qual) !~ 'app.(org_id|readable_org|writable_org)' and coalesce(with_check, qual) <> 'false')`,
    );
    expect(vague).toEqual([]);
  });

  test('temporary open policies do not exist: none lets everything pass but that of the service role, and none reads a table', async () => {
    const open = await rows(`select tablename || ' ' || array_to_string(roles, ',') from pg_policies
      where schemaname = 'public' and (qual = 'true' or with_check = 'true') and roles <> '{gateway_service}'`);
    expect(open).toEqual([]);
    expect(
      await rows(
        `select policyname from pg_policies where schemaname = 'public' and (qual ~* '\\mfrom\\M' or with_check ~* '\\mfrom\\M')`,
      ),
    ).toEqual([]);
  });

  test('policies call functions that read the sealed context, and no other', async () => {
    const called =
      await rows(`select distinct (regexp_matches(coalesce(qual, '') || coalesce(with_check, ''), '(\\w+\\.\\w+)\\(', 'g'))[1]
      from pg_policies where schemaname = 'public' order by 1`);
    expect(called).toEqual(
      names('api_key_id may org_id own_org_ids readable_org seen_as user_id writable_org').map((name) => `app.${name}`),
    );
    const bodies = await rows(
      `select pg_get_functiondef(oid) from pg_proc where 'app.' || proname = any ($$\{${called.join()}}$$) and pronamespace = 'app'::regnamespace`,
    );
    expect(bodies).toHaveLength(called.length);
    expect(bodies.filter((body) => /\bfrom (?!unnest)|current_setting|security definer|volatile/i.test(body))).toEqual(
      [],
    );
    expect(bodies.filter((body) => !/app\.(context|may|org_id)\(/.test(body))).toEqual([]);
  });

  test('policies read the settings once for a statement, not once for a row', async () => {
    const perRow = await rows(`select tablename || '.' || policyname from pg_policies where schemaname = 'public'
      and (coalesce(qual, '') || coalesce(with_check, '')) ~ '(?<!SELECT )app\\.'`);
    expect(perRow).toEqual([]);
  });

  test('the role of requests really is subject to it: switching it off is an error on every table', async () => {
    for (const table of await rows(`select relname from (${tables}) t`)) {
      const attempt = gateway.sql(
        `do $$ begin set local role gateway; set local row_security = off; perform 1 from ${table}; end $$`,
      );
      await expect(attempt, table).rejects.toThrow(
        `query would be affected by row-level security policy for table "${table}"`,
      );
    }
  });

  test('a statement reads the context once: no plan of any table compares a row with a setting', async () => {
    const plans: string[] = [];
    for (const table of await rows(`select relname from (${withOrg}) t order by 1`)) {
      for (const statement of [
        `select 1 from ${table} where org_id is not null`,
        `update ${table} set org_id = org_id`,
        `delete from ${table}`,
      ]) {
        if (!/^select/.test(statement) && (await hasNoRight(table, statement.slice(0, 6)))) continue;
        plans.push(await planOf(statement));
      }
    }
    expect(plans.length).toBeGreaterThan(60);
    expect(plans.filter((plan) => !plan.includes('InitPlan'))).toEqual([]);
    expect(
      plans.flatMap((plan) => plan.split('\n')).filter((line) => /(Filter|Cond): .*(current_setting|app\.)/.test(line)),
    ).toEqual([]);
  });

  test('this check finds a policy that reads the setting for each row', async () => {
    await gateway.sql(
      'create table canary (org_id uuid); alter table canary enable row level security; grant select on canary to gateway',
    );
    await gateway.sql('create policy read on canary to gateway using (org_id = app.org_id())');
    expect(await planOf('select 1 from canary')).toMatch(/Filter: .*app\.context/);
    await gateway.sql('drop table canary');
  });

  test('policies are written by app.protect, and by hand only for the three global tables, or to narrow', () => {
    const migrations = join(projectRoot, 'prisma', 'migrations');
    const files = readdirSync(migrations)
      .filter((name) => /^\d{4}_/.test(name))
      .map((name) => readFileSync(join(migrations, name, 'migration.sql'), 'utf8'));
    const policies = files.flatMap((sql) => [...sql.matchAll(/^(.*)(create|alter) policy \w+ on (\S+).*/gim)]);
    const byHand = policies.filter(
      ([line, before]) => !before?.includes("format('") && !line.includes(' as restrictive '),
    );
    expect([...new Set(byHand.map(([, , , table]) => table))].sort()).toEqual(globals);
    expect(policies.length).toBeGreaterThan(byHand.length);
  });
});

describe('what policies do not reach', () => {
  test('views ask as their caller', async () => {
    expect(
      await rows(`select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace
      and not coalesce(reloptions @> '{security_invoker=true}', false)`),
    ).toEqual([]);
  });

  test('there is no materialized view, foreign table or partition', async () => {
    expect(
      await rows(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind in ('m', 'f') or relispartition)",
      ),
    ).toEqual([]);
  });

  test('security definer functions are these, with a fixed search path and no public execution', async () => {
    const definers = await rows(
      `select proname from pg_proc where prosecdef and pronamespace <> 'pg_catalog'::regnamespace order by 1`,
    );
    expect(definers).toEqual(
      names(`
      accept_invitation apply_subscription audience audit audit_organization begin_idempotent choose_plan copy_plan copy_user_to_member copy_user_to_members
      count_stored_file create_organization end_membership enter enter_with_key finish_idempotent free_slug guard_ownership
      hold_hierarchy join_conversation keep_an_owner leave_conversation memberships next_number note_change
      note_key_use notify notify_of_approval open_file_storage pass_on_audience pass_on_visibility provision published_items
      published_site queue_webhook_test receive_message rule_enrollment rule_leave rule_review seat_two
      see_about_employee see_approval see_attachment see_employee see_file see_review see_reviewed show_conversation
        show_file sign_in
        context demand_proof enter_none former_context limit_transaction renew_mac_keys seal serve_as stash_secret tune_search was_proven write_context`).sort(),
    );
    // app.context names every operator in full instead, which takes half the time.
    expect(
      await rows(`select proname from pg_proc where pronamespace = 'app'::regnamespace and prosecdef and proname <> 'context'
      and not coalesce(proconfig::text ~ 'search_path=pg_catalog, (public, app, )?pg_temp"', false)`),
    ).toEqual([]);
    expect(
      await rows(
        `select proname from pg_proc where pronamespace = 'app'::regnamespace and has_function_privilege('public', oid, 'EXECUTE')`,
      ),
    ).toEqual([]);
    const forRequests = await rows(
      `select proname from pg_proc where prosecdef and has_function_privilege('gateway', oid, 'EXECUTE') order by 1`,
    );
    expect(forRequests).toEqual([
      'accept_invitation',
      'begin_idempotent',
      'choose_plan',
      'context',
      'create_organization',
      'enter',
      'enter_with_key',
      'finish_idempotent',
      'limit_transaction',
      'memberships',
      'next_number',
      'notify',
      'published_items',
      'published_site',
      'queue_webhook_test',
      'tune_search',
    ]);
  });

  const loose = `select conname from pg_constraint where contype = 'f'
    and conrelid in (select oid from (${withOrg}) a) and confrelid in (select oid from (${withOrg}) b)
    and ((select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'org_id'
      or (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[1]) <> 'org_id')`;
  const ordinary = `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam
    where i.indrelid in (select oid from (${withOrg}) t) and am.amname = 'btree'
      and coalesce((select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]), '') <> 'org_id' order by 1`;

  test('foreign keys between tenant tables begin with the organization on both sides', async () => {
    expect(await rows(loose)).toEqual([]);
    expect(await rows("select conname from pg_constraint where contype = 'f' and confdeltype = 'n'")).toEqual([]);
  });

  test('unique constraints and indexes of tenant tables begin with the organization', async () => {
    expect(await rows(ordinary)).toEqual(['org_members_of_user']);
    const exclusions = `select conname from pg_constraint where contype = 'x' and conrelid in (select oid from (${withOrg}) t)`;
    const begins = "(select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) = 'org_id'";
    expect(await rows(`${exclusions} and not ${begins}`)).toEqual([]);
    expect((await rows(exclusions)).length).toBeGreaterThan(0);
  });

  test('these checks find a key that leads to another organization, and one that tells of its rows', async () => {
    await gateway.sql(
      `create table canary (org_id uuid, id uuid constraint telling unique, other uuid constraint wandering references canary (id))`,
    );
    expect([await rows(loose), await rows(ordinary)]).toEqual([['wandering'], ['org_members_of_user', 'telling']]);
    await gateway.sql('drop table canary');
  });

  test('every foreign key has an index', async () => {
    const without =
      await rows(`select conname from pg_constraint k where contype = 'f' and conrelid in (select oid from (${withOrg}) t) and cardinality(conkey) > 1
      and not exists (select from pg_index i where i.indrelid = k.conrelid and (i.indkey::int2[])[0:1] <@ k.conkey
        and (i.indkey::int2[])[1] = k.conkey[cardinality(k.conkey)])`);
    expect(without).toEqual([]);
  });

  test('ids are UUIDs, and no sequence is shared', async () => {
    expect(
      await rows("select relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace"),
    ).toEqual([]);
    expect(
      await rows(
        `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'id' and data_type <> 'uuid' and table_name <> '_prisma_migrations'`,
      ),
    ).toEqual([]);
  });

  test('ids are of UUID version 7: they begin with the clock, and sort as they were made', async () => {
    const milliseconds =
      "(extract(epoch from clock_timestamp()) * 1000)::bigint - ('x' || translate(left(id, 13), '-', ''))::bit(48)::bigint";
    const [format] = await gateway.sql(
      `select substr(id, 15, 1) as version, substr(id, 20, 1) ~ '[89ab]' as variant, ${milliseconds} between -1 and 1000 as now
       from (select app.uuid_v7()::text as id offset 0)`,
    );
    expect(format).toEqual({ version: '7', variant: true, now: true });
    const [order] = await gateway.sql(
      `select count(*) > 5 as some, count(*) filter (where id < lag)::int as astray
       from (select id, first, lag(id) over made as lag, lag(last) over made as lag_last
         from (select n, clock_timestamp() as first, app.uuid_v7() as id, clock_timestamp() as last
           from generate_series(1, 80000) n offset 0) ids window made as (order by n)) pairs where first > lag_last`,
    );
    expect(order).toEqual({ some: true, astray: 0 });
  });
});
