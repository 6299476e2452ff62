import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { make, queryFailure, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  [org, other] = [await newOrganization(gateway), await newOrganization(gateway)];
  await gateway.sql("update organizations set time_zone = 'Europe/Berlin' where id = $1", [org.id]);
});

type Role = 'owner' | 'admin' | 'member' | 'viewer';
const member = (role: Role): string => `member_${org.people[role].id}`;
const document = `query ($userIds: [ID!]!, $from: DateTime!, $to: DateTime!) {
  freeBusy(userIds: $userIds, from: $from, to: $to) { user { id } busy { startsAt endsAt } }
}`;
/** Everybody has a month of their own, so that what one test adds is no other's. */
const windowOf = (month: string) => ({ from: `${month}-01T00:00:00.000Z`, to: `${month}-31T00:00:00.000Z` });

async function busy(roles: readonly Role[], window: { from: string; to: string }): Promise<string[][]> {
  const { freeBusy } = await org.viewer.ok(document, { userIds: roles.map(member), ...window });
  expect(freeBusy.map(({ user }: { user: { id: string } }) => user.id)).toEqual(roles.map(member));
  return freeBusy.map(({ busy: spans }: { busy: { startsAt: string; endsAt: string }[] }) =>
    spans.map(({ startsAt, endsAt }) => `${startsAt.slice(5, 16)} ${endsAt.slice(5, 16)}`),
  );
}

const add = (startsAt: string, endsAt: string, more: object = {}): Promise<string> =>
  make(org.member, 'Event', {
    title: 'Private matter',
    startsAt: `${startsAt}:00.000Z`,
    endsAt: `${endsAt}:00.000Z`,
    ...more,
  });

test('what somebody organizes or is invited to is busy, merged; what they declined, what is off or gone is free', async () => {
  await add('2026-01-05T09:00', '2026-01-05T10:00');
  await add('2026-01-05T09:30', '2026-01-05T11:00', { userIds: [member('admin')] });
  await add('2026-01-05T11:00', '2026-01-05T12:00');
  const declined = await add('2026-01-06T09:00', '2026-01-06T10:00', { userIds: [member('admin')] });
  await write(org.admin, 'eventRespond', { eventId: declined, status: 'DECLINED' });
  const off = await add('2026-01-07T09:00', '2026-01-07T10:00');
  await write(org.member, 'eventCancel', { id: off });
  const gone = await add('2026-01-08T09:00', '2026-01-08T10:00');
  await write(org.member, 'eventDelete', { id: gone });
  const done = await add('2026-01-09T09:00', '2026-01-09T10:00');
  await write(org.member, 'eventComplete', { id: done });
  expect(await busy(['member', 'admin', 'owner'], windowOf('2026-01'))).toEqual([
    ['01-05T09:00 01-05T12:00', '01-06T09:00 01-06T10:00', '01-09T09:00 01-09T10:00'],
    ['01-05T09:30 01-05T11:00'],
    [],
  ]);
});

test('times are cut to the window, and what only touches it is out of it', async () => {
  await add('2027-01-01T09:00', '2027-01-01T12:00');
  expect(await busy(['member'], { from: '2027-01-01T10:00:00.000Z', to: '2027-01-01T11:00:00.000Z' })).toEqual([
    ['01-01T10:00 01-01T11:00'],
  ]);
  expect(await busy(['member'], { from: '2027-01-01T12:00:00.000Z', to: '2027-01-01T13:00:00.000Z' })).toEqual([[]]);
});

test('repetitions keep the time of day of the organization when the clocks change', async () => {
  await add('2027-03-15T08:00', '2027-03-15T09:00', {
    recurrence: 'FREQ=WEEKLY;BYDAY=MO',
    organizerId: member('owner'),
  });
  expect(await busy(['owner'], windowOf('2027-03'))).toEqual([
    ['03-15T08:00 03-15T09:00', '03-22T08:00 03-22T09:00', '03-29T07:00 03-29T08:00'],
  ]);
});

