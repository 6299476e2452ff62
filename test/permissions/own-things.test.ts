/** What is somebody's own: viewers settle it, and others keep away from it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../support/door.ts';
import type { Client, Gateway, Org } from '../support/gateway.ts';
import { newOrganization, sharedGateway } from '../support/shared.ts';
import { failure, make, refusal, uuidOf, write } from '../support/write.ts';
import { attempts, type Known, prepare } from './matrix.ts';

let gateway: Gateway;
let org: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  await prepare(gateway);
});

const idOf = (role: keyof Org['people']): string => `member_${org.people[role].id}`;
const codesOf = async (client: Client, mutation: string, input: object) =>
  (await refusal(client, mutation, input)).map(({ code }) => code);
const tried = async (role: keyof Org['people'], statements: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    await attempts(
      gateway,
      callerOf(org, role) as Known,
      Object.entries(statements).map(([what, statement]) => ({ what, statement })),
    ),
  );

describe('a viewer', () => {
  test('marks what they have read, and leaves', async () => {
    const input = { title: 'All hands', userIds: [idOf('viewer'), idOf('admin')] };
    const { id } = await write(org.member, 'conversationStart', input);
    await write(org.member, 'messageSend', { conversationId: id, body: 'Hello' });
    await write(org.viewer, 'conversationMarkRead', { conversationId: id });
    const [row] = await gateway.sql(
      'select last_read_at from conversation_participants where conversation_id = $1 and user_id = $2',
      [uuidOf(id), org.people.viewer.id],
    );
    expect(row?.last_read_at).not.toBeNull();
    const of = `conversation_id = '${uuidOf(id)}'`;
    expect(
      await tried('viewer', {
        'reads on': `update conversation_participants set last_read_at = now() where ${of} and user_id = app.user_id()`,
        'takes another part': `update conversation_participants set role = 'boss' where ${of} and user_id = app.user_id()`,
        'marks for others': `update conversation_participants set last_read_at = now() where ${of} and user_id <> app.user_id()`,
        'writes a message': `insert into messages (conversation_id, sender_id, body) values ('${uuidOf(id)}', app.user_id(), 'x')`,
        'throws somebody out': `delete from conversation_participants where ${of} and user_id <> app.user_id()`,
      }),
    ).toEqual({
      'reads on': '1',
      'takes another part': '42501',
      'marks for others': '0',
      'writes a message': '42501',
      'throws somebody out': '0',
    });
    await org.viewer.ok(
      'mutation ($id: ID!) { conversationLeave(input: { conversationId: $id }) { userErrors { code } } }',
      {
        id,
      },
    );
    expect((await org.viewer.ok('query ($id: ID!) { conversation(id: $id) { id } }', { id })).conversation).toBeNull();
  });

  test('answers an invitation, and does not take it away', async () => {
    const starts = { startsAt: '2027-01-01T09:00:00Z', endsAt: '2027-01-01T10:00:00Z' };
    const eventId = await make(org.member, 'Event', { title: 'Review', ...starts, userIds: [idOf('viewer')] });
    const answer = await write(org.viewer, 'eventRespond', { eventId, status: 'ACCEPTED' }, 'status');
    expect(answer).toEqual({ status: 'ACCEPTED' });
    expect(await tried('viewer', { leaves: `delete from event_attendees where user_id = app.user_id()` })).toEqual({
      leaves: '0',
    });
    expect((await failure(org.viewer, 'eventCreate', { title: 'Mine', ...starts }))[0]).toBe('FORBIDDEN');
  });

  test('reads no invoices unless that was granted, and then no colleague’s expenses', async () => {
    await make(org.member, 'Expense', { amountCents: '100', spentOn: '2026-03-02' });
    const query = '{ expenses { totalCount } invoices { totalCount } }';
    const { errors } = await org.viewer.run(query);
    expect(errors?.map(({ extensions }) => extensions.permission)).toEqual(['finance:read', 'finance:read']);
    await write(org.owner, 'memberUpdate', { id: idOf('viewer'), permissions: ['finance:read'] });
    expect(await org.viewer.ok(query)).toEqual({ expenses: { totalCount: 0 }, invoices: { totalCount: 0 } });
    await write(org.owner, 'memberUpdate', { id: idOf('viewer'), permissions: [] });
    expect((await org.admin.ok(query)).expenses.totalCount).toBe(1);
    expect((await org.member.ok(query)).expenses.totalCount).toBe(1);
  });
});

describe('time', () => {
  let projectId: string;
  const day = { durationMinutes: 30, loggedOn: '2026-02-02' };

  beforeAll(async () => {
    projectId = await make(org.admin, 'Project', { name: 'Time' });
  });

  test('is its person’s to log, change and delete, and not a colleague’s', async () => {
    const theirs = await make(org.admin, 'TimeEntry', { projectId, ...day });
    for (const [mutation, more] of Object.entries({ timeEntryUpdate: { description: 'x' }, timeEntryDelete: {} }))
      expect(await codesOf(org.member, mutation, { id: theirs, ...more })).toEqual(['FORBIDDEN']);
    expect(await codesOf(org.member, 'timeEntryCreate', { projectId, ...day, userId: idOf('admin') })).toEqual([
      'FORBIDDEN',
    ]);
    const mine = await make(org.member, 'TimeEntry', { projectId, ...day });
    await write(org.member, 'timeEntryUpdate', { id: mine, description: 'x' });
    await write(org.admin, 'timeEntryUpdate', { id: mine, description: 'y' });
    await write(org.member, 'timeEntryDelete', { id: mine });
  });

  test('of others is the manager’s of the project, too', async () => {
    const managed = await make(org.admin, 'Project', { name: 'Managed', managerId: idOf('member') });
    const theirs = await make(org.admin, 'TimeEntry', { projectId: managed, ...day });
    await write(org.member, 'timeEntryUpdate', { id: theirs, description: 'Corrected' });
    expect(await codesOf(org.member, 'timeEntryUpdate', { id: theirs, projectId })).toEqual(['FORBIDDEN']);
  });

  test('sheets of others are neither made, changed nor deleted', async () => {
    const period = { periodStartOn: '2026-05-04', periodEndOn: '2026-05-10' };
    expect(await codesOf(org.member, 'timesheetCreate', { ...period, userId: idOf('owner') })).toEqual(['FORBIDDEN']);
    const theirs = await make(org.admin, 'Timesheet', period);
    expect(await codesOf(org.member, 'timesheetUpdate', { id: theirs, note: 'x' })).toEqual(['FORBIDDEN']);
    expect(await codesOf(org.member, 'timesheetDelete', { id: theirs })).toEqual(['FORBIDDEN']);
  });

  test('costs what only those see and set who may', async () => {
    const person = { projectId, userId: org.people.member.id };
    await make(org.admin, 'ProjectMember', { ...person, billRateCents: '10000', costRateCents: '4000' });
    const id = await make(org.member, 'TimeEntry', { projectId, ...day });
    const query = 'query ($id: ID!) { timeEntry(id: $id) { billRate { cents } costRate { cents } } }';
    const { data, errors } = await org.member.run(query, { id });
    expect(data.timeEntry).toEqual({ billRate: null, costRate: null });
    expect(errors?.map(({ extensions }) => extensions.permission)).toEqual(['rates:read', 'rates:read']);
    const rates = { billRate: { cents: '10000' }, costRate: { cents: '4000' } };
    expect((await org.admin.ok(query, { id })).timeEntry).toEqual(rates);
    await write(org.owner, 'memberUpdate', { id: idOf('member'), permissions: ['rates:read'] });
    expect((await org.member.ok(query, { id })).timeEntry).toEqual(rates);
    await write(org.owner, 'memberUpdate', { id: idOf('member'), permissions: [] });
    expect(await codesOf(org.member, 'timeEntryUpdate', { id, costRateCents: '1' })).toEqual(['FORBIDDEN']);
    expect(await codesOf(org.member, 'timeEntryCreate', { projectId, ...day, billRateCents: '1' })).toEqual([
      'FORBIDDEN',
    ]);
    expect(
      await codesOf(org.member, 'projectMemberCreate', { projectId, userId: org.people.admin.id, costRateCents: '1' }),
    ).toEqual(['FORBIDDEN']);
    expect(
      (await org.member.run(`{ projects { nodes { profitability { byMonth { month } } } } }`)).errors?.[0],
    ).toMatchObject({
      extensions: { code: 'FORBIDDEN' },
    });
  });
});
