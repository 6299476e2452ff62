/** Nobody decides on their own things but an owner, nor makes themselves the one who decides: by the API, by a key, by SQL. */
import { beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../support/door.ts';
import type { Client, Gateway, Org } from '../support/gateway.ts';
import { newOrganization, sharedGateway } from '../support/shared.ts';
import { make, refusal, uuidOf, write } from '../support/write.ts';
import { attempts, type Known, prepare } from './matrix.ts';

type Role = keyof Org['people'];

let gateway: Gateway;
let org: Org;
let projectId: string;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  await prepare(gateway);
  projectId = await make(org.admin, 'Project', { name: 'Work', managerId: idOf('member') });
  for (const role of ['owner', 'admin', 'member'] as const)
    await make(org.admin, 'Employee', { firstName: role, lastName: 'X', userId: idOf(role) });
});

const idOf = (role: Role): string => `member_${org.people[role].id}`;
const codesOf = async (client: Client, mutation: string, input: object) =>
  (await refusal(client, mutation, input)).map(({ code, path }) => [code, ...path]);
const forbidden = [['FORBIDDEN', 'id']];

/** What came of statements of somebody: the rows, or the SQLSTATE. */
async function tried(role: Role, statements: Readonly<Record<string, string>>) {
  const asked = Object.entries(statements).map(([what, statement]) => ({ what, statement }));
  return Object.fromEntries(await attempts(gateway, callerOf(org, role) as Known, asked));
}
const refusedAll = (statements: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(statements).map((what) => [what, '42501']));

async function keyOf(client: Client): Promise<Client> {
  const { apiKeyCreate } = await client.ok(
    'mutation { apiKeyCreate(input: { name: "Deputy", role: ADMIN }) { secret userErrors { code } } }',
  );
  return gateway.withKey(apiKeyCreate.secret);
}

async function grant(role: 'viewer' | 'member', permissions: readonly string[]): Promise<void> {
  await write(org.owner, 'memberUpdate', { id: idOf(role), permissions });
}

