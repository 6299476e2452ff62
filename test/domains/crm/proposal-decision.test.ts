import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';
import { draft, read, sent } from './proposals.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const rowOf = async (id: string) => (await gateway.sql('select * from proposals where id = $1', [uuidOf(id)]))[0];

test('a draft with a line is sent, once', async () => {
  const id = await draft(acme.member);
  const made = await write(acme.member, 'proposalSend', { id }, 'status sentAt decidedAt version');
  expect(made).toMatchObject({ status: 'SENT', decidedAt: null, version: 3 });
  expect(Math.abs(Date.parse(made.sentAt) - Date.now())).toBeLessThan(60_000);
  expect(await refusal(acme.member, 'proposalSend', { id })).toEqual(
    conflict('This proposal is sent; only one that is draft can be sent.', 'id', 3),
  );
});

test('a draft without a line is not sent', async () => {
  const id = await draft(acme.member, { lineItems: [] });
  expect(await refusal(acme.member, 'proposalSend', { id })).toEqual(
    conflict('This proposal has no lines. Add one first.', 'id', 1),
  );
  expect(await rowOf(id)).toMatchObject({ status: 'draft', sent_at: null, version: 1 });
});

test('a proposal is not sent while its last line is taken away', async () => {
  for (let round = 0; round < 5; round += 1) {
    const id = await draft(acme.member, { lineItems: [{ description: 'Free' }] });
    const [item] = (await read(acme.viewer, id, 'lineItems { nodes { id } }')).lineItems.nodes;
    await Promise.all([
      acme.member.run('mutation ($id: ID!) { proposalSend(input: { id: $id }) { userErrors { code } } }', { id }),
      acme.admin.run('mutation ($id: ID!) { proposalLineItemDelete(input: { id: $id }) { userErrors { code } } }', {
        id: item.id,
      }),
    ]);
    const { status, lineItems } = await read(acme.viewer, id, 'status lineItems { totalCount }');
    expect([
      ['SENT', 1],
      ['DRAFT', 0],
    ]).toContainEqual([status, lineItems.totalCount]);
  }
});

test('accepting wins an open deal', async () => {
  const dealId = await make(acme.member, 'Deal', { title: 'Big' });
  const id = await sent(acme.member, { dealId });
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
    expect(
      await write(acme.member, 'proposalAccept', { id: await sent(acme.member, { dealId }) }, 'status dealOutcome'),
    ).toEqual({
      status: 'ACCEPTED',
      dealOutcome: 'WON',
    });
  }
  expect(
    await gateway.sql('select title, status from deals where id = any($1) order by title', [[lost, gone].map(uuidOf)]),
  ).toEqual([
    { title: 'Gone', status: 'open' },
    { title: 'Lost', status: 'lost' },
  ]);
});

test('accepting is saved with the deal or not at all', async () => {
  const pipelineId = await make(acme.member, 'Pipeline', { name: 'Endless', stages: [{ name: 'Only' }] });
  const id = await sent(acme.member, { dealId: await make(acme.member, 'Deal', { title: 'Stuck', pipelineId }) });
  expect(await refusal(acme.member, 'proposalAccept', { id })).toEqual(
    conflict('The pipeline of this deal has no stage for won deals.', 'id', 1),
  );
  expect(await rowOf(id)).toMatchObject({ status: 'sent', deal_outcome: null, decided_at: null, version: 3 });
});

test('rejecting leaves the deal', async () => {
  const id = await sent(acme.member, { dealId: await make(acme.member, 'Deal', { title: 'Still open' }) });
  const rejected = await write(acme.member, 'proposalReject', { id }, 'status dealOutcome decidedAt deal { status }');
  expect(rejected).toMatchObject({ status: 'REJECTED', dealOutcome: 'LOST', deal: { status: 'OPEN' } });
  expect(Math.abs(Date.parse(rejected.decidedAt) - Date.now())).toBeLessThan(60_000);
});

test('only a sent proposal is decided, and only once', async () => {
  const id = await draft(acme.member);
  const message = (now: string, step: string) => `This proposal is ${now}; only one that is sent can be ${step}.`;
  expect(await refusal(acme.member, 'proposalAccept', { id })).toEqual(conflict(message('draft', 'accepted'), 'id', 2));
  expect(await refusal(acme.member, 'proposalReject', { id })).toEqual(conflict(message('draft', 'rejected'), 'id', 2));
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
    const id = step === 'proposalSend' ? await draft(acme.member) : await sent(acme.member);
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
  const id = await sent(acme.member);
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
