import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { conflict, make, refusal, write } from '../../support/write.ts';
import { line } from './proposals.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const totals = 'subtotal { cents currency } tax { cents } total { cents amount }';

test('with its lines, which make its totals', async () => {
  const serviceId = await make(acme.member, 'Service', { name: 'Design' });
  const lineItems = [
    line,
    { description: 'Design', quantity: '0.125', unitPriceCents: '20000', serviceId },
    { description: 'Discount', unitPriceCents: '-100' },
  ];
  const lines =
    'lineItems { nodes { position description quantity unitPrice { amount currency } total { cents } service { name } } }';
  const made = await write(
    acme.member,
    'proposalCreate',
    { proposalNumber: 'N-1', title: 'Web', currency: 'EUR', taxCents: '190', lineItems },
    `status version ${totals} ${lines}`,
  );
  expect(made).toMatchObject({
    status: 'DRAFT',
    subtotal: { cents: '2900', currency: 'EUR' },
    tax: { cents: '190' },
    total: { cents: '3090', amount: '30.90' },
  });
  expect(made.lineItems.nodes).toEqual([
    {
      position: 1,
      description: 'Work',
      quantity: '1.5',
      unitPrice: { amount: '3.33', currency: 'EUR' },
      total: { cents: '500' },
      service: null,
    },
    {
      position: 2,
      description: 'Design',
      quantity: '0.125',
      unitPrice: { amount: '200.00', currency: 'EUR' },
      total: { cents: '2500' },
      service: { name: 'Design' },
    },
    {
      position: 3,
      description: 'Discount',
      quantity: '1',
      unitPrice: { amount: '-1.00', currency: 'EUR' },
      total: { cents: '-100' },
      service: null,
    },
  ]);
});

test('unique proposal number per org: taken once among live proposals', async () => {
  const input = { proposalNumber: 'TAKEN', title: 'A' };
  const id = await make(acme.member, 'Proposal', input);
  const taken = conflict('That proposalNumber is taken already.', 'proposalNumber', null);
  expect(await refusal(acme.member, 'proposalCreate', input)).toEqual(taken);
  await make(globex.member, 'Proposal', input);
  await write(acme.member, 'proposalDelete', { id });
  await make(acme.member, 'Proposal', input);
  expect(await refusal(acme.member, 'proposalRestore', { id })).toEqual(taken);
  expect(await gateway.sql("select count(*)::int as n from proposals where proposal_number = 'TAKEN'")).toEqual([
    { n: 3 },
  ]);
});

test.each([
  ['BAD_USER_INPUT', { description: '' }, 'A line needs a description.', 'description'],
  ['BAD_USER_INPUT', { ...line, quantity: '0' }, 'A quantity is 0.001 to 999999999.999.', 'quantity'],
  ['BAD_USER_INPUT', { ...line, quantity: '1000000000' }, 'A quantity is 0.001 to 999999999.999.', 'quantity'],
  [
    'BAD_USER_INPUT',
    { ...line, serviceId: 'account_01890000-0000-7000-8000-000000000000' },
    'Expected an id of Service: service_<uuid> or a UUID.',
    'serviceId',
  ],
])('%s for a line like %j, with its place', async (code, bad, message, field) => {
  const path = ['lineItems', '1', field];
  const input = { proposalNumber: 'BAD', title: 'A', lineItems: [line, bad] };
  expect(await refusal(acme.member, 'proposalCreate', input)).toEqual([{ code, message, path, currentVersion: null }]);
  expect(await gateway.sql("select id from proposals where proposal_number = 'BAD'")).toEqual([]);
});

test("a line cannot name another organization's service", async () => {
  const serviceId = await make(globex.member, 'Service', { name: 'Theirs' });
  const path = ['lineItems', '0', 'serviceId'];
  expect(
    await refusal(acme.member, 'proposalCreate', {
      proposalNumber: 'X',
      title: 'A',
      lineItems: [{ ...line, serviceId }],
    }),
  ).toEqual([{ code: 'NOT_FOUND', message: 'There is no such service.', path, currentVersion: null }]);
});

test.each([
  'status: SENT',
  'totalCents: "1"',
  'subtotalCents: "1"',
  'dealOutcome: WON',
  'sentAt: "2026-01-01T00:00:00Z"',
])('%s is not to be written', async (field) => {
  const name = field.split(':')[0];
  for (const type of ['Create', 'Update']) {
    const rest = type === 'Create' ? 'proposalNumber: "W", title: "A"' : 'id: "1"';
    const { errors } = await acme.owner.run(
      `mutation { proposal${type}(input: { ${rest}, ${field} }) { proposal { id } } }`,
    );
    expect(errors?.[0]?.message).toContain(`Field "${name}" is not defined by type "Proposal${type}Input".`);
  }
});
