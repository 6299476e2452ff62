/** Visits of technicians, over two months and the two weeks to come, and the devices that tasks are about. */
import type { Row } from './insert.ts';
import type { SupportWords } from './phrases/support.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { Device } from './support-devices.ts';
import { techniciansOf } from './support-stock.ts';
import type { Ticket } from './support-tickets.ts';

/** When visits of a day begin, in minutes from midnight, and how long they are planned to take. */
const times = [
  { from: 480, minutes: 120 },
  { from: 630, minutes: 90 },
  { from: 780, minutes: 120 },
] as const;

interface Visit {
  readonly technicianId: string;
  /** Days ago; negative in the future. */
  readonly day: number;
  readonly time: (typeof times)[number];
  readonly status: 'scheduled' | 'en_route' | 'on_site' | 'done' | 'canceled';
}

const isWeekend = (scene: Scene, day: number): boolean =>
  [0, 6].includes(new Date(scene.calendar.ago(day)).getUTCDay());

/** Today one technician is at work, and the next one on the way. */
const today = (technicians: readonly string[]): Visit[] =>
  (['on_site', 'en_route'] as const).map((status, number) => ({
    technicianId: at(technicians, number),
    day: 0,
    time: at(times, number),
    status,
  }));

function planVisits(scene: Scene, random: Random, { visits }: SupportWords): Visit[] {
  const technicians = techniciansOf(scene);
  const days = Array.from({ length: 75 }, (_, index) => 60 - index).filter(
    (day) => day !== 0 && !isWeekend(scene, day),
  );
  const others = days.flatMap((day) =>
    technicians.flatMap((technicianId) =>
      times.filter(() => random.chance(visits)).map((time) => ({ technicianId, day, time })),
    ),
  );
  const planned = others.map((visit, index): Visit => {
    const usual = visit.day > 0 ? 'done' : 'scheduled';
    return { ...visit, status: index % 8 === 5 ? 'canceled' : usual };
  });
  return [...planned, ...today(technicians)];
}

/** What a visit is for: a ticket that was there at that time, or now and then a task. */
function subjectOf(random: Random, { day }: Visit, tickets: readonly Ticket[], tasks: readonly string[]) {
  const waiting = tickets.filter(({ age, solvedAt }) =>
    day > 0 ? age > day && age <= day + 15 : age > 0 && solvedAt === null,
  );
  const known = waiting.length > 0 ? waiting : tickets;
  if (tasks.length > 0 && random.chance(0.25)) return { task_id: random.pick(tasks), ticket_id: null };
  return { task_id: null, ticket_id: random.pick(known).id };
}

export function visitRows(
  scene: Scene,
  words: SupportWords,
  tickets: readonly Ticket[],
  tasks: readonly string[],
): Row[] {
  const random = scene.random('dispatch_assignments');
  const { calendar } = scene;
  return planVisits(scene, random, words).map((visit, index) => {
    const { technicianId, day, time, status } = visit;
    const arrived = time.from + random.int(-5, 15);
    return {
      org_id: scene.org.id,
      id: scene.id('dispatch_assignments', index),
      technician_id: technicianId,
      ...subjectOf(random, visit, tickets, tasks),
      status,
      starts_at: calendar.ago(day, time.from),
      ends_at: calendar.ago(day, time.from + time.minutes),
      arrived_at: status === 'done' || status === 'on_site' ? calendar.ago(day, arrived) : null,
      completed_at: status === 'done' ? calendar.ago(day, arrived + random.int(40, time.minutes)) : null,
      created_at: calendar.workday(Math.max(day, 0) + random.int(1, 6), 200 + (index % 240)),
    };
  });
}

/** Every second task is about a device or two, where there are enough of them. */
export function taskDeviceRows(scene: Scene, tasks: readonly string[], devices: readonly Device[]) {
  const random = scene.random('task_devices');
  const chosen = tasks.filter((_, index) => index % 2 === 0 && index < devices.length);
  return chosen.flatMap((task, index) =>
    random.some(devices, index % 3 === 0 ? 2 : 1).map(({ id }, number) => ({
      org_id: scene.org.id,
      id: scene.id('task_devices', index * 2 + number),
      task_id: task,
      device_id: id,
      created_at: scene.calendar.workday(20 + (index % 60), 300 + index),
    })),
  );
}
