import { beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../../src/auth/scope.ts';
import { callerOf, enter } from '../../support/door.ts';
import type { Client, Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';
import { colleague, forbiddenBy, makeTeam, type Team, unknown } from './team.ts';

let gateway: Gateway;
let org: Org;
let team: Team;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  team = await makeTeam(gateway, org);
});

let week = 0;

/** Days that no other test asks for. */
function freshDays(): { readonly startsOn: string; readonly endsOn: string } {
  const monday = new Date(Date.UTC(2027, 0, 4 + 7 * week++));
  const day = (plus: number) => new Date(monday.getTime() + plus * 86_400_000).toISOString().slice(0, 10);
  return { startsOn: day(0), endsOn: day(4) };
}

const asked = (input: object = {}, client: Client = team.worker.client): Promise<string> =>
  make(client, 'LeaveRequest', { ...freshDays(), ...input });
const move = (client: Client, verb: string, id: string): Promise<Data> =>
  write(client, `leaveRequest${verb}`, { id }, 'status decidedAt decidedBy { id } version');

test('leave is asked for by oneself, pending until a manager decides', async () => {
  const { worker, lead } = team;
  const input = { type: 'SICK', ...freshDays(), reason: 'Flu' };
  const made = await write(worker.client, 'leaveRequestCreate', input, 'id type status decidedAt employee { id }');
  expect(made).toMatchObject({ type: 'SICK', status: 'PENDING', decidedAt: null, employee: { id: worker.id } });
  const decided = await move(lead.client, 'Approve', made.id);
  expect(decided).toMatchObject({ status: 'APPROVED', decidedAt: expect.any(String) });
  expect(decided.decidedBy.id).toContain(lead.userId);
  expect((await move(team.boss.client, 'Reject', await asked())).status).toBe('REJECTED');
});

test.each([
  ['2026-03-02', '2026-03-06', 5],
  ['2026-03-06', '2026-03-09', 2],
  ['2026-03-07', '2026-03-08', 0],
  ['2026-03-04', '2026-03-04', 1],
  ['2026-03-08', '2026-03-16', 6],
  ['2027-12-27', '2028-12-31', 265],
])('from %s to %s there are %d working days', async (startsOn, endsOn, workingDays) => {
  const made = await write(
    org.admin,
    'leaveRequestCreate',
    { employeeId: team.boss.id, startsOn, endsOn },
    'workingDays',
  );
  expect(made).toEqual({ workingDays });
});

test('leave ends on its first day or later, and within two years', async () => {
  for (const endsOn of ['2020-03-01', '2022-03-03']) {
    expect(await refusal(team.worker.client, 'leaveRequestCreate', { startsOn: '2020-03-02', endsOn })).toEqual([
      {
        code: 'BAD_USER_INPUT',
        message: 'Leave ends on its first day or up to two years later.',
        path: ['endsOn'],
        currentVersion: null,
      },
    ]);
  }
});

test('a decision is made once, and what is decided is not changed', async () => {
  const { worker, lead } = team;
  const id = await asked();
  await move(lead.client, 'Approve', id);
  for (const [verb, participle] of [
    ['Approve', 'approved'],
    ['Reject', 'rejected'],
  ] as const) {
    const message = `This leave request is approved; only one that is pending can be ${participle}.`;
    expect(await refusal(lead.client, `leaveRequest${verb}`, { id })).toEqual(conflict(message, 'id', 2));
  }
  const message = 'This leave request is approved; only one that is pending can be changed.';
  expect(await refusal(worker.client, 'leaveRequestUpdate', { id, reason: 'x' })).toEqual(conflict(message, 'id', 2));
  expect((await move(worker.client, 'Cancel', id)).status).toBe('CANCELED');
  const late = 'This leave request is canceled; only one that is pending or approved can be canceled.';
  expect(await refusal(worker.client, 'leaveRequestCancel', { id })).toEqual(conflict(late, 'id', 3));
});

test('nobody but an owner decides on their own leave', async () => {
  const own = 'Nobody but an owner decides on their own leave.';
  for (const client of [team.worker.client, team.boss.client]) {
    const id = await asked({}, client);
    for (const verb of ['Approve', 'Reject'])
      expect(await refusal(client, `leaveRequest${verb}`, { id })).toEqual(forbiddenBy(own, 'id'));
  }
  const employ = (role: 'admin' | 'owner') =>
    make(org.admin, 'Employee', { firstName: role, lastName: 'X', userId: org.people[role].id });
  await employ('admin');
  await employ('owner');
  const ofAdmin = await asked({}, org.admin);
  expect(await refusal(org.admin, 'leaveRequestApprove', { id: ofAdmin })).toEqual(forbiddenBy(own, 'id'));
  expect((await move(org.owner, 'Approve', ofAdmin)).status).toBe('APPROVED');
  expect((await move(org.owner, 'Approve', await asked({}, org.owner))).status).toBe('APPROVED');
});

