import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

const rows = `
  with made as (insert into accounts (org_id, name, owner_id) select $1, 'a' || n, $2::uuid from generate_series(10, 39) n returning id),
    met as (insert into contacts (org_id, account_id, full_name, assigned_to_id) select $1, id, 'c' || id, $2::uuid from made returning id, account_id),
    sold as (insert into deals (org_id, account_id, contact_id, title, value_cents, owner_id)
      select $1, account_id, id, n::text, n, $2::uuid from met, generate_series(1, 3) n returning id),
    placed as (insert into properties (org_id, account_id, name) select $1, id, 'p' from made returning id)
  insert into leads (org_id, first_name, assigned_to_id, converted_account_id) select $1, 'l', $2::uuid, id from made`;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await gateway.sql(rows, [acme.id, acme.people.member.id]);
  await gateway.sql('insert into interactions (org_id, deal_id) select org_id, id from deals, generate_series(1, 2) n');
});
afterAll(() => gateway.close());

/** The data of a query, and how many statements it takes by the resolvers; by the compiler it is always one. */
async function counted(query: string): Promise<{ readonly byResolvers: number; readonly data: Data }> {
  const { statements, result } = await gateway.countingBoth(acme.viewer, (client) => client.ok(query));
  expect(statements.compiler).toBe(1);
  return { byResolvers: statements.resolvers, data: result };
}

test.each([
  [
    'accounts',
    'name owner { id } contacts(first: 2) { nodes { fullName } } deals(first: 2) { totalCount nodes { title stage { name } } }',
  ],
  [
    'contacts',
    'fullName account { name owner { id } } assignedTo { id } deals(last: 2) { nodes { value { amount } } }',
  ],
  ['properties', 'name account { name deals { nodes { title owner { id } } } }'],
  [
    'deals',
    'title account { name } contact { fullName } pipeline { name stages { nodes { name } } } stage { name } owner { id } interactions { totalCount }',
  ],
  ['leads', 'firstName assignedTo { id } convertedAccount { name contacts { nodes { fullName } } }'],
  [
    'pipelines',
    'name stages(first: 10) { totalCount nodes { name deals(first: 3) { nodes { title account { name } } } } }',
  ],
  [
    'pipelineStages',
    'name pipeline { name } deals(first: 5) { pageInfo { hasNextPage } edges { cursor node { title } } }',
  ],
])('%s with what is related is one statement, by the resolvers one more for the total', async (list, selection) => {
  expect((await counted(`{ ${list} { nodes { id ${selection} } } }`)).byResolvers).toBe(1);
  expect((await counted(`{ ${list} { totalCount edges { node { id ${selection} } } } }`)).byResolvers).toBe(2);
  expect((await counted(`{ ${list} { totalCount } }`)).byResolvers).toBe(1);
});

test('two nested lists of one relation are one more statement by the resolvers, however many rows there are', async () => {
  const nested =
    'cheap: deals(filter: { valueCents: { lt: "3" } }) { totalCount nodes { title } } dear: deals(filter: { valueCents: { gte: "3" } }) { totalCount nodes { title } }';
  const { byResolvers, data } = await counted(`{ accounts(first: 30) { nodes { ${nested} } } }`);
  expect(byResolvers).toBe(2);
  expect(data.accounts.nodes).toHaveLength(30);
  for (const { cheap, dear } of data.accounts.nodes) {
    expect(cheap).toEqual({ totalCount: 2, nodes: expect.arrayContaining([{ title: '1' }, { title: '2' }]) });
    expect(dear).toEqual({ totalCount: 1, nodes: [{ title: '3' }] });
  }
});

test('three of them are two more by the resolvers, and the same holds one level deeper', async () => {
  const three =
    '{ accounts(first: 30) { nodes { a: deals(first: 1) { nodes { title } } b: deals(first: 2) { nodes { title } } c: deals(first: 3) { nodes { title } } } } }';
  const flat = await counted(three);
  expect(flat.byResolvers).toBe(3);
  expect(flat.data.accounts.nodes.map(({ a, b, c }: Data) => [a, b, c].map(({ nodes }) => nodes.length))).toEqual(
    Array(30).fill([1, 2, 3]),
  );
  const deep = await counted(
    '{ accounts(first: 30) { nodes { deals { nodes { a: interactions(first: 1) { nodes { id } } b: interactions { nodes { id } } } } } } }',
  );
  expect(deep.byResolvers).toBe(2);
  expect(
    deep.data.accounts.nodes.flatMap(({ deals }: Data) =>
      deals.nodes.map(({ a, b }: Data) => [a.nodes.length, b.nodes.length]),
    ),
  ).toEqual(Array(90).fill([1, 2]));
});

test('the same nested list under two names is no further statement', async () => {
  const { byResolvers, data } = await counted(
    '{ accounts(first: 2) { nodes { one: deals(first: 2) { nodes { title } } two: deals(first: 2) { totalCount nodes { id } } } } }',
  );
  expect(byResolvers).toBe(1);
  expect(data.accounts.nodes.map(({ one, two }: Data) => [one.nodes.length, two.nodes.length, two.totalCount])).toEqual(
    [
      [2, 2, 3],
      [2, 2, 3],
    ],
  );
});

test('one row with what is related is one statement, by its own field or as a node', async () => {
  const { id } = (await acme.viewer.ok('{ deals(first: 1) { nodes { id } } }')).deals.nodes[0];
  const selection = 'title account { name contacts { totalCount nodes { fullName } } } stage { name }';
  expect((await counted(`{ deal(id: "${id}") { ${selection} } }`)).byResolvers).toBe(1);
  expect((await counted(`{ node(id: "${id}") { id ... on Deal { ${selection} } } }`)).byResolvers).toBe(1);
});

test('several nodes of one type are one statement', async () => {
  const { nodes } = (await acme.viewer.ok('{ accounts(first: 5) { nodes { id } } }')).accounts;
  const ids = nodes.map(({ id }: Data) => `"${id}"`).join(', ');
  const { byResolvers, data } = await counted(`{ nodes(ids: [${ids}]) { id ... on Account { name owner { id } } } }`);
  expect(byResolvers).toBe(1);
  expect(data.nodes.map(({ id }: Data) => id)).toEqual(nodes.map(({ id }: Data) => id));
});

test('an amount inside a nested list keeps every digit', async () => {
  await gateway.sql('update deals set value_cents = 9007199254740993 where id = (select id from deals limit 1)');
  const { data } = await counted(
    '{ accounts(filter: { deals: { some: { valueCents: { eq: "9007199254740993" } } } }) { nodes { deals(orderBy: [{ valueCents: { direction: DESC } }], first: 1) { nodes { value { cents amount currency } } } } } }',
  );
  expect(data.accounts.nodes).toEqual([
    { deals: { nodes: [{ value: { cents: '9007199254740993', amount: '90071992547409.93', currency: 'USD' } }] } },
  ]);
});
