import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  for (const [name, unitPriceCents] of [
    ['Audit', '900'],
    ['Build', '100'],
    ['Care', '500'],
  ])
    await make(acme.member, 'Service', { name, unitPriceCents });
});
afterAll(() => gateway.close());

const names = async (args: string): Promise<string[]> =>
  (await acme.viewer.ok(`{ services(${args}) { nodes { name } } }`)).services.nodes.map(
    ({ name }: { name: string }) => name,
  );

test('a service has a price in its currency, by the hour unless said otherwise', async () => {
  const service = await write(
    acme.member,
    'serviceCreate',
    { name: 'Consulting', description: 'On site', unitPriceCents: '9007199254740993', currency: 'EUR' },
    'name description unit isActive version unitPrice { cents currency amount }',
  );
  expect(service).toEqual({
    name: 'Consulting',
    description: 'On site',
    unit: 'HOUR',
    isActive: true,
    version: 1,
    unitPrice: { cents: '9007199254740993', currency: 'EUR', amount: '90071992547409.93' },
  });
  expect(await gateway.sql("delete from services where name = 'Consulting' returning unit, unit_price_cents")).toEqual([
    { unit: 'hour', unit_price_cents: '9007199254740993' },
  ]);
});

test('what is left out stays, and null clears', async () => {
  const id = await make(acme.member, 'Service', {
    name: 'Hosting',
    description: 'All in',
    unit: 'MONTH',
    isActive: false,
  });
  const fields = 'name description unit isActive version';
  expect(await write(acme.member, 'serviceUpdate', { id, description: null, isActive: true }, fields)).toEqual({
    name: 'Hosting',
    description: null,
    unit: 'MONTH',
    isActive: true,
    version: 2,
  });
});

test.each([
  [{ name: '' }, 'The value of name is not allowed.', 'name'],
  [{ name: 'A', unitPriceCents: '-1' }, 'The value of unitPriceCents is not allowed.', 'unitPriceCents'],
  [{ name: 'A', currency: 'euro' }, 'currency is an ISO 4217 code, for example EUR.', 'currency'],
  [{ name: 'A', unit: null }, 'unit is required and cannot be cleared.', 'unit'],
])('%j is refused', async (input, message, field) => {
  const before = await gateway.sql('select count(*) from services');
  expect(await refusal(acme.member, 'serviceCreate', input)).toEqual([
    { code: 'BAD_USER_INPUT', message, path: [field], currentVersion: null },
  ]);
  expect(await gateway.sql('select count(*) from services')).toEqual(before);
});

test('a service that a proposal offers cannot be removed; another one can', async () => {
  const [used, unused] = [
    await make(acme.member, 'Service', { name: 'Used' }),
    await make(acme.member, 'Service', { name: 'Unused' }),
  ];
  await make(acme.member, 'Proposal', {
    proposalNumber: 'S-1',
    title: 'P',
    lineItems: [{ description: 'L', serviceId: used }],
  });
  const message = 'Still used by proposal line items.';
  expect(await refusal(acme.member, 'serviceDelete', { id: used })).toEqual([
    { code: 'CONFLICT', message, path: ['id'], currentVersion: null },
  ]);
  const { gone } = await acme.member.ok(
    `mutation { gone: serviceDelete(input: { id: "${unused}" }) { service { id } serviceId userErrors { code } } }`,
  );
  expect(gone).toEqual({ service: null, serviceId: unused, userErrors: [] });
  expect(await gateway.sql('select name from services where id = any($1)', [[used, unused].map(uuidOf)])).toEqual([
    { name: 'Used' },
  ]);
  expect(await names('filter: { proposalLineItems: { some: { description: { eq: "L" } } } }')).toEqual(['Used']);
});

test('services are filtered, sorted and paged both ways', async () => {
  const these = 'filter: { name: { in: ["Audit", "Build", "Care"] }, unit: { eq: HOUR } }';
  expect(await names('filter: { unitPriceCents: { gte: "500" } } orderBy: [{ name: {} }]')).toEqual(['Audit', 'Care']);
  expect(await names(`${these} orderBy: [{ unitPriceCents: {} }]`)).toEqual(['Build', 'Care', 'Audit']);
  const page = async (args: string) =>
    (
      await acme.viewer.ok(
        `{ services(${these} orderBy: [{ unitPriceCents: {} }] ${args}) { nodes { name } pageInfo { endCursor startCursor hasNextPage } } }`,
      )
    ).services;
  const first = await page('first: 2');
  expect(first).toMatchObject({ nodes: [{ name: 'Build' }, { name: 'Care' }], pageInfo: { hasNextPage: true } });
  const second = await page(`first: 2 after: "${first.pageInfo.endCursor}"`);
  expect(second).toMatchObject({ nodes: [{ name: 'Audit' }], pageInfo: { hasNextPage: false } });
  expect((await page(`last: 1 before: "${second.pageInfo.startCursor}"`)).nodes).toEqual([{ name: 'Care' }]);
});

test('services with the lines that offer them are one statement, by the resolvers one more for the total', async () => {
  const rows =
    'nodes { name unitPrice { amount } proposalLineItems { totalCount nodes { description proposal { title } } } }';
  const { statements, result } = await gateway.countingBoth(acme.viewer, (client) =>
    client.ok(`{ services(filter: { name: { eq: "Used" } }) { ${rows} } }`),
  );
  expect(statements).toEqual({ compiler: 1, resolvers: 1 });
  const lines = { totalCount: 1, nodes: [{ description: 'L', proposal: { title: 'P' } }] };
  expect(result.services.nodes).toEqual([{ name: 'Used', unitPrice: { amount: '0.00' }, proposalLineItems: lines }]);
  const total = await gateway.countingBoth(acme.viewer, (client) => client.ok(`{ services { totalCount ${rows} } }`));
  expect(total.statements).toEqual({ compiler: 1, resolvers: 2 });
});
