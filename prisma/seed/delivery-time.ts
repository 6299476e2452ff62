/** The time that went into tasks, and the timesheets that took it up: two weeks each, the older ones decided on. */
import type pg from 'pg';
import type { Task } from './delivery-tasks.ts';
import { insertRows, type Row } from './insert.ts';
import { deliveryPlanOf } from './phrases/delivery.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

interface Entry {
  readonly task: Task;
  readonly userId: string;
  readonly loggedOn: string;
  readonly minutes: number;
}

interface Sheet {
  readonly id: string;
  readonly userId: string;
  readonly start: string;
  readonly end: string;
  /** How many periods ago; 0 is the one that is running. */
  readonly back: number;
}

/** One entry for about a day of work, at most three for a task. */
function entriesOf(scene: Scene, random: Random, task: Task): Entry[] {
  const { assigneeId, begun, done, plan } = task;
  if (assigneeId === null || begun === null) return [];
  const days = Math.max(1, Math.min(3, Math.round(plan.hours / 8)));
  return Array.from({ length: days }, (_, index) => {
    const day = Math.max(done ?? 1, 1, begun - index * random.int(1, 2));
    return {
      task,
      userId: assigneeId,
      loggedOn: scene.calendar.workday(day, 0).slice(0, 10),
      minutes: Math.max(30, Math.round((plan.hours * 60 * (0.7 + random.next() * 0.6)) / days / 15) * 15),
    };
  });
}

/** The Monday on which a period began, as days ago. */
const periodStart = (scene: Scene, back: number): number =>
  ((new Date(scene.calendar.date(0)).getUTCDay() + 6) % 7) + back * 14;

function planSheets(scene: Scene, entries: readonly Entry[]): Sheet[] {
  const periods = Array.from({ length: 28 }, (_, back) => {
    const first = periodStart(scene, back);
    return { back, start: scene.calendar.date(-first), end: scene.calendar.date(13 - first) };
  });
  const all = scene.staff.flatMap((userId, person) =>
    periods.map((period) => ({ ...period, userId, id: scene.id('timesheets', person * 100 + period.back) })),
  );
  return all.filter((sheet) => entries.some((entry) => isOn(entry, sheet)));
}

const isOn = (entry: Entry, sheet: Sheet): boolean =>
  entry.userId === sheet.userId && entry.loggedOn >= sheet.start && entry.loggedOn <= sheet.end;

const daysAgo = (scene: Scene, day: string): number =>
  Math.round((Date.parse(scene.calendar.date(0)) - Date.parse(day)) / 86_400_000);

/** Nobody decides on their own time but the owner, when there is nobody else. */
const deciderOf = ({ staff }: Scene, userId: string): string => staff.find((id) => id !== userId) ?? userId;

function stateOf(scene: Scene, sheet: Sheet, index: number): Row {
  const none = { status: 'draft', submitted_at: null, decided_at: null, decided_by_id: null, note: null };
  if (sheet.back === 0) return { id: sheet.id, ...none };
  const after = Math.max(0, daysAgo(scene, sheet.end) - 1);
  const submitted = { ...none, id: sheet.id, status: 'submitted', submitted_at: scene.calendar.ago(after, 540) };
  if (sheet.back === 1 && index % 3 !== 2) return submitted;
  const isRejected = sheet.back === 1 || index % 19 === 7;
  return {
    ...submitted,
    status: isRejected ? 'rejected' : 'approved',
    decided_at: scene.calendar.ago(Math.max(0, after - 1), 600),
    decided_by_id: deciderOf(scene, sheet.userId),
    note: isRejected ? 'Wednesday is missing, and the travel belongs to the other project.' : null,
  };
}

/** The states come last: what is submitted takes no entries. */
async function decide(client: pg.ClientBase, orgId: string, states: readonly Row[]): Promise<void> {
  await client.query(
    `update timesheets set status = state.status, submitted_at = state.submitted_at, decided_at = state.decided_at,
        decided_by_id = state.decided_by_id, note = state.note
      from jsonb_populate_recordset(null::timesheets, $2::jsonb) state
      where timesheets.org_id = $1 and timesheets.id = state.id and state.status <> 'draft'`,
    [orgId, JSON.stringify(states)],
  );
}

function entryRows(scene: Scene, entries: readonly Entry[], sheets: readonly Sheet[]): Row[] {
  const random = scene.random('time-entry-rows');
  const { notes } = deliveryPlanOf(scene.org.slug);
  return entries.map((entry, index) => ({
    org_id: scene.org.id,
    id: scene.id('time_entries', index),
    task_id: entry.task.id,
    project_id: entry.task.project.id,
    user_id: entry.userId,
    timesheet_id: sheets.find((sheet) => isOn(entry, sheet))?.id ?? null,
    duration_minutes: Math.min(600, entry.minutes),
    description: random.chance(0.8) ? at(notes, index) : null,
    logged_on: entry.loggedOn,
    is_billable: random.chance(0.88),
    created_at: `${entry.loggedOn}T${17 + (index % 2)}:${10 + (index % 50)}:00Z`,
  }));
}

export async function seedTime(scene: Scene, tasks: readonly Task[]): Promise<void> {
  const random = scene.random('time_entries');
  const entries = tasks.flatMap((task) => entriesOf(scene, random, task));
  const sheets = planSheets(scene, entries);
  const rows = sheets.map(({ id, userId, start, end }) => ({
    org_id: scene.org.id,
    id,
    user_id: userId,
    period_start_on: start,
    period_end_on: end,
    created_at: `${start}T08:00:00Z`,
  }));
  await insertRows(scene.client, 'timesheets', rows);
  await insertRows(scene.client, 'time_entries', entryRows(scene, entries, sheets));
  await decide(
    scene.client,
    scene.org.id,
    sheets.map((sheet, index) => stateOf(scene, sheet, index)),
  );
}
