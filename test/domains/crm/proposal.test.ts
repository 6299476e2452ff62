import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from './write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let number = 0;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const totals = 'subtotal { cents currency } tax { cents } total { cents amount }';
const line = { description: 'Work', quantity: '1.5', unitPriceCents: '333' };

function draft(more: object = {}): Promise<string> {
  number += 1;
  return make(acme.member, 'Proposal', { proposalNumber: `P-${number}`, title: 'Offer', lineItems: [line], ...more });
}

async function sent(more: object = {}): Promise<string> {
  const id = await draft(more);
  await write(acme.member, 'proposalSend', { id });
  return id;
}

const read = async (id: string, selection: string): Promise<Data> =>
  (await acme.viewer.ok(`query ($id: ID!) { row: proposal(id: $id) { ${selection} } }`, { id })).row;
const rowOf = async (id: string) => (await gateway.sql('select * from proposals where id = $1', [uuidOf(id)]))[0];
const conflict = (message: string, path: string, currentVersion: number | null) => [
  { code: 'CONFLICT', message, path: [path], currentVersion },
];

describe('making a proposal', () => {
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

  test('a number is taken once among live proposals of an organization', async () => {
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
      'NOT_FOUND',
      { ...line, serviceId: 'account_01890000-0000-7000-8000-000000000000' },
      'There is no such service.',
      'serviceId',
    ],
  ])('%s for a line like %j, with its place', async (code, bad, message, field) => {
    const path = ['lineItems', '1', field];
    const input = { proposalNumber: 'BAD', title: 'A', lineItems: [line, bad] };
    expect(await refusal(acme.member, 'proposalCreate', input)).toEqual([
      { code, message, path, currentVersion: null },
    ]);
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
});

describe('deciding', () => {
  test('a draft with a line is sent, once', async () => {
    const id = await draft();
    const made = await write(acme.member, 'proposalSend', { id }, 'status sentAt decidedAt version');
    expect(made).toMatchObject({ status: 'SENT', decidedAt: null, version: 3 });
    expect(Math.abs(Date.parse(made.sentAt) - Date.now())).toBeLessThan(60_000);
    expect(await refusal(acme.member, 'proposalSend', { id })).toEqual(
      conflict('This proposal is sent; only one that is draft can be sent.', 'id', 3),
    );
  });

  test('a draft without a line is not sent', async () => {
    const id = await draft({ lineItems: [] });
    expect(await refusal(acme.member, 'proposalSend', { id })).toEqual(
      conflict('This proposal has no lines. Add one first.', 'id', 1),
    );
    expect(await rowOf(id)).toMatchObject({ status: 'draft', sent_at: null, version: 1 });
  });

  test('a proposal is not sent while its last line is taken away', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await draft({ lineItems: [{ description: 'Free' }] });
      const [item] = (await read(id, 'lineItems { nodes { id } }')).lineItems.nodes;
      await Promise.all([
        acme.member.run('mutation ($id: ID!) { proposalSend(input: { id: $id }) { userErrors { code } } }', { id }),
        acme.admin.run('mutation ($id: ID!) { proposalLineItemDelete(input: { id: $id }) { userErrors { code } } }', {
          id: item.id,
        }),
      ]);
      const { status, lineItems } = await read(id, 'status lineItems { totalCount }');
      expect([
        ['SENT', 1],
        ['DRAFT', 0],
      ]).toContainEqual([status, lineItems.totalCount]);
    }
  });

  test('accepting wins an open deal', async () => {
    const dealId = await make(acme.member, 'Deal', { title: 'Big' });
    const id = await sent({ dealId });
    const fields = 'status dealOutcome decidedAt deal { status probability closedAt stage { name } }';
    const accepted = await write(acme.member, 'proposalAccept', { id, expectedVersion: 3 }, fields);
    expect(accepted).toMatchObject({
      status: 'ACCEPTED',
      dealOutcome: 'WON',
      deal: { status: 'WON', probability: 100, stage: { name: 'Won' } },
    });
    for (const at of [accepted.decidedAt, accepted.deal.closedAt])
      expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
    expect(await gateway.sql('select subject from activities where entity_id = $1', [uuidOf(dealId)])).toEqual([
      { subject: 'Qualification → Won' },
    ]);
  });

  test('accepting leaves a deal that is lost or deleted, and needs none', async () => {
    const [lost, gone] = [
      await make(acme.member, 'Deal', { title: 'Lost' }),
      await make(acme.member, 'Deal', { title: 'Gone' }),
    ];
    await write(acme.member, 'dealLose', { id: lost, lostReason: 'Price' });
    await write(acme.member, 'dealDelete', { id: gone });
    for (const dealId of [lost, gone, null]) {
      expect(await write(acme.member, 'proposalAccept', { id: await sent({ dealId }) }, 'status dealOutcome')).toEqual({
        status: 'ACCEPTED',
        dealOutcome: 'WON',
      });
    }
    expect(
      await gateway.sql('select title, status from deals where id = any($1) order by title', [
        [lost, gone].map(uuidOf),
      ]),
    ).toEqual([
      { title: 'Gone', status: 'open' },
      { title: 'Lost', status: 'lost' },
    ]);
  });

  test('accepting is saved with the deal or not at all', async () => {
    const pipelineId = await make(acme.member, 'Pipeline', { name: 'Endless', stages: [{ name: 'Only' }] });
    const id = await sent({ dealId: await make(acme.member, 'Deal', { title: 'Stuck', pipelineId }) });
    expect(await refusal(acme.member, 'proposalAccept', { id })).toEqual(
      conflict('The pipeline of this deal has no stage for won deals.', 'id', 1),
    );
    expect(await rowOf(id)).toMatchObject({ status: 'sent', deal_outcome: null, decided_at: null, version: 3 });
  });

  test('rejecting leaves the deal', async () => {
    const id = await sent({ dealId: await make(acme.member, 'Deal', { title: 'Still open' }) });
    const rejected = await write(acme.member, 'proposalReject', { id }, 'status dealOutcome decidedAt deal { status }');
    expect(rejected).toMatchObject({ status: 'REJECTED', dealOutcome: 'LOST', deal: { status: 'OPEN' } });
    expect(Math.abs(Date.parse(rejected.decidedAt) - Date.now())).toBeLessThan(60_000);
  });

  test('only a sent proposal is decided, and only once', async () => {
    const id = await draft();
    const message = (now: string, step: string) => `This proposal is ${now}; only one that is sent can be ${step}.`;
    expect(await refusal(acme.member, 'proposalAccept', { id })).toEqual(
      conflict(message('draft', 'accepted'), 'id', 2),
    );
    expect(await refusal(acme.member, 'proposalReject', { id })).toEqual(
      conflict(message('draft', 'rejected'), 'id', 2),
    );
    await write(acme.member, 'proposalSend', { id });
    await write(acme.member, 'proposalAccept', { id });
    const before = await rowOf(id);
    expect(await refusal(acme.member, 'proposalReject', { id })).toEqual(
      conflict(message('accepted', 'rejected'), 'id', 4),
    );
    expect(await refusal(acme.member, 'proposalAccept', { id })).toEqual(
      conflict(message('accepted', 'accepted'), 'id', 4),
    );
    expect(await rowOf(id)).toEqual(before);
  });

  test.each(['proposalSend', 'proposalAccept', 'proposalReject'])(
    '%s is for those who write, at the version they saw, in their organization',
    async (step) => {
      const id = step === 'proposalSend' ? await draft() : await sent();
      const before = await rowOf(id);
      const stale = `Somebody changed it: the current version is ${before?.version}, not 1.`;
      expect(await refusal(acme.member, step, { id, expectedVersion: 1 })).toEqual(
        conflict(stale, 'expectedVersion', Number(before?.version)),
      );
      expect((await failure(acme.viewer, step, { id }))[0]).toBe('FORBIDDEN');
      expect(await refusal(globex.member, step, { id })).toEqual([
        { code: 'NOT_FOUND', message: 'There is no such Proposal.', path: ['id'], currentVersion: null },
      ]);
      expect(await rowOf(id)).toEqual(before);
    },
  );

  test('what was decided on stays, and the rest can change', async () => {
    const id = await sent();
    await write(acme.member, 'proposalUpdate', { id, validUntilOn: '2027-01-01' });
    await write(acme.member, 'proposalReject', { id });
    for (const [field, value] of Object.entries({
      taxCents: '1',
      currency: 'EUR',
      validUntilOn: null,
      content: {},
      accountId: null,
      dealId: null,
      proposalNumber: 'Z',
    })) {
      expect(await refusal(acme.member, 'proposalUpdate', { id, [field]: value })).toEqual(
        conflict(`This proposal is rejected, so its ${field} cannot change.`, field, 5),
      );
    }
    expect(
      await write(
        acme.member,
        'proposalUpdate',
        { id, title: 'Old offer', brainStatus: 'READY' },
        'title brainStatus validUntilOn version',
      ),
    ).toEqual({
      title: 'Old offer',
      brainStatus: 'READY',
      validUntilOn: '2027-01-01',
      version: 6,
    });
  });
});
