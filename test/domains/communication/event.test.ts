import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { failure, make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  [org, other] = [await newOrganization(gateway), await newOrganization(gateway)];
});

const times = { startsAt: '2026-05-04T09:00:00.000Z', endsAt: '2026-05-04T10:00:00.000Z' };
const event = (input: object = {}): Promise<string> =>
  make(org.member, 'Event', { title: 'Review', ...times, ...input });
const member = (role: 'owner' | 'admin' | 'member' | 'viewer'): string => `member_${org.people[role].id}`;
const refused = (code: string, message: string, path: string, currentVersion: number | null = null) => [
  { code, message, path: [path], currentVersion },
];

test('an event is organized by whoever makes it unless it says otherwise, and people are invited with it', async () => {
  const contactId = await make(org.member, 'Contact', { fullName: 'Gwen Guest' });
  const made = await write(
    org.member,
    'eventCreate',
    { title: 'Kick-off', ...times, userIds: [member('admin'), member('admin')], contactIds: [contactId] },
    'status organizer { id } eventAttendees(orderBy: [{ createdAt: {} }]) { nodes { status user { id } contact { id } } }',
  );
  expect(made).toMatchObject({ status: 'SCHEDULED', organizer: { id: member('member') } });
  expect(made.eventAttendees.nodes).toHaveLength(2);
  expect(made.eventAttendees.nodes).toEqual(
    expect.arrayContaining([
      { status: 'INVITED', user: { id: member('admin') }, contact: null },
      { status: 'INVITED', user: null, contact: { id: contactId } },
    ]),
  );
  expect(
    await write(
      org.member,
      'eventCreate',
      { title: 'Theirs', ...times, organizerId: member('owner') },
      'organizer { id }',
    ),
  ).toEqual({ organizer: { id: member('owner') } });
});

test('an event stands around an account, a deal and a project', async () => {
  const accountId = await make(org.member, 'Account', { name: 'Around' });
  const dealId = await make(org.member, 'Deal', { title: 'Around' });
  const projectId = await make(org.member, 'Project', { name: 'Around' });
  const id = await event({ accountId, dealId, projectId });
  const around = { events: { nodes: [{ id }] } };
  expect(
    await org.viewer.ok(
      `query ($accountId: ID!, $dealId: ID!, $projectId: ID!) { account(id: $accountId) { events { nodes { id } } }
        deal(id: $dealId) { events { nodes { id } } } project(id: $projectId) { events { nodes { id } } } }`,
      { accountId, dealId, projectId },
    ),
  ).toEqual({ account: around, deal: around, project: around });
});

test.each([
  [{ endsAt: times.startsAt }, 'An event ends after it begins.', 'endsAt'],
  [{ isAllDay: true }, 'Whole days begin and end at 00:00 UTC.', 'isAllDay'],
  [{ recurrence: 'weekly' }, /^recurrence expects FREQ=DAILY, /, 'recurrence'],
  [{ recurrence: 'FREQ=HOURLY' }, /^recurrence expects FREQ=DAILY, /, 'recurrence'],
  [{ recurrence: 'INTERVAL=2;FREQ=DAILY' }, 'A rule begins with FREQ.', 'recurrence'],
  [{ recurrence: 'FREQ=DAILY;FREQ=DAILY' }, /^recurrence expects FREQ=DAILY, /, 'recurrence'],
  [{ recurrence: 'FREQ=DAILY;BYSETPOS=1' }, /^recurrence expects FREQ=DAILY, /, 'recurrence'],
  [{ recurrence: 'FREQ=DAILY;COUNT=2;UNTIL=20260601' }, 'A rule has COUNT or UNTIL, not both.', 'recurrence'],
  [{ recurrence: 'FREQ=DAILY;UNTIL=20260231' }, 'UNTIL is no date.', 'recurrence'],
  [
    { recurrence: 'FREQ=WEEKLY;BYDAY=2MO' },
    'A numbered weekday in BYDAY needs FREQ=MONTHLY, or BYMONTH.',
    'recurrence',
  ],
  [{ recurrence: 'FREQ=WEEKLY;BYMONTHDAY=1' }, 'BYMONTHDAY needs FREQ=MONTHLY, or BYMONTH.', 'recurrence'],
  [{ recurrence: 'FREQ=YEARLY;BYDAY=MO' }, 'BYDAY of a year needs BYMONTH.', 'recurrence'],
])('an event with %j is refused', async (input, message, path) => {
  expect(await refusal(org.member, 'eventCreate', { title: 'Wrong', ...times, ...input })).toEqual([
    { code: 'BAD_USER_INPUT', message: expect.stringMatching(message), path: [path], currentVersion: null },
  ]);
});

