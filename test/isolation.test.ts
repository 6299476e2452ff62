/**
 * Two tenants with the same kinds of data, and everything one may try to reach the other: every table in SQL, every field
 * and mutation of the schema. Tables come from the catalog and fields from the schema, so a new one is covered by itself.
 */
import { randomUUID } from 'node:crypto';
import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPeople } from '../prisma/seed/people.ts';
import { demoTokens, seedDemo } from '../src/demo.ts';
import { toGlobalId } from '../src/graphql/ids.ts';
import { hasField } from '../src/graphql/model.ts';
import { schema } from '../src/schema.ts';
import { type Answer, type Client, type Gateway, startGateway } from './support/gateway.ts';

let gateway: Gateway;
let acme: Client;
const orgs = { acme: '', globex: '' };
const owner = demoPeople.find(({ email }) => email === 'admin@acme.example')?.uuid ?? '';

interface ForeignKey {
  readonly table: string;
  readonly column: string;
  readonly target: string;
  readonly key: string;
}

let tables: string[] = [];
let foreignKeys: ForeignKey[] = [];

beforeAll(async () => {
  gateway = await startGateway();
  await seedDemo(gateway.database, gateway.config);
  const tokens = await demoTokens(gateway.config);
  acme = gateway.withToken(tokens.find(({ email }) => email === 'admin@acme.example')?.token ?? '').inOrg('acme');
  for (const { id, slug } of await gateway.sql("select id, slug from organizations where slug in ('acme', 'globex')")) {
    orgs[slug as 'acme' | 'globex'] = String(id);
  }
  tables = (
    await gateway.sql(`select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
      and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'org_id') order by 1`)
  ).map(({ relname }) => String(relname));
  foreignKeys =
    (await gateway.sql(`select conrelid::regclass::text as table, a.attname as column, confrelid::regclass::text as target, b.attname as key
    from pg_constraint join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[cardinality(conkey)]
    join pg_attribute b on b.attrelid = confrelid and b.attnum = confkey[cardinality(confkey)]
    where contype = 'f' and cardinality(conkey) > 1 and conrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`)) as unknown as ForeignKey[];
}, 120_000);
afterAll(() => gateway.close());

