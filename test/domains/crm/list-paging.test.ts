import fc from 'fast-check';
import { getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../../src/schema.ts';
import { type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { queryFailure } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

/** Few different values, many ties, and a null for every column that may have none. */
const rows = `
  insert into accounts (org_id, name, industry, owner_id, last_interaction_at, classification, created_at)
    select $1, chr(65 + n % 3), case n % 3 when 0 then null else 'i' || n % 2 end, case when n % 2 = 0 then $2::uuid end,
      case when n % 3 > 0 then timestamptz '2026-01-01' + n % 2 * interval '1 day' end, case when n % 4 = 0 then 'hot' end,
      timestamptz '2026-01-01' + n % 3 * interval '1 hour' from generate_series(1, 11) n;`;
const properties = `
  insert into properties (org_id, account_id, name, latitude, longitude)
    select $1, (select id from accounts order by id offset n % 5 limit 1), 'p' || n % 3,
      case when n % 3 > 0 then n % 2 + 0.1 end, case when n % 4 > 0 then -n % 3 end from generate_series(1, 11) n`;
const contacts = `
  insert into contacts (org_id, account_id, full_name, first_name, email, title, is_primary, assigned_to_id)
    select $1, case when n % 3 > 0 then (select id from accounts order by id offset n % 4 limit 1) end, 'c' || n % 3,
      case when n % 2 > 0 then 'f' || n % 3 end, case when n % 3 = 0 then null else n || '@c.example' end, case n % 4 when 0 then null else 't' end,
      n % 2 = 0, case when n % 3 = 1 then $2::uuid end from generate_series(1, 11) n`;
const deals = `
  insert into deals (org_id, account_id, contact_id, title, value_cents, currency, probability, expected_close_on, owner_id, stage_id)
    select $1, case when n % 3 > 0 then (select id from accounts order by id offset n % 6 limit 1) end,
      case when n % 4 > 0 then (select id from contacts order by id offset n % 5 limit 1) end, 'd' || n % 4,
      case n % 3 when 0 then 9007199254740993 else n % 2 end, case n % 2 when 0 then 'USD' else 'EUR' end, n % 3 * 10,
      case when n % 3 > 0 then date '2026-03-01' + n % 2 end, case when n % 5 = 0 then $2::uuid end,
      (select id from pipeline_stages where org_id = $1 order by position offset n % 6 limit 1) from generate_series(1, 11) n`;
const leads = `
  insert into leads (org_id, first_name, company_name, score, status, assigned_to_id, converted_account_id, converted_at)
    select $1, 'l' || n % 2, case when n % 3 > 0 then 'co' || n % 2 end, n % 3, case n % 2 when 0 then 'new' else 'qualified' end,
      case when n % 2 = 0 then $2::uuid end, case when n % 3 = 0 then (select id from accounts order by id offset n % 5 limit 1) end,
      case when n % 3 = 0 then timestamptz '2026-02-01' end from generate_series(1, 11) n`;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  for (const statement of [rows, properties, contacts, deals, leads]) {
    await gateway.sql(statement.includes('$2') ? statement : `${statement} where $2::uuid is not null`, [
      acme.id,
      acme.people.member.id,
    ]);
  }
});
afterAll(() => gateway.close());

interface Sort {
  readonly path: readonly string[];
  readonly direction: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
}

/** Every column that an order of a type may name, up to one relation away. */
function sortPaths(type: string, depth = 1): string[][] {
  const input = schema.getType(`${type}OrderBy`);
  if (!isInputObjectType(input)) return [];
  return Object.values(input.getFields()).flatMap((field) => {
    const target = getNamedType(field.type).name;
    if (target === 'Ordering') return [[field.name]];
    return depth === 0 ? [] : sortPaths(target.replace(/OrderBy$/, ''), depth - 1).map((path) => [field.name, ...path]);
  });
}

const toOrder = ({ path, direction, nulls }: Sort): object =>
  path.reduceRight<object>((inner, name) => ({ [name]: inner }), nulls ? { direction, nulls } : { direction });

const lists: Readonly<Record<string, string>> = {
  Account: 'accounts',
  Property: 'properties',
  Contact: 'contacts',
  Deal: 'deals',
  Lead: 'leads',
  PipelineStage: 'pipelineStages',
};

