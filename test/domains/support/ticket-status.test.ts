import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
});

const ticket = (input: object = {}) => make(org.member, 'Ticket', { subject: 'Lift stands still', ...input });
const steps = {
  open: [],
  pending: [['ticketHold', { waitingFor: 'CLIENT' }]],
  on_hold: [['ticketHold', {}]],
  resolved: [['ticketResolve', {}]],
  closed: [
    ['ticketResolve', {}],
    ['ticketClose', {}],
  ],
} as const;

/** A ticket in a state, reached as clients do. */
async function ticketIn(status: keyof typeof steps): Promise<string> {
  const id = await ticket();
  for (const [mutation, input] of steps[status]) await write(org.member, mutation, { id, ...input });
  return id;
}

test('a ticket is held, solved, closed and opened again', async () => {
  const id = await ticket();
  const move = async (mutation: string, input: object = {}) =>
    (await write(org.member, mutation, { id, ...input }, 'status')).status;
  expect(await move('ticketHold')).toBe('ON_HOLD');
  expect(await move('ticketHold', { waitingFor: 'CLIENT' })).toBe('PENDING');
  expect(await move('ticketReopen')).toBe('OPEN');
  expect(await move('ticketResolve')).toBe('RESOLVED');
  expect(await move('ticketReopen')).toBe('OPEN');
  expect(await move('ticketHold', { waitingFor: 'OTHERS' })).toBe('ON_HOLD');
  expect(await move('ticketResolve')).toBe('RESOLVED');
  expect(await move('ticketClose')).toBe('CLOSED');
  expect(await move('ticketReopen')).toBe('OPEN');
});

test('the moment of its solution is noted, kept when it closes and cleared when it opens', async () => {
  const id = await ticket();
  const fields = 'resolvedAt firstRespondedAt';
  const resolved = await write(org.member, 'ticketResolve', { id }, fields);
  expect(Math.abs(Date.parse(resolved.resolvedAt) - Date.now())).toBeLessThan(60_000);
  expect(resolved.firstRespondedAt).toBe(resolved.resolvedAt);
  expect(await write(org.member, 'ticketClose', { id }, fields)).toEqual(resolved);
  expect(await write(org.member, 'ticketReopen', { id }, fields)).toEqual({ ...resolved, resolvedAt: null });
});

test.each([
  ['ticketHold', {}, 'on_hold', 'This ticket is on hold; only one that is open or pending can be put on hold.'],
  [
    'ticketHold',
    { waitingFor: 'CLIENT' },
    'resolved',
    'This ticket is resolved; only one that is open or on hold can be set to wait for the client.',
  ],
  ['ticketResolve', {}, 'closed', 'This ticket is closed; only one that is open, pending or on hold can be resolved.'],
  ['ticketClose', {}, 'open', 'This ticket is open; only one that is resolved can be closed.'],
  [
    'ticketReopen',
    {},
    'open',
    'This ticket is open; only one that is pending, on hold, resolved or closed can be opened again.',
  ],
  [
    'ticketAssign',
    {},
    'closed',
    'This ticket is closed; only one that is open, pending, on hold or resolved can be assigned.',
  ],
] as const)('%s %j of a ticket that is %s is refused', async (mutation, input, status, message) => {
  const id = await ticketIn(status);
  const version = steps[status].length + 1;
  expect(await refusal(org.member, mutation, { id, ...input })).toEqual(conflict(message, 'id', version));
  expect(await gateway.sql('select status from tickets where id = $1', [uuidOf(id)])).toEqual([{ status }]);
});

test('of two who solve a ticket at the same moment one is refused', async () => {
  const id = await ticket();
  const document = 'mutation ($id: ID!) { ticketResolve(input: { id: $id }) { userErrors { code } } }';
  const answers = await Promise.all([1, 2].map(() => org.member.run(document, { id })));
  const codes = answers.map(({ data }) => data.ticketResolve.userErrors.map(({ code }: { code: string }) => code));
  expect(codes.sort()).toEqual([[], ['CONFLICT']]);
});

test('a ticket is given to a member, to another one, and to nobody', async () => {
  const id = await ticket();
  const assign = async (assigneeId?: string | null) =>
    (await write(org.member, 'ticketAssign', { id, assigneeId }, 'assignee { id }')).assignee;
  const [admin, viewer] = [org.people.admin, org.people.viewer].map((person) => ({ id: `member_${person.id}` }));
  expect(await assign(admin?.id)).toEqual(admin);
  expect(await assign(viewer?.id)).toEqual(viewer);
  expect(await assign(null)).toBeNull();
});

test('a ticket is given to nobody who has left, is of another organization, or of none', async () => {
  const id = await ticket();
  const one = await newOrganization(gateway);
  const left = one.people.member.id;
  const theirs = await make(one.admin, 'Ticket', { subject: 'x', assigneeId: left });
  await gateway.sql("update org_members set status = 'removed' where org_id = $1 and user_id = $2", [one.id, left]);
  const gone = conflict('This member has left the organization.', 'assigneeId', null);
  expect(await refusal(one.admin, 'ticketAssign', { id: theirs, assigneeId: left })).toEqual(gone);
  expect(await refusal(one.admin, 'ticketCreate', { subject: 'x', assigneeId: left })).toEqual(gone);
  for (const assigneeId of [one.people.admin.id, randomUUID()]) {
    expect(await refusal(org.member, 'ticketAssign', { id, assigneeId })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such member.', path: ['assigneeId'], currentVersion: null },
    ]);
  }
});

const mutations = ['ticketHold', 'ticketResolve', 'ticketClose', 'ticketReopen', 'ticketAssign'];

test.each(mutations)('%s is nothing for viewers and other organizations, nor for stale versions', async (mutation) => {
  const id = await ticketIn(mutation === 'ticketReopen' || mutation === 'ticketClose' ? 'resolved' : 'open');
  expect(await failure(org.viewer, mutation, { id })).toEqual([
    'FORBIDDEN',
    'This needs the permission support:write (role MEMBER or above).',
  ]);
  expect(await refusal(other.member, mutation, { id })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such Ticket.', path: ['id'], currentVersion: null },
  ]);
  const { version } = await write(org.member, 'ticketUpdate', { id, subject: 'Changed' }, 'version');
  expect(await refusal(org.member, mutation, { id, expectedVersion: version - 1 })).toEqual(
    conflict(`Somebody changed it: the current version is ${version}, not ${version - 1}.`, 'expectedVersion', version),
  );
});
