/** Decisions on records: asked for, decided once, by whom it asks. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const account = (): Promise<string> => make(acme.member, 'Account', { name: 'Hooli' });

async function requested(client: Client, input: object = {}): Promise<string> {
  return (await write(client, 'approvalRequest', { entityId: await account(), ...input })).id;
}

const told = async (client: Client, id: string): Promise<unknown[]> => {
  const { notifications } = await client.ok(
    'query ($id: ID!) { notifications(filter: { entityId: { eq: $id } }) { nodes { type title body entity { id } } } }',
    { id: uuidOf(id) },
  );
  return notifications.nodes;
};

const rowOf = async (id: string) => (await gateway.sql('select * from approvals where id = $1', [uuidOf(id)]))[0];

const forbidden = (message: string) => [{ code: 'FORBIDDEN', message, path: ['id'], currentVersion: null }];

describe('a request', () => {
  test('is about a record of any type, and tells the approver', async () => {
    const entityId = await account();
    const fields =
      'id status reason payload decidedAt entityType entityId entity { id } requestedBy { id } approver { id } decidedBy { id }';
    const input = { entityId, approverId: acme.people.admin.id, reason: 'More than 10 %', payload: { percent: 15 } };
    const { id, ...made } = await write(acme.member, 'approvalRequest', input, fields);
    expect(made).toEqual({
      status: 'PENDING',
      reason: 'More than 10 %',
      payload: { percent: 15 },
      decidedAt: null,
      entityType: 'account',
      entityId,
      entity: { id: entityId },
      requestedBy: { id: `member_${acme.people.member.id}` },
      approver: { id: `member_${acme.people.admin.id}` },
      decidedBy: null,
    });
    const note = {
      type: 'approval.requested',
      title: 'Decision asked for: account',
      body: 'More than 10 %',
      entity: { id },
    };
    expect(await told(acme.admin, id)).toEqual([note]);
    for (const other of [acme.owner, acme.member, acme.viewer, globex.owner]) expect(await told(other, id)).toEqual([]);
  });

  test('that names nobody tells every admin, but not the one who asks', async () => {
    const id = await requested(acme.admin);
    expect(await told(acme.owner, id)).toHaveLength(1);
    for (const other of [acme.admin, acme.member, acme.viewer]) expect(await told(other, id)).toEqual([]);
  });

  test('is the only one pending on its record, also when two ask at once', async () => {
    const entityId = await account();
    const ask = () =>
      acme.member.run(
        'mutation ($input: ApprovalRequestInput!) { approvalRequest(input: $input) { userErrors { code message path } } }',
        { input: { entityId } },
      );
    const answers = await Promise.all([ask(), ask(), ask()]);
    const errors = answers.flatMap(({ data }) => data.approvalRequest.userErrors);
    const taken = { code: 'CONFLICT', message: 'A decision on this record is pending already.', path: ['entityId'] };
    expect(errors).toEqual([taken, taken]);
    const [row] = await gateway.sql('select id from approvals where entity_id = $1', [uuidOf(entityId)]);
    await write(acme.admin, 'approvalReject', { id: row?.id });
    expect((await write(acme.member, 'approvalRequest', { entityId }, 'status')).status).toBe('PENDING');
  });

  test('names a live record, and an approver who can decide', async () => {
    const entityId = await account();
    const refused = async (input: object) => (await refusal(acme.member, 'approvalRequest', input))[0];
    expect(await refused({ entityId: uuidOf(entityId) })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'Expected the global id of a record.',
      path: ['entityId'],
    });
    expect(await refused({ entityId: await make(globex.member, 'Account', { name: 'Theirs' }) })).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no such account.',
      path: ['entityId'],
    });
    const approver = (approverId: string) => refused({ entityId, approverId });
    expect(await approver(acme.people.member.id)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'Ask somebody else: nobody is asked to approve a request of their own.',
      path: ['approverId'],
    });
    expect(await approver(acme.people.viewer.id)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'A viewer cannot decide: ask somebody with another role.',
    });
    expect(await approver(globex.people.admin.id)).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no such member.',
      path: ['approverId'],
    });
    expect((await failure(acme.viewer, 'approvalRequest', { entityId }))[0]).toBe('FORBIDDEN');
  });
});

describe('a decision', () => {
  test('is told to the one who asked, with its reason', async () => {
    const id = await requested(acme.member, { approverId: acme.people.admin.id });
    const fields = 'status decidedAt decisionReason decidedBy { id } version';
    const decided = await write(acme.admin, 'approvalApprove', { id, reason: 'Fine', expectedVersion: 1 }, fields);
    expect(decided).toMatchObject({
      status: 'APPROVED',
      decisionReason: 'Fine',
      decidedBy: { id: `member_${acme.people.admin.id}` },
      version: 2,
    });
    expect(Math.abs(Date.parse(decided.decidedAt) - Date.now())).toBeLessThan(60_000);
    expect(await told(acme.member, id)).toEqual([
      { type: 'approval.approved', title: 'Your request was approved: account', body: 'Fine', entity: { id } },
    ]);
  });

  test('is made exactly once, however many decide at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const id = await requested(acme.member);
      const decide = (client: Client, verb: string) =>
        client.run(
          `mutation ($id: ID!) { it: approval${verb}(input: { id: $id }) { approval { status } userErrors { code message } } }`,
          { id },
        );
      const answers = await Promise.all([
        decide(acme.owner, 'Approve'),
        decide(acme.admin, 'Reject'),
        decide(acme.owner, 'Reject'),
        decide(acme.member, 'Cancel'),
      ]);
      const { status } = (await rowOf(id)) ?? {};
      const made = answers.filter(({ data }) => data.it.approval);
      expect(made.map(({ data }) => data.it.approval.status.toLowerCase())).toEqual([status]);
      const message = expect.stringContaining(`This approval is ${status}; only one that is pending can be `);
      const late = { code: 'CONFLICT', message };
      expect(answers.flatMap(({ data }) => data.it.userErrors)).toEqual([late, late, late]);
      expect(await rowOf(id)).toMatchObject({ version: 2 });
    }
  });

  test('is for the approver or an admin', async () => {
    const id = await requested(acme.admin, { approverId: acme.people.member.id });
    expect((await write(acme.member, 'approvalReject', { id }, 'status')).status).toBe('REJECTED');
    const other = await requested(acme.admin, { approverId: acme.people.owner.id });
    expect(await refusal(acme.member, 'approvalApprove', { id: other })).toEqual(
      forbidden('Only the approver or an admin decides.'),
    );
    expect((await failure(acme.viewer, 'approvalApprove', { id: other }))[0]).toBe('FORBIDDEN');
    expect(await refusal(globex.owner, 'approvalApprove', { id: other })).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await rowOf(other)).toMatchObject({ status: 'pending', version: 1 });
  });

  test('is not for the one who asked, but an owner', async () => {
    const id = await requested(acme.admin);
    expect(await refusal(acme.admin, 'approvalApprove', { id })).toEqual(
      forbidden('Nobody decides on a request of their own, but an owner.'),
    );
    const own = await requested(acme.owner);
    expect((await write(acme.owner, 'approvalApprove', { id: own }, 'status')).status).toBe('APPROVED');
    expect(await told(acme.owner, own)).toEqual([]);
  });

  test('stands: the database lets nobody take it back', async () => {
    const id = await requested(acme.member);
    await write(acme.owner, 'approvalReject', { id });
    expect(await refusal(acme.owner, 'approvalApprove', { id })).toEqual(
      conflict('This approval is rejected; only one that is pending can be approved.', 'id', 2),
    );
    const back = gateway.sql("update approvals set status = 'pending' where id = $1", [uuidOf(id)]);
    await expect(back).rejects.toMatchObject({ constraint: 'approvals_status_move' });
  });

  test('is not made by API keys', async () => {
    const { secret } = await acme.owner
      .ok('mutation { made: apiKeyCreate(input: { name: "All", role: ADMIN }) { secret userErrors { code } } }')
      .then(({ made }) => made);
    const id = await requested(acme.member);
    const key = gateway.withKey(secret);
    expect(await failure(key, 'approvalApprove', { id })).toEqual([
      'FORBIDDEN',
      'An API key cannot do this: sign in as a person.',
    ]);
    expect((await failure(key, 'approvalRequest', { entityId: id }))[0]).toBe('FORBIDDEN');
  });
});

test('who asked or an admin calls it off', async () => {
  const [mine, theirs] = [await requested(acme.member), await requested(acme.admin)];
  expect((await write(acme.member, 'approvalCancel', { id: mine }, 'status')).status).toBe('CANCELED');
  expect(await refusal(acme.member, 'approvalCancel', { id: theirs })).toEqual(
    forbidden('Only the member who asked or an admin calls it off.'),
  );
  expect((await write(acme.owner, 'approvalCancel', { id: theirs }, 'decidedBy { id }')).decidedBy.id).toBe(
    `member_${acme.people.owner.id}`,
  );
  expect(await told(acme.admin, theirs)).toMatchObject([{ type: 'approval.canceled' }]);
});