test('managers neither change nor take back the requests of others', async () => {
  const id = await asked();
  const message = 'Only the employee and admins do this.';
  for (const [verb, more] of [
    ['Update', { reason: 'x' }],
    ['Cancel', {}],
  ] as const)
    expect(await refusal(team.lead.client, `leaveRequest${verb}`, { id, ...more })).toEqual(
      forbiddenBy(message, 'id', 1),
    );
  await write(team.worker.client, 'leaveRequestUpdate', { id, reason: 'Wedding' });
  expect((await move(org.admin, 'Cancel', id)).status).toBe('CANCELED');
});

test('for whom the caller sees, and nobody else: as if they were not there', async () => {
  const { worker, lead, outsider } = team;
  expect((await asked({ employeeId: worker.id }, lead.client)).length).toBeGreaterThan(36);
  const missing = [{ ...unknown('employee')[0], path: ['employeeId'] }];
  const input = { employeeId: worker.id, ...freshDays() };
  for (const client of [outsider.client, org.member])
    expect(await refusal(client, 'leaveRequestCreate', input)).toEqual(missing);
  const id = await asked();
  for (const verb of ['Approve', 'Reject', 'Cancel'])
    expect(await refusal(outsider.client, `leaveRequest${verb}`, { id })).toEqual(unknown('LeaveRequest'));
  expect(await refusal(org.member, 'leaveRequestCreate', freshDays())).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'You are no employee here. Name one.',
      path: ['employeeId'],
      currentVersion: null,
    },
  ]);
  expect((await failure(org.viewer, 'leaveRequestCreate', freshDays()))[0]).toBe('FORBIDDEN');
});

test('who has left asks for nothing', async () => {
  const gone = await make(org.admin, 'Employee', { firstName: 'Gone', lastName: 'X', status: 'TERMINATED' });
  expect(await refusal(org.admin, 'leaveRequestCreate', { employeeId: gone, ...freshDays() })).toEqual(
    conflict('This employee has left.', 'employeeId', null),
  );
});

const overlap = 'The employee has approved leave on some of these days.';

test('granted leave of an employee does not overlap', async () => {
  const { worker, lead } = team;
  const days = freshDays();
  const [first, second] = [await asked(days), await asked({ ...days, startsOn: days.endsOn })];
  await move(lead.client, 'Approve', first);
  expect(await refusal(lead.client, 'leaveRequestApprove', { id: second })).toEqual(conflict(overlap, 'id', null));
  expect(await refusal(worker.client, 'leaveRequestCreate', days)).toEqual(conflict(overlap, 'startsOn', null));
  const elsewhere = await asked();
  expect(await refusal(worker.client, 'leaveRequestUpdate', { id: elsewhere, ...days })).toEqual(
    conflict(overlap, 'startsOn', null),
  );
  await move(worker.client, 'Cancel', first);
  expect((await move(lead.client, 'Approve', second)).status).toBe('APPROVED');
});

test('of two grants of the same days at the same moment one is refused', async () => {
  const days = freshDays();
  const ids = await Promise.all([asked(days), asked(days)]);
  const document = 'mutation ($input: TargetInput!) { leaveRequestApprove(input: $input) { userErrors { message } } }';
  const answers = await Promise.all(ids.map((id) => team.lead.client.run(document, { input: { id } })));
  const messages = answers.flatMap(({ data }) => data.leaveRequestApprove.userErrors);
  expect(messages).toEqual([{ message: overlap }]);
  expect(await make(team.outsider.client, 'LeaveRequest', days)).toBeTruthy();
});

/** Runs SQL as a member would through a resolver with a hole, and gives what Postgres said. */
async function asMember(userId: string, statement: string): Promise<string> {
  const client = await gateway.database.pool.connect();
  try {
    await client.query('begin');
    const caller = { ...callerOf(org), userId } as Caller;
    await enter((text, values) => client.query(text, values), gateway, caller);
    const { rowCount } = await client.query(statement);
    return `${rowCount} rows`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test('the database itself keeps to this, whatever a resolver does', async () => {
  const { worker, lead, outsider } = team;
  const leave = uuidOf(await asked());
  const low = await colleague(gateway, org, 'Low', worker.id);
  const say = (who: { userId: string }, statement: string) => asMember(who.userId, statement);
  expect(await say(outsider, 'select 1 from leave_requests')).toBe('1 rows');
  expect(await say(worker, `update leave_requests set status = 'approved' where id = '${leave}'`)).toBe(
    'refused: of_others',
  );
  expect(await say(worker, `delete from leave_requests where id = '${leave}'`)).toBe('0 rows');
  const claim = `update leave_requests set visible_to = array['${outsider.userId}'::uuid] where id = '${leave}'`;
  expect(await say(worker, `${claim} returning visible_to`)).toBe('1 rows');
  expect(await say(outsider, claim)).toBe('0 rows');
  expect(await say(lead, `update employees set title = 'x' where id = '${uuidOf(low.id)}'`)).toBe('0 rows');
  const forged = `insert into leave_requests (employee_id, starts_on, ends_on, visible_to)
    values ('${uuidOf(worker.id)}', '2029-01-01', '2029-01-01', array['${outsider.userId}'::uuid])`;
  expect(await say(outsider, forged)).toBe('refused: by_line');
});