test.each([
  ['FREQ=DAILY;INTERVAL=3;COUNT=3', ['05-04', '05-07', '05-10']],
  ['FREQ=DAILY;UNTIL=20270506', ['05-04', '05-05', '05-06']],
  ['FREQ=DAILY;UNTIL=20270506T080000Z', ['05-04', '05-05', '05-06']],
  ['FREQ=DAILY;UNTIL=20270506T075959Z', ['05-04', '05-05']],
  ['FREQ=WEEKLY', ['05-04', '05-11', '05-18', '05-25']],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU', ['05-04', '05-17', '05-18', '05-31']],
  ['FREQ=MONTHLY;BYDAY=-1FR', ['05-04', '05-28']],
  ['FREQ=MONTHLY;BYDAY=2WE,3TH', ['05-04', '05-12', '05-20']],
  ['FREQ=MONTHLY;BYMONTHDAY=10,-1', ['05-04', '05-10', '05-31']],
  ['FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO', ['05-04', '05-31']],
  ['FREQ=DAILY;BYDAY=SA,SU;COUNT=4', ['05-04', '05-08', '05-09', '05-15']],
])('%s repeats as RFC 5545 says', async (recurrence, days) => {
  const id = await add('2027-05-04T08:00', '2027-05-04T09:00', { recurrence, organizerId: member('viewer') });
  const window = { from: '2027-05-01T00:00:00.000Z', to: '2027-06-01T00:00:00.000Z' };
  const [spans = []] = await busy(['viewer'], window);
  expect(spans.map((span) => span.slice(0, 5))).toEqual(days);
  await write(org.member, 'eventDelete', { id });
});

test('years later a rule repeats still, and a month without its day has none', async () => {
  await add('2020-01-31T08:00', '2020-01-31T09:00', { recurrence: 'FREQ=MONTHLY', organizerId: member('owner') });
  const day = (from: string, to: string) =>
    busy(['owner'], { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` });
  expect(await day('2026-12-15', '2027-01-10')).toEqual([['12-31T08:00 12-31T09:00']]);
  expect(await day('2026-06-01', '2026-07-02')).toEqual([[]]);
});

test('whole days are the days of the organization', async () => {
  await add('2026-08-03T00:00', '2026-08-05T00:00', { isAllDay: true, organizerId: member('admin') });
  expect(await busy(['admin'], windowOf('2026-08'))).toEqual([['08-02T22:00 08-04T22:00']]);
});

test('an event of several days that began before the window reaches into it', async () => {
  const more = { recurrence: 'FREQ=MONTHLY', organizerId: member('admin') };
  await add('2025-10-20T08:00', '2025-11-02T09:00', more);
  expect(await busy(['admin'], { from: '2025-12-01T00:00:00.000Z', to: '2025-12-10T00:00:00.000Z' })).toEqual([
    ['12-01T00:00 12-03T10:00'],
  ]);
});

test('it is two statements for everybody, and no title is told', async () => {
  const { statements, result } = await gateway.counting(() =>
    org.viewer.ok(document, {
      userIds: ['owner', 'admin', 'member'].map((role) => member(role as Role)),
      ...windowOf('2026-01'),
    }),
  );
  expect(statements).toHaveLength(2);
  expect(JSON.stringify(result)).not.toContain('Private');
});

test('windows are up to 31 days, and people of another organization are nobody', async () => {
  const ask = (userIds: string[], from: string, to: string) =>
    queryFailure(org.viewer, document, { userIds, from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` });
  const own = [member('owner')];
  expect(await ask(own, '2026-01-01', '2026-02-02')).toEqual(['BAD_USER_INPUT', 'The window has at most 31 days.']);
  expect(await ask(own, '2026-01-01', '2026-01-01')).toEqual(['BAD_USER_INPUT', 'The window ends before it begins.']);
  const many = Array.from({ length: 51 }, () => randomUUID());
  expect(await ask(many, '2026-01-01', '2026-01-02')).toEqual(['BAD_USER_INPUT', 'At most 50 people at once.']);
  for (const unknown of [other.people.owner.id, randomUUID()]) {
    expect(await ask([...own, unknown], '2026-01-01', '2026-01-02')).toEqual([
      'BAD_USER_INPUT',
      'There is no such member.',
    ]);
  }
});
