/** The permission table and its rules stand in the API and in the database: the two are one. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { isPermission, permissions, roles } from '../../src/auth/permissions.ts';
import { can } from '../../src/auth/scope.ts';
import type { Gateway } from '../support/gateway.ts';
import { sharedGateway } from '../support/shared.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await sharedGateway();
});

const every = Object.keys(permissions).filter(isPermission);
const texts = async (sql: string): Promise<string[]> =>
  (await gateway.sql(sql)).map((row) => String(Object.values(row)[0]));

test('the database has the same permissions, each for the same least role', async () => {
  expect((await gateway.sql('select app.least_roles() as table'))[0]?.table).toEqual(permissions);
  expect(await texts("select app.least_role('crm:everything') is null")).toEqual(['true']);
});

const areas = [...new Set(every.map((name) => `${name.split(':')[0]}:*`))];
const someone = fc.record({
  role: fc.constantFrom(...roles),
  extra: fc.subarray(every, { maxLength: 4 }),
  scopes: fc.option(fc.subarray([...every, ...areas, '*'], { minLength: 1, maxLength: 5 })),
});

test('whoever has a permission has it in both, by role, grants and the scopes of a key', async () => {
  const people = fc.sample(someone, { numRuns: 400, seed: 20 });
  const found = await gateway.sql(
    `select person, permission, app.has_permission(person ->> 'role', array(select jsonb_array_elements_text(person -> 'extra')),
         coalesce(array(select jsonb_array_elements_text(nullif(person -> 'scopes', 'null'))), '{}') || case when person -> 'scopes' = 'null' then '{*}'::text[] else '{}' end,
         permission) as may
       from jsonb_array_elements($1::jsonb) as person, jsonb_object_keys(app.least_roles()) as permission`,
    [JSON.stringify(people)],
  );
  expect(found).toHaveLength(people.length * every.length);
  const wrong = found.filter(({ person, permission, may }) => {
    const { role, extra, scopes } = person as (typeof people)[number];
    const scope = { orgId: null, userId: null, apiKeyId: null, plan: null, role, extra, keyScopes: scopes };
    return may !== (isPermission(String(permission)) && can(scope, permission as (typeof every)[number]));
  });
  expect(wrong).toEqual([]);
});

test('no policy and no function asks for a role where a permission names what is done', async () => {
  const roleWords = String.raw`is_admin|is_member|app\.role\(\)`;
  expect(
    await texts(`select tablename || '.' || policyname from pg_policies where schemaname = 'public'
      and coalesce(qual, '') || coalesce(with_check, '') ~ '${roleWords}'`),
  ).toEqual([]);
  expect(
    await texts(
      `select proname from pg_proc where pronamespace = 'app'::regnamespace and prosrc ~ '${roleWords}' and proname <> 'role'`,
    ),
  ).toEqual([]);
});

test('what policies and functions ask for is a permission', async () => {
  const asked =
    await texts(`select distinct (regexp_matches(source, '(?:may|writable_org|readable_org)\\(''([^'']*)''', 'g'))[1]
    from (select coalesce(qual, '') || coalesce(with_check, '') as source from pg_policies where schemaname = 'public'
      union all select prosrc from pg_proc where pronamespace = 'app'::regnamespace) as sources`);
  expect(asked.filter((name) => !isPermission(name))).toEqual([]);
  expect(asked.length).toBeGreaterThan(30);
});
