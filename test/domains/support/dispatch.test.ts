import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, queryFailure, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;
let ticketId: string;
let taskId: string;
let technicianId: string;
let hours = 0;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
  ticketId = await make(org.member, 'Ticket', { subject: 'Boiler is cold' });
  const projectId = await make(org.member, 'Project', { name: 'Renewal' });
  taskId = await make(org.member, 'Task', { projectId, title: 'Replace the boiler' });
  technicianId = `member_${org.people.member.id}`;
});

/** A time on the first of May 2030. */
const at = (time: string): string => `2030-05-01T${time}:00.000Z`;

const visit = (from: string, to: string, input: object = {}) => ({
  technicianId,
  ticketId,
  startsAt: at(from),
  endsAt: at(to),
  ...input,
});

/** A visit at a time that no other one has. */
function nextVisit(): Promise<string> {
  const startsAt = new Date(Date.UTC(2031, 0, 1, hours++)).toISOString();
  const endsAt = new Date(Date.UTC(2031, 0, 1, hours)).toISOString();
  return make(org.member, 'DispatchAssignment', { technicianId, ticketId, startsAt, endsAt });
}

const busy = conflict('The technician has another visit at that time.', 'startsAt', null);

test("a technician's visits never overlap, and may follow each other", async () => {
  await make(org.member, 'DispatchAssignment', visit('08:00', '10:00'));
  for (const [from, to] of [
    ['07:00', '08:01'],
    ['08:00', '10:00'],
    ['09:00', '09:30'],
    ['07:00', '11:00'],
  ] as const) {
    expect(await refusal(org.member, 'dispatchAssignmentCreate', visit(from, to))).toEqual(busy);
  }
  await make(org.member, 'DispatchAssignment', visit('07:00', '08:00'));
  const next = await make(org.member, 'DispatchAssignment', visit('10:00', '11:00'));
  expect(await refusal(org.member, 'dispatchAssignmentUpdate', { id: next, startsAt: at('09:59') })).toEqual(busy);
  const colleague = { technicianId: org.people.admin.id };
  await make(org.member, 'DispatchAssignment', visit('08:00', '10:00', colleague));
  const moved = { id: next, startsAt: at('09:00'), endsAt: at('09:30'), ...colleague };
  expect(await refusal(org.member, 'dispatchAssignmentUpdate', moved)).toEqual(busy);
});

test('of two visits planned for the same time at the same moment one is refused', async () => {
  const document = `mutation ($input: DispatchAssignmentCreateInput!) { dispatchAssignmentCreate(input: $input) { userErrors { code message } } }`;
  const answers = await Promise.all(
    Array.from({ length: 4 }, (_, index) =>
      org.member.run(document, { input: visit('12:00', '13:00', { endsAt: at(`13:0${index}`) }) }),
    ),
  );
  const errors = answers.flatMap(({ data }) => data.dispatchAssignmentCreate.userErrors);
  expect(errors).toEqual(Array(3).fill({ code: 'CONFLICT', message: busy[0]?.message }));
});

test('a canceled visit leaves the technician free', async () => {
  const id = await make(org.member, 'DispatchAssignment', visit('14:00', '15:00'));
  expect(await write(org.member, 'dispatchAssignmentCancel', { id }, 'status')).toEqual({ status: 'CANCELED' });
  await make(org.member, 'DispatchAssignment', visit('14:00', '15:00'));
});