let week = 0;
/** A timesheet with time on it, handed in by its person. */
async function sheetOf(client: Client): Promise<string> {
  const start = new Date(Date.UTC(2026, 0, 5) + 7 * 86_400_000 * week++);
  const day = (days: number) => new Date(start.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  await make(client, 'TimeEntry', { projectId, durationMinutes: 60, loggedOn: day(0) });
  const id = await make(client, 'Timesheet', { periodStartOn: day(0), periodEndOn: day(6) });
  await write(client, 'timesheetSubmit', { id });
  return id;
}

async function submitted(client: Client, type: 'Deliverable' | 'Expense'): Promise<string> {
  const input = type === 'Expense' ? { amountCents: '100', spentOn: '2026-03-02' } : { projectId, name: 'Report' };
  const id = await make(client, type, input);
  await write(client, `${type.charAt(0).toLowerCase()}${type.slice(1)}Submit`, { id });
  return id;
}

describe('a grant of another area', () => {
  const about = `{ employees { totalCount } performanceReviews { totalCount } leaveRequests { totalCount nodes { reason } } }`;

  test('shows a viewer nothing of colleagues', async () => {
    await make(org.admin, 'LeaveRequest', { startsOn: '2026-07-06', endsOn: '2026-07-10', reason: 'private' });
    const before = await org.viewer.ok(about);
    await grant('viewer', ['crm:destroy', 'delivery:destroy', 'organization:write']);
    expect(await org.viewer.ok(about)).toEqual(before);
    expect(before.leaveRequests.totalCount).toBe(0);
    await grant('viewer', ['people:destroy']);
    expect((await org.viewer.ok(about)).leaveRequests.nodes).toEqual([{ reason: 'private' }]);
    await grant('viewer', []);
  });

  test('lets a member decide on nothing of colleagues', async () => {
    const leave = await make(org.admin, 'LeaveRequest', { startsOn: '2026-08-03', endsOn: '2026-08-07' });
    const expense = await submitted(org.admin, 'Expense');
    const employees = (await org.admin.ok('{ employees { nodes { id firstName } } }')).employees.nodes;
    const employeeId = employees.find(({ firstName }: { firstName: string }) => firstName === 'admin').id;
    await grant('member', ['crm:destroy', 'support:destroy']);
    expect(await codesOf(org.member, 'leaveRequestApprove', { id: leave })).toEqual([['NOT_FOUND', 'id']]);
    expect(await codesOf(org.member, 'performanceReviewCreate', { employeeId })).toEqual([['NOT_FOUND', 'employeeId']]);
    expect(await codesOf(org.member, 'expenseDelete', { id: expense })).toEqual([['NOT_FOUND', 'id']]);
    expect((await tried('member', { all: 'update leave_requests set status = status' })).all).toBe('0');
    await grant('member', []);
  });
});

describe('who runs a project', () => {
  test('is named by whoever has the permission, and who has it names others', async () => {
    const own = await make(org.member, 'Project', { name: 'Mine' });
    const named = [['FORBIDDEN', 'managerId']];
    expect(await codesOf(org.member, 'projectUpdate', { id: own, managerId: idOf('member') })).toEqual(named);
    expect(await codesOf(org.member, 'projectCreate', { name: 'Next', managerId: idOf('member') })).toEqual(named);
    await grant('member', ['projects:assign']);
    expect(await codesOf(org.member, 'projectUpdate', { id: own, managerId: idOf('member') })).toEqual(named);
    await write(org.member, 'projectUpdate', { id: own, managerId: idOf('admin') });
    await grant('member', []);
    const statements = { takes: `update projects set manager_id = app.user_id() where id = '${uuidOf(own)}'` };
    expect(await tried('member', statements)).toEqual(refusedAll(statements));
  });
});

describe('a timesheet', () => {
  test('of their own nobody approves but an owner, as the manager, as an admin or with a key', async () => {
    expect(await codesOf(org.member, 'timesheetApprove', { id: await sheetOf(org.member) })).toEqual(forbidden);
    const own = await sheetOf(org.admin);
    expect(await codesOf(org.admin, 'timesheetApprove', { id: own })).toEqual(forbidden);
    expect(await codesOf(await keyOf(org.admin), 'timesheetApprove', { id: own })).toEqual(forbidden);
    expect(await write(org.member, 'timesheetApprove', { id: own }, 'status decidedBy { id }')).toEqual({
      status: 'APPROVED',
      decidedBy: { id: idOf('member') },
    });
    const owners = await sheetOf(org.owner);
    expect(await write(org.owner, 'timesheetApprove', { id: owners }, 'status')).toEqual({ status: 'APPROVED' });
  });

  test('is approved past the API by nobody who may not', async () => {
    const sheet = uuidOf(await sheetOf(org.member));
    const statements = {
      approves: `update timesheets set status = 'approved' where id = '${sheet}'`,
      'gives it away and approves': `update timesheets set status = 'approved', user_id = '${org.people.owner.id}' where id = '${sheet}'`,
      'takes it back': `update timesheets set status = 'draft' where id = '${sheet}'`,
      'makes an approved one': `insert into timesheets (user_id, period_start_on, period_end_on, status) values (app.user_id(), '2030-01-01', '2030-01-02', 'approved')`,
    };
    expect(await tried('member', statements)).toEqual(refusedAll(statements));
  });
});

describe('a deliverable', () => {
  test('is not approved by whoever handed it in, but an owner', async () => {
    for (const client of [org.member, org.admin])
      expect(await codesOf(client, 'deliverableApprove', { id: await submitted(client, 'Deliverable') })).toEqual(
        forbidden,
      );
    const byAdmin = await submitted(org.admin, 'Deliverable');
    expect(await codesOf(await keyOf(org.admin), 'deliverableReject', { id: byAdmin })).toEqual(forbidden);
    expect(await write(org.member, 'deliverableApprove', { id: byAdmin }, 'status submittedBy { id }')).toEqual({
      status: 'APPROVED',
      submittedBy: { id: idOf('admin') },
    });
    expect(
      await write(org.owner, 'deliverableApprove', { id: await submitted(org.owner, 'Deliverable') }, 'status'),
    ).toEqual({ status: 'APPROVED' });
  });

  test('keeps who handed it in, and begins as a draft', async () => {
    const id = uuidOf(await submitted(org.member, 'Deliverable'));
    await write(org.admin, 'projectUpdate', { id: projectId, managerId: null });
    const statements = {
      approves: `update deliverables set status = 'approved' where id = '${id}'`,
      'says somebody else handed it in': `update deliverables set submitted_by_id = null, status = 'approved' where id = '${id}'`,
      'makes an approved one': `insert into deliverables (project_id, name, status) values ('${uuidOf(projectId)}', 'x', 'approved')`,
    };
    expect(await tried('member', statements)).toEqual(refusedAll(statements));
    await write(org.admin, 'projectUpdate', { id: projectId, managerId: idOf('member') });
    expect(await tried('member', statements)).toEqual(refusedAll(statements));
  });
});

describe('an expense', () => {
  test('is decided on and paid back by somebody else', async () => {
    const id = uuidOf(await submitted(org.admin, 'Expense'));
    const statements = {
      approves: `update expenses set status = 'approved' where id = '${id}'`,
      'gives it away and approves': `update expenses set status = 'rejected', user_id = '${org.people.owner.id}' where id = '${id}'`,
      'makes an approved one': `insert into expenses (user_id, amount_cents, spent_on, status) values (app.user_id(), 1, '2026-01-01', 'approved')`,
    };
    const found = await tried('admin', statements);
    expect(found).toEqual({
      ...refusedAll(statements),
      'gives it away and approves': expect.stringMatching(/42501|23514/),
    });
    const mine = uuidOf(await submitted(org.member, 'Expense'));
    expect((await tried('member', { own: `update expenses set status = 'approved' where id = '${mine}'` })).own).toBe(
      '42501',
    );
    await write(org.owner, 'expenseApprove', { id });
    expect(await codesOf(org.admin, 'expenseReimburse', { id })).toEqual(forbidden);
  });
});

describe('leave and reviews', () => {
  test('leave of somebody else does not become one’s own', async () => {
    const id = uuidOf(await make(org.member, 'LeaveRequest', { startsOn: '2026-09-07', endsOn: '2026-09-11' }));
    const own = `(select id from employees where user_id = app.user_id())`;
    const statements = {
      approved: `insert into leave_requests (employee_id, starts_on, ends_on, status) select id, '2027-01-04', '2027-01-05', 'approved' from employees where user_id = app.user_id()`,
      moved: `update leave_requests set employee_id = ${own} where id = '${id}'`,
      'moved and approved': `update leave_requests set employee_id = ${own}, status = 'approved' where id = '${id}'`,
    };
    expect(await tried('admin', statements)).toEqual(refusedAll(statements));
    expect(
      await codesOf(await keyOf(org.admin), 'leaveRequestApprove', {
        id: await make(org.admin, 'LeaveRequest', { startsOn: '2026-10-05', endsOn: '2026-10-06' }),
      }),
    ).toEqual(forbidden);
  });

  test('nobody reviews themselves but an owner', async () => {
    const statements = {
      writes: `insert into performance_reviews (employee_id, reviewer_id) select id, app.user_id() from employees where user_id = app.user_id()`,
    };
    expect(await tried('admin', statements)).toEqual(refusedAll(statements));
    expect(await tried('owner', statements)).toEqual({ writes: '1' });
  });
});

describe('an approval', () => {
  test('is asked for in one’s own name, of somebody else, and stays what it was', async () => {
    const entityId = await make(org.member, 'Account', { name: 'Discount' });
    const id = uuidOf((await write(org.member, 'approvalRequest', { entityId, approverId: idOf('admin') })).id);
    const values = `'account', '${uuidOf(entityId)}'`;
    const statements = {
      'asks itself': `insert into approvals (entity_type, entity_id, requested_by_id, approver_id) values (${values}, '${org.people.owner.id}', app.user_id())`,
      'is approved at once': `insert into approvals (entity_type, entity_id, requested_by_id, status) values (${values}, app.user_id(), 'approved')`,
      'becomes the approver': `update approvals set approver_id = app.user_id() where id = '${id}'`,
      'becomes another’s': `update approvals set requested_by_id = '${org.people.owner.id}', status = 'approved' where id = '${id}'`,
      'is about something else': `update approvals set entity_id = app.uuid_v7() where id = '${id}'`,
    };
    expect(await tried('member', statements)).toEqual(refusedAll(statements));
    const other = await make(org.admin, 'Account', { name: 'Own' });
    const own = (await write(org.admin, 'approvalRequest', { entityId: other })).id;
    expect(await codesOf(org.admin, 'approvalApprove', { id: own })).toEqual(forbidden);
    expect(await write(org.owner, 'approvalApprove', { id: own }, 'status')).toEqual({ status: 'APPROVED' });
  });
});
