import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

test('proposals are filtered, sorted and paged both ways', async () => {
  for (const [title, cents] of [
    ['c', '3'],
    ['a', '1'],
    ['b', '2'],
  ])
    await make(acme.member, 'Proposal', {
      proposalNumber: `P-${title}`,
      title,
      content: { listed: true },
      lineItems: [{ description: 'L', unitPriceCents: cents }],
    });
  const page = async (args: string, more = '') =>
    (
      await acme.viewer.ok(
        `{ proposals(filter: { content: { path: ["listed"], eq: true } ${more} }, orderBy: [{ totalCents: {} }], ${args}) { totalCount nodes { title } pageInfo { startCursor endCursor } } }`,
      )
    ).proposals;
  expect(await page('first: 9', 'totalCents: { gt: "1" }, status: { eq: DRAFT }')).toMatchObject({
    totalCount: 2,
    nodes: [{ title: 'b' }, { title: 'c' }],
  });
  expect((await page('first: 9', 'lineItems: { some: { unitPriceCents: { eq: "3" } } }')).nodes).toEqual([
    { title: 'c' },
  ]);
  const first = await page('first: 2');
  expect(first.nodes).toEqual([{ title: 'a' }, { title: 'b' }]);
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  expect(second.nodes).toEqual([{ title: 'c' }]);
  expect((await page(`last: 1, before: "${second.pageInfo.startCursor}"`)).nodes).toEqual([{ title: 'b' }]);
});

test.each([
  [
    'proposals',
    `title subtotal { cents currency } tax { cents } total { cents amount } account { name } deal { title } template { name } lineItems { totalCount nodes { description unitPrice { currency } service { name } } } contracts { nodes { title } }`,
  ],
  ['proposalLineItems', 'description total { amount } proposal { title account { name } } service { name }'],
  ['proposalLineItems', 'total { amount }'],
])('%s with what is related are one statement, by the resolvers one more for the total', async (list, rows) => {
  const page = (more: string) =>
    gateway.countingBoth(acme.viewer, (client) => client.ok(`{ ${list} { ${more} nodes { ${rows} } } }`));
  expect((await page('')).statements).toEqual({ compiler: 1, resolvers: 1 });
  expect((await page('totalCount')).statements).toEqual({ compiler: 1, resolvers: 2 });
});
