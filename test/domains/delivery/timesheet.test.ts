import { beforeAll, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let project: string;
let month = 0;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
  project = await make(acme.member, 'Project', { name: 'Time' });
});

const refused = (code: string, message: string, path: string) => [
  { code, message, path: [path], currentVersion: null },
];
const lockedTime = conflict(
  'The timesheet of that day is submitted or approved, so its time stays as it is.',
  'id',
  null,
);

/** A month that no other test uses. */
function freshMonth() {
  month += 1;
  const day = (n: number) => `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-0${n}`;
  return { day, period: { periodStartOn: day(1), periodEndOn: day(7) } };
}

const log = (client: Client, loggedOn: string, input: object = {}) =>
  make(client, 'TimeEntry', { projectId: project, durationMinutes: 60, loggedOn, ...input });

/** A timesheet of a member with one entry. */
async function sheetOf(client: Client, input: object = {}) {
  const { day, period } = freshMonth();
  const sheet = await make(client, 'Timesheet', period);
  return { sheet, entry: await log(client, day(3), input), day };
}

test('submitting takes up the time of the person in the period, and locks it', async () => {
  const { day, period } = freshMonth();
  const sheet = await make(acme.member, 'Timesheet', period);
  const inside = [await log(acme.member, day(1)), await log(acme.member, day(7))];
  const outside = [await log(acme.member, day(8)), await log(acme.admin, day(3))];
  const gone = await log(acme.member, day(2));
  await write(acme.member, 'timeEntryDelete', { id: gone });
  const fields = 'status submittedAt timeEntries { nodes { id } }';
  const submitted = await write(acme.member, 'timesheetSubmit', { id: sheet, expectedVersion: 1 }, fields);
  expect(submitted.status).toBe('SUBMITTED');
  expect(Math.abs(Date.parse(submitted.submittedAt) - Date.now())).toBeLessThan(60_000);
  expect(submitted.timeEntries.nodes.map(({ id }: { id: string }) => id)).toEqual(inside.toReversed());
  for (const id of outside) await write(acme.admin, 'timeEntryUpdate', { id, description: 'Free' });
  for (const [step, input] of [
    ['timeEntryUpdate', { durationMinutes: 1 }],
    ['timeEntryUpdate', { loggedOn: day(9) }],
    ['timeEntryDelete', {}],
    ['timeEntryDestroy', {}],
  ] as const)
    expect(await refusal(acme.owner, step, { id: inside[0], ...input })).toEqual(lockedTime);
  expect(await refusal(acme.owner, 'timeEntryRestore', { id: gone })).toEqual(lockedTime);
  expect(await refusal(acme.owner, 'timeEntryUpdate', { id: outside[0], loggedOn: day(4) })).toEqual(lockedTime);
  const late = { projectId: project, durationMinutes: 1, loggedOn: day(5) };
  expect(await refusal(acme.member, 'timeEntryCreate', late)).toEqual(lockedTime);
});

test('the lock holds for whoever writes', async () => {
  const { sheet, entry, day } = await sheetOf(acme.member);
  const free = await log(acme.member, day(9));
  await write(acme.member, 'timesheetSubmit', { id: sheet });
  await write(acme.admin, 'timesheetApprove', { id: sheet });
  const [own, other, id] = [entry, free, sheet].map(uuidOf);
  for (const statement of [
    `update time_entries set duration_minutes = 1 where id = '${own}'`,
    `update time_entries set timesheet_id = null where id = '${own}'`,
    `delete from time_entries where id = '${own}'`,
    `update time_entries set timesheet_id = '${id}', logged_on = '${day(2)}' where id = '${other}'`,
    `insert into time_entries (org_id, project_id, user_id, timesheet_id, duration_minutes, logged_on)
       select org_id, project_id, user_id, timesheet_id, 1, logged_on from time_entries where id = '${own}'`,
    `update timesheets set period_end_on = '${day(2)}' where id = '${id}'`,
    `delete from timesheets where id = '${id}'`,
  ])
    await expect(gateway.sql(statement), statement).rejects.toThrow('timesheet is approved');
});

