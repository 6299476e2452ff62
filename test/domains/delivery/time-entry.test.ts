import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
});

const rates = 'billRate { cents currency } costRate { cents } version';
const money = (bill: string | null, cost: string | null, currency = 'EUR') => ({
  billRate: bill && { cents: bill, currency },
  costRate: cost && { cents: cost },
});

/** A project with its member and their rates. */
async function staffed(billRateCents: string, costRateCents: string) {
  const projectId = await make(acme.member, 'Project', { name: 'Rates', currency: 'EUR' });
  const userId = acme.people.member.id;
  const member = await make(acme.admin, 'ProjectMember', { projectId, userId, billRateCents, costRateCents });
  return { projectId, member };
}

const day = { durationMinutes: 30, loggedOn: '2026-02-02' };

test('time keeps the rates of the day when it was logged', async () => {
  const { projectId, member } = await staffed('10000', '4000');
  const id = await make(acme.member, 'TimeEntry', { projectId, ...day });
  await write(acme.admin, 'projectMemberUpdate', { id: member, billRateCents: '20000', costRateCents: null });
  expect(await write(acme.admin, 'timeEntryUpdate', { id, description: 'x' }, rates)).toMatchObject(
    money('10000', '4000'),
  );
  const userId = acme.people.member.id;
  const later = await write(acme.admin, 'timeEntryCreate', { projectId, userId, ...day }, `${rates} user { id }`);
  expect(later).toMatchObject({ ...money('20000', null), user: { id: `member_${acme.people.member.id}` } });
});

test('rates that are given stand, and who is not in the project has none', async () => {
  const { projectId } = await staffed('10000', '4000');
  const given = { projectId, userId: acme.people.member.id, ...day, billRateCents: '1', costRateCents: '2' };
  expect(await write(acme.admin, 'timeEntryCreate', given, rates)).toMatchObject(money('1', '2'));
  expect(await write(acme.admin, 'timeEntryCreate', { projectId, ...day }, rates)).toMatchObject(money(null, null));
});

test('time that goes to another project costs what it costs there', async () => {
  const [here, there] = [await staffed('10000', '4000'), await staffed('30000', '9000')];
  const taskId = await make(acme.member, 'Task', { projectId: here.projectId, title: 'Here' });
  const id = await make(acme.member, 'TimeEntry', { projectId: here.projectId, taskId, ...day });
  expect(await refusal(acme.member, 'timeEntryUpdate', { id, projectId: there.projectId })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such task in this project.', path: ['taskId'], currentVersion: null },
  ]);
  const move = { id, projectId: there.projectId, taskId: null };
  expect(await write(acme.admin, 'timeEntryUpdate', move, rates)).toMatchObject(money('30000', '9000'));
});

test.each([0, 1441])('%i minutes are refused', async (durationMinutes) => {
  const { projectId } = await staffed('1', '1');
  expect(await refusal(acme.member, 'timeEntryCreate', { ...day, projectId, durationMinutes })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'Time is logged in 1 to 1440 minutes a day.',
      path: ['durationMinutes'],
      currentVersion: null,
    },
  ]);
});

test('an archived project takes no more time and no more tasks', async () => {
  const { projectId } = await staffed('1', '1');
  await write(acme.member, 'projectArchive', { id: projectId });
  const errors = conflict('This project is archived. Activate it first.', 'projectId', null);
  expect(await refusal(acme.member, 'timeEntryCreate', { projectId, ...day })).toEqual(errors);
  expect(await refusal(acme.member, 'taskCreate', { projectId, title: 'Late' })).toEqual(errors);
});

test('a person is in a project once', async () => {
  const { projectId } = await staffed('1', '1');
  expect(await refusal(acme.member, 'projectMemberCreate', { projectId, userId: acme.people.member.id })).toEqual(
    conflict('This person works on the project already.', 'userId', null),
  );
});