async function page(type: string, orderBy: readonly object[], args: object): Promise<Data> {
  const query = `query ($first: Int, $last: Int, $after: String, $before: String, $orderBy: [${type}OrderBy!]) {
    list: ${lists[type]}(first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  return (await acme.viewer.ok(query, { orderBy, ...args })).list;
}

const idsOf = (list: Data): string[] => list.nodes.map(({ id }: { id: string }) => id);

/** All ids, page by page from the front. */
async function forwards(type: string, orderBy: readonly object[], size: number): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined, more = true; more && ids.length < 100; ) {
    const list = await page(type, orderBy, { first: size, after });
    expect(list.pageInfo.hasPreviousPage).toBe(after !== undefined);
    ids.push(...idsOf(list));
    after = list.pageInfo.endCursor;
    more = list.pageInfo.hasNextPage;
  }
  return ids;
}

/** All ids, page by page from the back. */
async function backwards(type: string, orderBy: readonly object[], size: number): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | undefined, more = true; more && ids.length < 100; ) {
    const list = await page(type, orderBy, { last: size, before });
    expect(list.pageInfo.hasNextPage).toBe(before !== undefined);
    ids.unshift(...idsOf(list));
    before = list.pageInfo.startCursor;
    more = list.pageInfo.hasPreviousPage;
  }
  return ids;
}

async function expectWholeWalks(type: string, sorts: readonly Sort[], size: number): Promise<void> {
  const orderBy = sorts.map(toOrder);
  const whole = idsOf(await page(type, orderBy, { first: 100 }));
  expect(new Set(whole).size).toBe(type === 'PipelineStage' ? 6 : 11);
  expect(await forwards(type, orderBy, size)).toEqual(whole);
  expect(await backwards(type, orderBy, size)).toEqual(whole);
}

describe.each(Object.keys(lists))('%s', (type) => {
  test('a walk both ways over every order gives each row once, in the order of the whole list', async () => {
    for (const path of sortPaths(type)) await expectWholeWalks(type, [{ path, direction: 'ASC' }], 5);
  });
});

const nullable: Readonly<Record<string, readonly string[]>> = {
  Account: ['industry', 'classification', 'lastInteractionAt', 'owner.title', 'owner.displayName'],
  Property: ['latitude', 'longitude', 'account.industry', 'account.lastInteractionAt'],
  Contact: ['firstName', 'email', 'title', 'account.industry', 'assignedTo.displayName'],
  Deal: ['expectedCloseOn', 'account.industry', 'contact.title', 'owner.displayName'],
  Lead: ['companyName', 'convertedAt', 'convertedAccount.industry', 'assignedTo.displayName'],
};

const ties: Readonly<Record<string, readonly string[]>> = {
  Account: ['name', 'createdAt', 'lifecycle'],
  Property: ['name', 'account.name', 'account.createdAt'],
  Contact: ['fullName', 'isPrimary', 'account.name'],
  Deal: [
    'title',
    'valueCents',
    'currency',
    'status',
    'account.name',
    'stage.position',
    'pipeline.isDefault',
    'stage.kind',
  ],
  Lead: ['firstName', 'score', 'status', 'convertedAccount.createdAt'],
};

const sortOf = (type: string): fc.Arbitrary<Sort> => {
  const path = (paths: readonly string[] = []) => fc.constantFrom(...paths).map((text) => text.split('.'));
  const direction = fc.constantFrom('ASC' as const, 'DESC' as const);
  const nulls = fc.constantFrom('FIRST' as const, 'LAST' as const, undefined);
  return fc.oneof(
    fc.record({ path: path(nullable[type]), direction, nulls }),
    fc.record({ path: path(ties[type]), direction }),
  );
};

test('a walk both ways over any order of several columns gives each row once', async () => {
  const order = fc
    .constantFrom(...Object.keys(nullable))
    .chain((type) => fc.tuple(fc.constant(type), fc.array(sortOf(type), { minLength: 1, maxLength: 3 })));
  const walk = fc.asyncProperty(order, fc.integer({ min: 2, max: 6 }), ([type, sorts], size) =>
    expectWholeWalks(type, sorts, size),
  );
  await fc.assert(walk, { numRuns: 40 });
});

test('rows without a value stand last when ascending and first when descending, or where the order says', async () => {
  const query = `query ($orderBy: [LeadOrderBy!]) { leads(first: 100, orderBy: $orderBy) { nodes { companyName } } }`;
  const ends = async (order: object): Promise<[first: boolean, last: boolean]> => {
    const { leads } = await acme.viewer.ok(query, { orderBy: [{ companyName: order }] });
    return [leads.nodes.at(0).companyName === null, leads.nodes.at(-1).companyName === null];
  };
  expect(await ends({})).toEqual([false, true]);
  expect(await ends({ direction: 'DESC' })).toEqual([true, false]);
  expect(await ends({ nulls: 'FIRST' })).toEqual([true, false]);
  expect(await ends({ direction: 'DESC', nulls: 'LAST' })).toEqual([false, true]);
});

test('a nested list is paged both ways like any other', async () => {
  const query = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) { pipeline(id: $id) {
    list: deals(first: $first, last: $last, after: $after, before: $before, orderBy: [{ account: { industry: { nulls: FIRST } } }]) {
      totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  } }`;
  const id = (await acme.viewer.ok('{ pipelines { nodes { id } } }')).pipelines.nodes[0].id;
  const read = async (args: object): Promise<Data> => (await acme.viewer.ok(query, { id, ...args })).pipeline.list;
  const whole = await read({ first: 100 });
  const one = await read({ first: 6 });
  const two = await read({ first: 6, after: one.pageInfo.endCursor });
  const back = await read({ last: 6, before: two.pageInfo.startCursor });
  expect([...idsOf(one), ...idsOf(two)]).toEqual(idsOf(whole));
  expect(idsOf(back)).toEqual(idsOf(one));
  expect([whole, one, two, back].map(({ totalCount }) => totalCount)).toEqual([11, 11, 11, 11]);
  expect(two.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test('a window between two cursors holds what stands between them', async () => {
  const whole = await page('Account', [{ name: {} }], { first: 100 });
  const { after } = { after: (await page('Account', [{ name: {} }], { first: 3 })).pageInfo.endCursor };
  const before = (await page('Account', [{ name: {} }], { last: 3 })).pageInfo.startCursor;
  expect(idsOf(await page('Account', [{ name: {} }], { first: 100, after, before }))).toEqual(
    idsOf(whole).slice(3, -3),
  );
});

test('an empty page has no cursors and tells the total', async () => {
  const { accounts } = await acme.viewer.ok(
    '{ accounts(first: 0) { totalCount nodes { id } pageInfo { hasNextPage startCursor endCursor } } }',
  );
  expect(accounts).toEqual({
    totalCount: 11,
    nodes: [],
    pageInfo: { hasNextPage: true, startCursor: null, endCursor: null },
  });
});

const notACursor = 'This cursor is not one of this list, or of another order. Start again without it.';
const encode = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

test('a cursor of another order, type or make is refused', async () => {
  const { endCursor } = (await page('Account', [{ name: {} }], { first: 1 })).pageInfo;
  const ask = (args: string) => queryFailure(acme.viewer, `{ accounts(${args}) { nodes { id } } }`);
  const refused = ['BAD_USER_INPUT', notACursor];
  expect(await ask(`after: "${endCursor}"`)).toEqual(refused);
  expect(await ask(`after: "${endCursor}", orderBy: [{ name: { direction: DESC } }]`)).toEqual(refused);
  expect(await ask(`after: "${endCursor}", orderBy: [{ name: {} }, { lifecycle: {} }]`)).toEqual(refused);
  expect(await ask(`before: "nonsense"`)).toEqual(refused);
  expect(
    await ask(
      `after: "${encode('Account:name+l,id+l', null, '0197f000-0000-7000-8000-000000000000')}", orderBy: [{ name: {} }]`,
    ),
  ).toEqual(refused);
  expect(await ask(`after: "${encode('Account:name+l,id+l', 'A', "' or 1=1")}", orderBy: [{ name: {} }]`)).toEqual(
    refused,
  );
  expect(
    await queryFailure(acme.viewer, `{ contacts(after: "${endCursor}", orderBy: [{ id: {} }]) { nodes { id } } }`),
  ).toEqual(refused);
});

test('a page size or an order that makes no sense is refused', async () => {
  const ask = (args: string) => queryFailure(acme.viewer, `{ accounts(${args}) { nodes { id } } }`);
  expect(await ask('first: 101')).toEqual(['BAD_USER_INPUT', 'A page has 0 to 100 rows; 101 were asked for.']);
  expect(await ask('last: -1')).toEqual(['BAD_USER_INPUT', 'A page has 0 to 100 rows; -1 were asked for.']);
  expect(await ask('first: 1, last: 1')).toEqual(['BAD_USER_INPUT', 'Give first or last, not both.']);
  const oneKey = 'needs exactly one key; for a second column add a second object to the list.';
  expect(await ask('orderBy: [{}]')).toEqual(['BAD_USER_INPUT', `orderBy[0] ${oneKey}`]);
  expect(await ask('orderBy: [{ name: {} }, { name: {}, lifecycle: {} }]')).toEqual([
    'BAD_USER_INPUT',
    `orderBy[1] ${oneKey}`,
  ]);
  expect(
    await queryFailure(
      acme.viewer,
      '{ contacts(orderBy: [{ account: { name: { nulls: FIRST } } }]) { nodes { id } } }',
    ),
  ).toEqual(['BAD_USER_INPUT', 'orderBy[0].account.name: nulls cannot be chosen here, because name is required.']);
});