test('a visit is for a task or for a ticket, and ends after it begins', async () => {
  const refused = (path: string, message: string) => [
    { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
  ];
  const one = refused('ticketId', 'A visit is for a task or for a ticket: give one of the two.');
  const ask = (input: object) => refusal(org.member, 'dispatchAssignmentCreate', visit('16:00', '17:00', input));
  expect(await ask({ taskId })).toEqual(one);
  expect(await ask({ ticketId: null })).toEqual(one);
  expect(await ask({ endsAt: at('16:00') })).toEqual(refused('endsAt', 'It ends before it begins.'));
  const id = await make(org.member, 'DispatchAssignment', visit('16:00', '17:00'));
  const moved = { id, ticketId: null, taskId };
  expect(await write(org.member, 'dispatchAssignmentUpdate', moved, 'task { id } ticket { id }')).toEqual({
    task: { id: taskId },
    ticket: null,
  });
});

test('a visit goes on its way, arrives and is done, and notes when', async () => {
  const id = await nextVisit();
  const advance = () => write(org.member, 'dispatchAssignmentAdvance', { id }, 'status arrivedAt completedAt');
  expect(await advance()).toEqual({ status: 'EN_ROUTE', arrivedAt: null, completedAt: null });
  const arrived = await advance();
  expect(arrived).toMatchObject({ status: 'ON_SITE', completedAt: null });
  const done = await advance();
  expect(done).toMatchObject({ status: 'DONE', arrivedAt: arrived.arrivedAt });
  for (const moment of [done.arrivedAt, done.completedAt])
    expect(Math.abs(Date.parse(moment) - Date.now())).toBeLessThan(60_000);
  const { ticket } = await org.viewer.ok('query ($id: ID!) { ticket(id: $id) { status } }', { id: ticketId });
  expect(ticket).toEqual({ status: 'OPEN' });
});

const further = 'only one that is scheduled, en route or on site can be taken a step further.';

test.each([
  ['dispatchAssignmentAdvance', 3, `This dispatch assignment is done; ${further}`],
  [
    'dispatchAssignmentCancel',
    2,
    'This dispatch assignment is on site; only one that is scheduled or en route can be canceled.',
  ],
  ['dispatchAssignmentUpdate', 1, 'This dispatch assignment is en route; only one that is scheduled can be changed.'],
  [
    'dispatchAssignmentDelete',
    3,
    'This dispatch assignment is done; only one that is scheduled or canceled can be deleted.',
  ],
] as const)('%s is refused after %i steps', async (mutation, steps, message) => {
  const id = await nextVisit();
  for (let step = 0; step < steps; step += 1) await write(org.member, 'dispatchAssignmentAdvance', { id });
  expect(await refusal(org.member, mutation, { id })).toEqual(conflict(message, 'id', steps + 1));
});

test('what is canceled is not taken further', async () => {
  const id = await nextVisit();
  await write(org.member, 'dispatchAssignmentCancel', { id });
  expect(await refusal(org.member, 'dispatchAssignmentAdvance', { id })).toEqual(
    conflict(`This dispatch assignment is canceled; ${further}`, 'id', 2),
  );
});

test('of two who take a visit a step further at the same moment one is refused', async () => {
  const id = await nextVisit();
  const document =
    'mutation ($id: ID!) { dispatchAssignmentAdvance(input: { id: $id, expectedVersion: 1 }) { userErrors { code } } }';
  const answers = await Promise.all([1, 2].map(() => org.member.run(document, { id })));
  const codes = answers.map(({ data }) =>
    data.dispatchAssignmentAdvance.userErrors.map(({ code }: { code: string }) => code),
  );
  expect(codes.sort()).toEqual([[], ['CONFLICT']]);
});

test('viewers and other organizations dispatch nobody', async () => {
  const id = await nextVisit();
  for (const mutation of ['dispatchAssignmentAdvance', 'dispatchAssignmentCancel']) {
    expect((await failure(org.viewer, mutation, { id }))[0]).toBe('FORBIDDEN');
    expect(await refusal(other.member, mutation, { id })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such DispatchAssignment.', path: ['id'], currentVersion: null },
    ]);
  }
  const theirs = visit('18:00', '19:00', { technicianId: other.people.member.id });
  expect((await refusal(org.member, 'dispatchAssignmentCreate', theirs))[0]).toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no such member.',
  });
});

test('the free times of a technician are those between visits', async () => {
  const own = await newOrganization(gateway);
  const ticket = await make(own.member, 'Ticket', { subject: 'x' });
  const technician = own.people.admin.id;
  const plan = (from: string, to: string) =>
    make(own.member, 'DispatchAssignment', visit(from, to, { technicianId: technician, ticketId: ticket }));
  await plan('07:00', '09:00');
  await plan('10:00', '11:00');
  await plan('11:15', '12:00');
  await write(own.member, 'dispatchAssignmentCancel', { id: await plan('13:00', '14:00') });
  const document = `query ($id: ID!, $from: DateTimeOrDuration!, $to: DateTimeOrDuration!, $minutes: Int) {
    technicianFreeSlots(technicianId: $id, from: $from, to: $to, minutes: $minutes) { startsAt endsAt } }`;
  const ask = { id: technician, from: at('08:00'), to: at('18:00') };
  const free = async (minutes?: number, asked: object = ask) =>
    (await own.viewer.ok(document, { ...asked, minutes })).technicianFreeSlots.map(({ startsAt, endsAt }: Data) => [
      startsAt.slice(11, 16),
      endsAt.slice(11, 16),
    ]);
  expect(await free()).toEqual([
    ['09:00', '10:00'],
    ['12:00', '18:00'],
  ]);
  expect(await free(10)).toEqual([
    ['09:00', '10:00'],
    ['11:00', '11:15'],
    ['12:00', '18:00'],
  ]);
  expect(await free(30, { ...ask, id: randomUUID() })).toEqual([['08:00', '18:00']]);
  expect(await queryFailure(own.viewer, document, { ...ask, to: ask.from })).toEqual([
    'BAD_USER_INPUT',
    'from is not before to.',
  ]);
  const [code] = await queryFailure(own.viewer, document, { ...ask, to: '2031-05-01T00:00:00Z' });
  expect(code).toBe('BAD_USER_INPUT');
});
