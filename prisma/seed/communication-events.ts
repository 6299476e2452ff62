/** The calendar: what repeats, visits at clients in the year past and to come, and days for everybody. */
import type { Client } from './communication-talks.ts';
import { insertRows, type Row } from './insert.ts';
import { datesOf, type Series } from './phrases/dates.ts';
import { at, type Random } from './random.ts';
import { type Scene, slugOf } from './scene.ts';

/** What a visit may be about, of the account that is visited. */
interface Work {
  readonly accountId: string;
  readonly dealId: string | null;
  readonly projectId: string | null;
}

interface Guest {
  readonly user_id: string | null;
  readonly contact_id: string | null;
  readonly status: string;
}

interface Planned {
  readonly row: Row & { readonly id: string };
  readonly guests: readonly Guest[];
}

const hour = 60;
/** Minutes from midnight UTC to the local one, as in winter: near enough for days of no importance. */
const offsets: Readonly<Record<string, number>> = {
  'America/New_York': 5 * hour,
  'America/Chicago': 6 * hour,
  'Europe/Berlin': -hour,
};

const localMinute = ({ org }: Scene, minute: number): number => minute + (offsets[org.timeZone] ?? 0);

const dayMs = 86_400_000;

/** The first day at most so many days ago that the rule of a series names. */
function daysSince({ calendar }: Scene, days: number, { weekday, recurrence }: Series): number {
  const isIt = (ago: number) => {
    const day = new Date(calendar.ago(ago));
    const isLast = (step: number) => new Date(day.getTime() + step * dayMs).getUTCMonth() !== day.getUTCMonth();
    if (recurrence.includes('BYMONTHDAY=-1')) return isLast(1);
    return (weekday ?? day.getUTCDay()) === day.getUTCDay() && (!recurrence.includes('BYDAY=-1') || isLast(7));
  };
  return Array.from({ length: 32 }, (_, index) => days - index).find(isIt) ?? days;
}

const member = (user_id: string, status: string): Guest => ({ user_id, contact_id: null, status });

const meetingUrl = ({ org }: Scene, title: string) => `https://meet.${org.slug}.example/${slugOf(title)}`;

const base = {
  account_id: null,
  deal_id: null,
  project_id: null,
  status: 'scheduled',
  recurrence: null,
  meeting_url: null,
  deleted_at: null,
};

function planSeries(scene: Scene, whole: Series, index: number): Planned {
  const { title, weekday: _, minute, length, ...series } = whole;
  const { calendar, staff, org } = scene;
  const days = daysSince(scene, 330 - index * 11, whole);
  const times =
    minute === null
      ? { starts_at: calendar.ago(days), ends_at: calendar.ago(days - length) }
      : {
          starts_at: calendar.ago(days, localMinute(scene, minute)),
          ends_at: calendar.ago(days, localMinute(scene, minute + length)),
        };
  const organizer = at(staff, index);
  const row = {
    ...base,
    ...series,
    ...times,
    org_id: org.id,
    id: scene.id('events', index),
    title,
    is_all_day: minute === null,
    organizer_id: organizer,
    created_at: calendar.ago(days + 6, 600),
  };
  const answers = ['accepted', 'accepted', 'tentative', 'invited', 'declined'];
  const others = staff.filter((id) => id !== organizer);
  return { row, guests: minute === null ? [] : others.map((id, n) => member(id, at(answers, index + n))) };
}

const answersTo = {
  done: ['accepted', 'accepted', 'declined', 'accepted'],
  canceled: ['accepted', 'tentative', 'declined'],
};

/** Who is invited to a visit: a colleague in two of three, and the client. */
function visitors(
  random: Random,
  staff: readonly string[],
  organizer: string,
  client: Client,
  status: string,
): Guest[] {
  const answers =
    status === 'scheduled'
      ? ['invited', 'accepted', 'tentative', 'declined', 'invited']
      : answersTo[status === 'done' ? 'done' : 'canceled'];
  const others = staff.filter((id) => id !== organizer);
  const colleagues =
    others.length > 0 && random.chance(0.66) ? [member(random.pick(others), random.pick(answers))] : [];
  return [...colleagues, { user_id: null, contact_id: client.id, status: random.pick(answers) }];
}