test.each([
  'FREQ=DAILY',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261231T235959Z;WKST=MO',
  'FREQ=MONTHLY;BYDAY=-1FR;COUNT=12',
  'FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1,-1',
])('the rule %s is kept as it is', async (recurrence) => {
  const id = await event();
  expect(await write(org.member, 'eventUpdate', { id, recurrence }, 'recurrence')).toEqual({ recurrence });
  expect(await write(org.member, 'eventUpdate', { id, recurrence: null }, 'recurrence')).toEqual({ recurrence: null });
});

test('what the API refuses of a rule, the database refuses too', async () => {
  const insert = gateway.sql(
    "insert into events (org_id, title, starts_at, ends_at, recurrence) values ($1, 'x', now(), now() + interval '1 hour', 'FREQ=SECONDLY')",
    [org.id],
  );
  await expect(insert).rejects.toThrow('events_recurrence_check');
});

test('a scheduled event is canceled or done, once', async () => {
  const [off, done] = [await event(), await event()];
  expect(await write(org.member, 'eventCancel', { id: off, expectedVersion: 1 }, 'status')).toEqual({
    status: 'CANCELED',
  });
  expect(await write(org.member, 'eventComplete', { id: done }, 'status')).toEqual({ status: 'DONE' });
  expect(await refusal(org.member, 'eventComplete', { id: off })).toEqual(
    refused('CONFLICT', 'This event is canceled; only one that is scheduled can be completed.', 'id', 2),
  );
  expect(await refusal(org.member, 'eventCancel', { id: done })).toEqual(
    refused('CONFLICT', 'This event is done; only one that is scheduled can be canceled.', 'id', 2),
  );
  expect(await failure(org.viewer, 'eventCancel', { id: await event() })).toEqual([
    'FORBIDDEN',
    'This needs the permission communication:write (role MEMBER or above).',
  ]);
});

describe('an invitation', () => {
  test('is answered by whoever is invited, and may be answered anew', async () => {
    const eventId = await event({ userIds: [member('admin')] });
    for (const status of ['DECLINED', 'TENTATIVE', 'ACCEPTED']) {
      expect(await write(org.admin, 'eventRespond', { eventId, status }, 'status user { id }')).toEqual({
        status,
        user: { id: member('admin') },
      });
    }
    const answer = { eventId, status: 'ACCEPTED' };
    expect(await refusal(org.owner, 'eventRespond', answer)).toEqual(
      refused('FORBIDDEN', 'You are not invited to this event.', 'eventId'),
    );
    expect(await refusal(other.owner, 'eventRespond', answer)).toEqual(
      refused('NOT_FOUND', 'There is no such event.', 'eventId'),
    );
    await write(org.member, 'eventCancel', { id: eventId });
    expect(await refusal(org.admin, 'eventRespond', answer)).toEqual(
      refused('CONFLICT', 'This event is canceled.', 'eventId'),
    );
  });

  test('of a member is not answered by others, that of a contact is', async () => {
    const contactId = await make(org.member, 'Contact', { fullName: 'Gita Guest' });
    const eventId = await event();
    const [own, guest] = [
      await make(org.member, 'EventAttendee', { eventId, userId: member('admin') }),
      await make(org.member, 'EventAttendee', { eventId, contactId }),
    ];
    expect(await refusal(org.owner, 'eventAttendeeUpdate', { id: own, status: 'ACCEPTED' })).toEqual(
      refused('FORBIDDEN', 'Members answer for themselves, with eventRespond.', 'id', 1),
    );
    expect(await write(org.member, 'eventAttendeeUpdate', { id: guest, status: 'DECLINED' }, 'status')).toEqual({
      status: 'DECLINED',
    });
  });

  test('is of a member or a contact, one of the two, once', async () => {
    const eventId = await event({ userIds: [member('admin')] });
    const invite = (input: object) => refusal(org.member, 'eventAttendeeCreate', { eventId, ...input });
    const both = refused('BAD_USER_INPUT', 'Name a member or a contact, and not both.', 'userId');
    expect(await invite({})).toEqual(both);
    expect(await invite({ userId: member('admin') })).toEqual(
      refused('CONFLICT', 'This member is invited already.', 'userId'),
    );
    expect(await invite({ userId: randomUUID() })).toEqual(refused('NOT_FOUND', 'There is no such user.', 'userId'));
  });
});
