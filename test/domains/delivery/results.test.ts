import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let managed: string;
let unmanaged: string;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
  managed = await make(acme.admin, 'Project', { name: 'Managed', managerId: acme.people.member.id });
  unmanaged = await make(acme.admin, 'Project', { name: 'Unmanaged' });
});

const deliverable = (projectId: string) => make(acme.member, 'Deliverable', { projectId, name: 'Report' });
const state = 'status approvedAt approvedBy { id }';
const only = (now: string, from: string, done: string) =>
  `This deliverable is ${now}; only one that is ${from} can be ${done}.`;

test('a deliverable is submitted, rejected, submitted again, approved and delivered', async () => {
  const id = await deliverable(unmanaged);
  const step = (name: string) =>
    write(name === 'Submit' ? acme.member : acme.admin, `deliverable${name}`, { id }, state);
  const none = { approvedAt: null, approvedBy: null };
  expect(await step('Submit')).toEqual({ status: 'IN_REVIEW', ...none });
  expect(await step('Reject')).toEqual({ status: 'REJECTED', ...none });
  expect(await step('Submit')).toEqual({ status: 'IN_REVIEW', ...none });
  const approved = await step('Approve');
  expect(approved).toMatchObject({ status: 'APPROVED', approvedBy: { id: `member_${acme.people.admin.id}` } });
  expect(Math.abs(Date.parse(approved.approvedAt) - Date.now())).toBeLessThan(60_000);
  expect(await step('Deliver')).toEqual({ ...approved, status: 'DELIVERED' });
});

test.each([
  ['Approve', 'draft', 'in review', 'approved'],
  ['Reject', 'draft', 'in review', 'rejected'],
  ['Deliver', 'draft', 'approved', 'delivered'],
])('%s is refused for a draft', async (name, now, from, done) => {
  const id = await deliverable(unmanaged);
  expect(await refusal(acme.admin, `deliverable${name}`, { id })).toEqual(conflict(only(now, from, done), 'id', 1));
});

test('admins and the manager of the project approve, others do not', async () => {
  const [own, other] = [await deliverable(managed), await deliverable(unmanaged)];
  await write(acme.admin, 'deliverableSubmit', { id: own });
  await write(acme.member, 'deliverableSubmit', { id: other });
  expect(await refusal(acme.member, 'deliverableApprove', { id: other })).toEqual([
    {
      code: 'FORBIDDEN',
      message: 'Only admins and the manager of the project decide on this.',
      path: ['id'],
      currentVersion: null,
    },
  ]);
  expect((await write(acme.member, 'deliverableApprove', { id: own }, state)).status).toBe('APPROVED');
  expect((await failure(acme.viewer, 'deliverableApprove', { id: other }))[0]).toBe('FORBIDDEN');
  expect((await refusal(globex.owner, 'deliverableApprove', { id: other }))[0]?.code).toBe('NOT_FOUND');
});

test('of two decisions at the same moment one counts', async () => {
  const id = await deliverable(unmanaged);
  await write(acme.member, 'deliverableSubmit', { id });
  const decide = (name: string) =>
    acme.admin.run(`mutation ($id: ID!) { it: ${name}(input: { id: $id }) { userErrors { code } } }`, { id });
  const answers = await Promise.all([decide('deliverableApprove'), decide('deliverableReject')]);
  expect(answers.map(({ data }) => data.it.userErrors.length).sort()).toEqual([0, 1]);
});

test('what was approved keeps its content', async () => {
  const id = await deliverable(unmanaged);
  await write(acme.member, 'deliverableUpdate', { id, description: 'Draft' });
  await write(acme.member, 'deliverableSubmit', { id });
  await write(acme.admin, 'deliverableApprove', { id });
  for (const [field, value] of Object.entries({ name: 'Other', description: null, fileId: null }))
    expect(await refusal(acme.admin, 'deliverableUpdate', { id, [field]: value })).toEqual(
      conflict(`This deliverable is approved, so its ${field} cannot change.`, field, 4),
    );
  await write(acme.admin, 'deliverableUpdate', { id, dueOn: '2030-01-01' });
});

test('a milestone is missed after its day, and can still be reached', async () => {
  const late = await make(acme.member, 'Milestone', { projectId: managed, name: 'Late', dueOn: '2020-01-01' });
  const early = await make(acme.member, 'Milestone', { projectId: managed, name: 'Early', dueOn: '2999-01-01' });
  const missed = async () => {
    const query = 'query ($id: ID!) { project(id: $id) { milestones(filter: { isMissed: true }) { nodes { id } } } }';
    return (await acme.viewer.ok(query, { id: managed })).project.milestones.nodes;
  };
  const read = async () => {
    const { result } = await gateway.countingBoth(acme.viewer, (client) =>
      client.ok('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Milestone { status reachedAt } } }', {
        ids: [late, early],
      }),
    );
    return result.nodes;
  };
  expect(await read()).toEqual([
    { status: 'MISSED', reachedAt: null },
    { status: 'PENDING', reachedAt: null },
  ]);
  expect(await missed()).toEqual([{ id: late }]);
  await write(acme.member, 'milestoneReach', { id: late });
  expect(await missed()).toEqual([]);
  await write(acme.member, 'milestoneReach', { id: early, reachedAt: '2026-03-04T05:06:07Z' });
  const [first, second] = await read();
  expect(first.status).toBe('REACHED');
  expect(Math.abs(Date.parse(first.reachedAt) - Date.now())).toBeLessThan(60_000);
  expect(second).toEqual({ status: 'REACHED', reachedAt: '2026-03-04T05:06:07.000Z' });
  expect(await refusal(acme.member, 'milestoneReach', { id: late })).toEqual(
    conflict('This milestone is reached; only one that is pending or missed can be reached.', 'id', 2),
  );
  expect((await failure(acme.viewer, 'milestoneReach', { id: early }))[0]).toBe('FORBIDDEN');
});

test('a milestone that was marked as missed waits again when it gets another day', async () => {
  const id = await make(acme.member, 'Milestone', { projectId: managed, name: 'Moved', dueOn: '2020-01-01' });
  await gateway.sql("update milestones set status = 'missed' where id = $1", [uuidOf(id)]);
  expect(await write(acme.member, 'milestoneUpdate', { id, dueOn: '2999-01-01' }, 'status')).toEqual({
    status: 'PENDING',
  });
});