/** A past one took place or was called off, and now and then nobody has noted which; one to come may be called off. */
const statusOf = (index: number, days: number): string =>
  index % 10 === 4 ? 'canceled' : days > 0 && index % 12 !== 7 ? 'done' : 'scheduled';

function planVisit(scene: Scene, random: Random, client: Client, work: Work | undefined, index: number): Planned {
  const { calendar, staff, org } = scene;
  const { title, description, kind } = at(datesOf[org.slug].visits, index);
  const name = title.replace('{account}', client.account);
  // Two in three lie behind us. From 08:00 UTC on, as `workday` counts.
  const days = index % 3 === 2 ? -random.int(1, 80) : random.int(1, 340);
  const start = localMinute(scene, random.int(18, 32) * 30) - 8 * hour;
  const organizer = random.pick(staff);
  const status = statusOf(index, days);
  const isOnline = kind === 'meeting' && random.chance(0.6);
  const row = {
    ...base,
    org_id: org.id,
    id: scene.id('events', 100 + index),
    kind,
    title: name,
    description,
    starts_at: calendar.workday(days, start),
    ends_at: calendar.workday(days, start + random.pick([30, 60, 60, 90, 120])),
    is_all_day: false,
    location: isOnline ? null : client.account,
    meeting_url: isOnline ? meetingUrl(scene, name) : null,
    organizer_id: organizer,
    account_id: client.accountId,
    deal_id: work?.dealId ?? null,
    project_id: work?.projectId ?? null,
    status,
    deleted_at: index % 31 === 30 ? calendar.ago(2, 580) : null,
    created_at: calendar.workday(Math.max(days, 0) + random.int(5, 20), 300),
  };
  return { row, guests: visitors(random, staff, organizer, client, status) };
}

function planOccasions(scene: Scene): Planned[] {
  const { calendar, staff, org } = scene;
  return datesOf[org.slug].occasions.map(({ days, length, ...occasion }, index) => ({
    row: {
      ...base,
      ...occasion,
      org_id: org.id,
      id: scene.id('events', 50 + index),
      kind: 'event',
      starts_at: calendar.ago(-days),
      ends_at: calendar.ago(-days - length),
      is_all_day: true,
      organizer_id: at(staff, index),
      status: days < 0 ? 'done' : 'scheduled',
      created_at: calendar.ago(Math.max(0, -days) + 30, 660),
    },
    guests: staff.map((id, n) => member(id, at(['accepted', 'accepted', 'invited', 'declined'], index + n))),
  }));
}

/** What is going on with each account: an open deal, and a project that runs. */
async function findWork({ client, org }: Scene): Promise<ReadonlyMap<string, Work>> {
  const { rows } = await client.query<Work>(
    `select accounts.id as "accountId", min(deals.id::text) as "dealId", min(projects.id::text) as "projectId" from accounts
       left join deals on deals.org_id = accounts.org_id and deals.account_id = accounts.id and deals.status = 'open' and deals.deleted_at is null
       left join projects on projects.org_id = accounts.org_id and projects.account_id = accounts.id and projects.status = 'active' and projects.deleted_at is null
       where accounts.org_id = $1 group by accounts.id order by accounts.id`,
    [org.id],
  );
  return new Map(rows.map((row) => [row.accountId, row]));
}

const attendeeRows = (scene: Scene, planned: readonly Planned[]): Row[] =>
  planned
    .flatMap(({ row, guests }) =>
      guests.map((guest) => ({ ...guest, event_id: row.id, created_at: row.created_at ?? null })),
    )
    .map((guest, index) => ({ org_id: scene.org.id, id: scene.id('event_attendees', index), ...guest }));

export async function seedEvents(scene: Scene, clients: readonly Client[]): Promise<void> {
  const random = scene.random('events');
  const work = await findWork(scene);
  const count = clients.length > 20 ? 90 : 6;
  const visits = Array.from({ length: count }, (_, index) => {
    const client = at(clients, index);
    return planVisit(scene, random, client, work.get(client.accountId), index);
  });
  const series = datesOf[scene.org.slug].series.map((one, index) => planSeries(scene, one, index));
  const planned = [...series, ...planOccasions(scene), ...visits];
  const columns = Object.keys(visits[0]?.row ?? {});
  const rows = planned.map(({ row }) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
  await insertRows(scene.client, 'events', rows);
  await insertRows(scene.client, 'event_attendees', attendeeRows(scene, planned));
}