test('rejecting unlocks, and what was corrected is submitted again', async () => {
  const { sheet, entry, day } = await sheetOf(acme.member);
  await write(acme.member, 'timesheetSubmit', { id: sheet });
  const rejected = await write(
    acme.admin,
    'timesheetReject',
    { id: sheet, note: 'Too long.' },
    'status note decidedBy { id } decidedAt',
  );
  expect(rejected).toMatchObject({
    status: 'REJECTED',
    note: 'Too long.',
    decidedBy: { id: `member_${acme.people.admin.id}` },
  });
  expect(Math.abs(Date.parse(rejected.decidedAt) - Date.now())).toBeLessThan(60_000);
  await write(acme.member, 'timeEntryUpdate', { id: entry, durationMinutes: 30 });
  const late = await log(acme.member, day(4));
  const moved = await write(acme.member, 'timeEntryUpdate', { id: entry, loggedOn: day(8) }, 'timesheet { id }');
  expect(moved).toEqual({ timesheet: null });
  const again = await write(
    acme.member,
    'timesheetSubmit',
    { id: sheet },
    'status decidedAt decidedBy { id } timeEntries { nodes { id } }',
  );
  expect(again).toEqual({
    status: 'SUBMITTED',
    decidedAt: null,
    decidedBy: null,
    timeEntries: { nodes: [{ id: late }] },
  });
});

test('approving is for admins and whoever manages all of its projects', async () => {
  const managed = await make(acme.admin, 'Project', { name: 'Managed', managerId: acme.people.member.id });
  const alone = await sheetOf(acme.admin, { projectId: managed });
  const mixed = await sheetOf(acme.admin, { projectId: managed });
  await log(acme.admin, mixed.day(4));
  for (const { sheet } of [alone, mixed]) await write(acme.admin, 'timesheetSubmit', { id: sheet });
  const message = 'Only admins and the manager of the project decide on this.';
  expect(await refusal(acme.member, 'timesheetApprove', { id: mixed.sheet })).toEqual(
    refused('FORBIDDEN', message, 'id'),
  );
  expect(await write(acme.member, 'timesheetApprove', { id: alone.sheet }, 'status')).toEqual({ status: 'APPROVED' });
  expect((await failure(acme.viewer, 'timesheetApprove', { id: mixed.sheet }))[0]).toBe('FORBIDDEN');
  expect((await refusal(globex.owner, 'timesheetApprove', { id: mixed.sheet }))[0]?.code).toBe('NOT_FOUND');
});

test('nobody but an owner decides on their own time', async () => {
  const [admins, owners] = [await sheetOf(acme.admin), await sheetOf(acme.owner)];
  await write(acme.admin, 'timesheetSubmit', { id: admins.sheet });
  await write(acme.owner, 'timesheetSubmit', { id: owners.sheet });
  const message = 'Nobody but an owner decides on a timesheet of their own.';
  expect(await refusal(acme.admin, 'timesheetApprove', { id: admins.sheet })).toEqual(
    refused('FORBIDDEN', message, 'id'),
  );
  expect(await refusal(acme.admin, 'timesheetReject', { id: admins.sheet })).toEqual(
    refused('FORBIDDEN', message, 'id'),
  );
  await write(acme.owner, 'timesheetApprove', { id: owners.sheet });
});