/** Runs a statement as a request of acme's admin would, and tells how many rows it touched, or its SQLSTATE. */
async function asAcme(statement: string): Promise<string> {
  const client = await gateway.database.pool.connect();
  try {
    await client.query('begin; set local role gateway');
    await client.query("select app.enter($1, 'acme', null, '{}')", [owner]);
    return `${(await client.query(statement)).rowCount} rows`;
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('every table, in SQL', () => {
  test('both tenants have rows in every table', async () => {
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables) {
      const [row] = await gateway.sql(
        `select count(distinct org_id)::int as orgs from ${table} where org_id in ('${orgs.acme}', '${orgs.globex}')`,
      );
      expect([table, row]).toEqual([table, { orgs: 2 }]);
    }
  });

  test("another tenant's rows are neither read, changed nor removed", async () => {
    for (const table of tables) {
      const theirs = `where org_id = '${orgs.globex}'`;
      expect([table, await asAcme(`select 1 from ${table} ${theirs}`)]).toEqual([table, '0 rows']);
      expect([table, await asAcme(`select 1 from ${table} where org_id <> '${orgs.acme}'`)]).toEqual([table, '0 rows']);
      expect([table, ['0 rows', '42501']]).toEqual([
        table,
        expect.arrayContaining([await asAcme(`update ${table} set id = id ${theirs}`)]),
      ]);
      expect([table, ['0 rows', '42501']]).toEqual([
        table,
        expect.arrayContaining([await asAcme(`delete from ${table} ${theirs}`)]),
      ]);
    }
  });

  test('no row is put, or moved, into another tenant', async () => {
    for (const table of tables) {
      const copy = `insert into ${table} select (jsonb_populate_record(row, jsonb_build_object('org_id', '${orgs.globex}', 'id', app.uuid_v7()))).* from ${table} row limit 1`;
      expect(['42501', '428C9']).toContain(await asAcme(copy));
      expect([table, ['42501', '0 rows']]).toEqual([
        table,
        expect.arrayContaining([await asAcme(`update ${table} set org_id = '${orgs.globex}'`)]),
      ]);
    }
  });

  test("no reference leads to another tenant's row", async () => {
    expect(foreignKeys.length).toBeGreaterThan(25);
    for (const { table, column, target, key } of foreignKeys) {
      const [theirs] = await gateway.sql(
        `select ${key} as key from ${target} where org_id = $1 and ${key} not in (select ${key} from ${target} where org_id = $2) limit 1`,
        [orgs.globex, orgs.acme],
      );
      const code = await asAcme(
        `update ${table} set ${column} = '${String(theirs?.key)}' where id = (select id from ${table} limit 1)`,
      );
      expect([`${table}.${column}`, ['23503', '42501', '0 rows', '23514', '55000']]).toEqual([
        `${table}.${column}`,
        expect.arrayContaining([code]),
      ]);
    }
  });
});

const fieldsOf = (type: 'Query' | 'Mutation') =>
  Object.values((type === 'Query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {});
const byIds = fieldsOf('Query').filter(
  ({ extensions: { byId } }) => typeof byId === 'string' && hasField(byId, 'orgId'),
);
const lists = fieldsOf('Query').filter(
  ({ extensions: { list } }) => typeof list === 'string' && hasField(list, 'orgId'),
);
const modelOf = ({ extensions }: GraphQLField<unknown, unknown>): string => String(extensions.byId ?? extensions.list);

/** Ids of a type's rows that only the other tenant has, by asking as its own people do. */
async function theirIds(model: string): Promise<string[]> {
  const field = lists.find(({ extensions }) => extensions.list === model);
  const tokens = await demoTokens(gateway.config);
  const globex = gateway
    .withToken(tokens.find(({ email }) => email === 'admin@globex.example')?.token ?? '')
    .inOrg('globex');
  if (!field) return [];
  const { [field.name]: list } = await globex.ok(`{ ${field.name}(first: 3) { nodes { id } } }`);
  const shared = new Set(
    demoPeople.filter(({ email }) => email === 'owner@acme.example').map(({ uuid }) => toGlobalId('Member', uuid)),
  );
  return list.nodes.map(({ id }: { id: string }) => id).filter((id: string) => !shared.has(id));
}

/** The answer without what differs by nature: the id that was asked for, the request's id. */
function normal({ status, data, errors }: Answer, id: string): string {
  const uuid = id.slice(id.lastIndexOf('_') + 1);
  return JSON.stringify({ status, data, errors }, (key, value) => (key === 'requestId' ? undefined : value)).replaceAll(
    uuid,
    '<id>',
  );
}

const stranger = (id: string): string => `${id.slice(0, id.lastIndexOf('_') + 1)}${randomUUID()}`;

/** Every row of globex, as one fingerprint. */
async function fingerprint(): Promise<string> {
  const parts = [];
  for (const table of tables) {
    const [row] = await gateway.sql(
      `select md5(string_agg(row::text, '|' order by row::text)) as hash from ${table} row where org_id = $1`,
      [orgs.globex],
    );
    parts.push(`${table} ${String(row?.hash)}`);
  }
  return parts.join('\n');
}

describe('every field that takes an id', () => {
  test.each(byIds.map((field) => [field.name, field] as const))(
    '%s, node, nodes and the filter say of their row what they say of none',
    async (_name, field) => {
      const model = modelOf(field);
      for (const id of await theirIds(model)) {
        const answers = async (asked: string) => {
          const query = `query ($id: ID!) { found: ${field.name}(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }`;
          return normal(await acme.run(query, { id: asked }), asked);
        };
        expect(await answers(id)).toBe(await answers(stranger(id)));
        const list = lists.find((candidate) => modelOf(candidate) === model);
        const { data } = await acme.run(
          `query ($id: ID!) { list: ${list?.name}(filter: {id: {eq: $id}}) { totalCount nodes { id } } }`,
          { id },
        );
        expect(data.list).toEqual({ totalCount: 0, nodes: [] });
      }
    },
  );

  test.each(lists.map((field) => [field.name, field] as const))(
    '%s never holds a row of theirs',
    async (_name, field) => {
      const theirs = new Set(await theirIds(modelOf(field)));
      let after: string | null = null;
      do {
        const { [field.name]: page } = await acme.ok(
          `query ($after: String) { ${field.name}(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        for (const { id } of page.nodes) expect(theirs.has(id)).toBe(false);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after && theirs.size > 0 && field.name !== 'auditLogs');
    },
  );
});

/** A value that a required field takes. */
function sample(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sample(type.ofType);
  if (isListType(type)) return [sample(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) return requiredOf(type.getFields());
  const samples: Readonly<Record<string, unknown>> = {
    ID: randomUUID(),
    Int: 1,
    Float: 1,
    Boolean: true,
    BigInt: '1',
    Decimal: '1',
    JSON: {},
    EmailAddress: 'who@where.example',
    URL: 'https://where.example',
    DateTime: '2026-01-01T00:00:00Z',
    Date: '2026-01-01',
  };
  return samples[type.name] ?? 'x';
}

const requiredOf = (fields: Readonly<Record<string, GraphQLInputField>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(fields).flatMap((field) =>
      isNonNullType(field.type) && field.defaultValue === undefined ? [[field.name, sample(field.type)]] : [],
    ),
  );

interface Write {
  readonly field: GraphQLField<unknown, unknown>;
  readonly inputName: string;
  readonly input: Record<string, unknown>;
  readonly model: string;
}

/** Every mutation on a row that exists: its input has a required id. */
const writes: readonly Write[] = fieldsOf('Mutation').flatMap((field) => {
  const type = field.args[0]?.type;
  const input = isNonNullType(type) && isInputObjectType(type.ofType) ? type.ofType : undefined;
  const payload = isNonNullType(field.type) && isObjectType(field.type.ofType) ? field.type.ofType : undefined;
  const model = Object.values(payload?.getFields() ?? {}).find(({ extensions }) => extensions.payloadOf)?.extensions
    .payloadOf;
  if (
    !input?.getFields().id ||
    !isNonNullType(input.getFields().id?.type) ||
    typeof model !== 'string' ||
    model === 'Organization'
  )
    return [];
  return [{ field, inputName: input.name, input: requiredOf(input.getFields()), model }];
});

let before = '';
test('mutations on rows are found in the schema', async () => {
  before = await fingerprint();
  expect(writes.length).toBeGreaterThan(40);
});

test.each(writes.map((write) => [write.field.name, write] as const))(
  '%s answers for a row of theirs as for none',
  async (name, { inputName, input, model }) => {
    const query = `mutation ($input: ${inputName}!) { ${name}(input: $input) { userErrors { code message path currentVersion } } }`;
    const answer = async (id: string) => normal(await acme.run(query, { input: { ...input, id } }), id);
    for (const id of (await theirIds(model)).slice(0, 1)) {
      expect(await answer(id)).toBe(await answer(stranger(id)));
    }
  },
);

test("an organization's id of theirs is as good as none", async () => {
  for (const name of ['organizationUpdate']) {
    const query = `mutation ($id: ID!) { ${name}(input: {id: $id, name: "Taken"}) { userErrors { code message path } } }`;
    const id = `organization_${orgs.globex}`;
    const none = stranger(id);
    expect(normal(await acme.run(query, { id }), id)).toBe(normal(await acme.run(query, { id: none }), none));
  }
  expect(await gateway.sql("select name from organizations where slug = 'globex'")).toEqual([
    { name: 'Globex Field Services' },
  ]);
});

test('after all of that nothing of theirs has changed', async () => {
  expect(await fingerprint()).toBe(before);
});
