import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await gateway.sql(
    `with account as (insert into accounts (org_id, name) values ($1, 'Needed') returning id),
      known as (insert into client_intelligence (org_id, account_id, client_name, summary) select $1, id, 'client ' || n, 's' || n from account, generate_series(1, 5) n),
      kept as (insert into org_brain (org_id, content_type, content_text) select $1, 'kind ' || n % 2, 'text ' || n from generate_series(1, 5) n)
    insert into documents (org_id, account_id, title, body, status) select $1, id, 'title ' || n, 'b', case n when 5 then 'archived' else 'active' end
      from account, generate_series(1, 5) n`,
    [acme.id],
  );
});
afterAll(() => gateway.close());

const lists = [
  {
    list: 'documents',
    label: 'title',
    selection: 'body status account { name }',
    filter: '{ status: { eq: ACTIVE } }',
    found: ['title 1', 'title 2', 'title 3', 'title 4'],
  },
  {
    list: 'clientIntelligences',
    label: 'clientName',
    selection: 'summary account { name }',
    filter: '{ summary: { in: ["s2", "s4"] } }',
    found: ['client 2', 'client 4'],
  },
  {
    list: 'orgBrainEntries',
    label: 'contentText',
    selection: 'contentType source',
    filter: '{ contentType: { eq: "kind 1" } }',
    found: ['text 1', 'text 3', 'text 5'],
    order: 'contentType',
  },
];

test.each(lists)(
  '$list with what is related is one statement, by the resolvers one more for the total',
  async ({ list, selection }) => {
    const rows = await gateway.countingBoth(acme.viewer, (client) =>
      client.ok(`{ ${list} { nodes { id ${selection} } } }`),
    );
    expect(rows.statements).toEqual({ compiler: 1, resolvers: 1 });
    expect(rows.result[list].nodes).toHaveLength(5);
    const counted = await gateway.countingBoth(acme.viewer, (client) =>
      client.ok(`{ ${list} { totalCount edges { node { id ${selection} } } } }`),
    );
    expect(counted.statements).toEqual({ compiler: 1, resolvers: 2 });
    expect(counted.result[list].totalCount).toBe(5);
  },
);

test.each(lists)('$list are filtered', async ({ list, label, filter, found }) => {
  const { rows } = await acme.viewer.ok(`{ rows: ${list}(filter: ${filter}) { totalCount nodes { ${label} } } }`);
  expect(rows.totalCount).toBe(found.length);
  expect(rows.nodes.map((node: Data) => node[label]).sort()).toEqual(found);
});

test.each(lists)('$list are paged in both ways', async ({ list, label, order = label }) => {
  const by = `orderBy: [{ ${order}: { direction: DESC } }]`;
  const all = (await acme.viewer.ok(`{ rows: ${list}(${by}) { nodes { ${label} } } }`)).rows.nodes;
  expect(all).toHaveLength(5);
  const page = async (args: string) =>
    (
      await acme.viewer.ok(
        `{ rows: ${list}(${by} ${args}) { nodes { ${label} } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
      )
    ).rows;
  const first = await page('first: 2');
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  const back = await page(`last: 2, before: "${second.pageInfo.startCursor}"`);
  expect([first.nodes, second.nodes, back.nodes]).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(0, 2)]);
  expect([first.pageInfo.hasNextPage, back.pageInfo.hasPreviousPage]).toEqual([true, false]);
});