test('each step begins in its own states', async () => {
  const { sheet } = await sheetOf(acme.member);
  const only = (now: string, from: string, done: string) =>
    `This timesheet is ${now}; only one that is ${from} can be ${done}.`;
  expect(await refusal(acme.admin, 'timesheetApprove', { id: sheet })).toEqual(
    conflict(only('draft', 'submitted', 'approved'), 'id', 1),
  );
  expect(await refusal(acme.admin, 'timesheetReject', { id: sheet })).toEqual(
    conflict(only('draft', 'submitted or approved', 'rejected'), 'id', 1),
  );
  await write(acme.member, 'timesheetSubmit', { id: sheet });
  expect(await refusal(acme.member, 'timesheetSubmit', { id: sheet })).toEqual(
    conflict(only('submitted', 'draft or rejected', 'submitted'), 'id', 2),
  );
  await write(acme.admin, 'timesheetApprove', { id: sheet });
  await write(acme.admin, 'timesheetReject', { id: sheet });
  expect(await refusal(acme.admin, 'timesheetReject', { id: sheet, expectedVersion: 1 })).toEqual(
    conflict('Somebody changed it: the current version is 4, not 1.', 'expectedVersion', 4),
  );
});

test('a timesheet without time is not submitted, nor is one of somebody else', async () => {
  const sheet = await make(acme.member, 'Timesheet', freshMonth().period);
  expect(await refusal(acme.member, 'timesheetSubmit', { id: sheet })).toEqual(
    conflict('There is no time in the period of this timesheet.', 'id', 1),
  );
  const admins = await sheetOf(acme.admin);
  expect(await refusal(acme.member, 'timesheetSubmit', { id: admins.sheet })).toEqual(
    refused('FORBIDDEN', 'Only its person and admins submit a timesheet.', 'id'),
  );
});

test('the timesheets of a person share no day', async () => {
  const { day, period } = freshMonth();
  const sheet = await make(acme.member, 'Timesheet', period);
  const again = { periodStartOn: day(7), periodEndOn: day(9) };
  const message = 'This person has a timesheet for some of these days already.';
  expect(await refusal(acme.member, 'timesheetCreate', again)).toEqual(conflict(message, 'periodStartOn', null));
  await make(acme.admin, 'Timesheet', again);
  await make(acme.member, 'Timesheet', { ...again, periodStartOn: day(8) });
  expect(await refusal(acme.member, 'timesheetUpdate', { id: sheet, periodEndOn: day(8) })).toEqual(
    conflict(message, 'periodStartOn', null),
  );
  expect(await refusal(acme.member, 'timesheetUpdate', { id: sheet, periodStartOn: day(9) })).toEqual(
    refused('BAD_USER_INPUT', 'A timesheet has 1 to 31 days.', 'periodEndOn'),
  );
});

test('two timesheets for the same days at the same moment: one is made', async () => {
  const { period } = freshMonth();
  const create = () =>
    acme.member.run('mutation ($i: TimesheetCreateInput!) { timesheetCreate(input: $i) { userErrors { code } } }', {
      i: period,
    });
  const answers = await Promise.all([create(), create(), create()]);
  const codes = answers.map(({ data }) => data.timesheetCreate.userErrors.map(({ code }: { code: string }) => code));
  expect(codes.sort()).toEqual([[], ['CONFLICT'], ['CONFLICT']]);
});

test('time logged while a timesheet is submitted is on it, or refused', async () => {
  for (let round = 0; round < 4; round += 1) {
    const { sheet, day } = await sheetOf(acme.member);
    const input = { projectId: project, durationMinutes: 5, loggedOn: day(4) };
    await Promise.all([
      acme.member.run('mutation ($id: ID!) { timesheetSubmit(input: { id: $id }) { userErrors { code } } }', {
        id: sheet,
      }),
      acme.member.run('mutation ($i: TimeEntryCreateInput!) { timeEntryCreate(input: $i) { userErrors { code } } }', {
        i: input,
      }),
    ]);
    const stray = await gateway.sql(
      'select 1 from time_entries where user_id = $1 and logged_on = $2 and timesheet_id is null',
      [acme.people.member.id, day(4)],
    );
    const [row] = await gateway.sql('select status from timesheets where id = $1', [uuidOf(sheet)]);
    expect([stray, row]).toEqual([[], { status: 'submitted' }]);
  }
});
