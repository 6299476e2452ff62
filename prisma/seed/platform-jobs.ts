/** What workers have done, do, and are to do. */
import { insertRows, type Json } from './insert.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

interface Work {
  readonly type: string;
  readonly payload: (random: Random) => Readonly<Record<string, Json>>;
  readonly result: (random: Random) => Readonly<Record<string, Json>>;
  readonly error: string;
  /** About how many tokens of language models it takes. */
  readonly tokens?: number;
}

const works: readonly Work[] = [
  {
    type: 'report.render',
    payload: (random) => ({
      report: random.pick(['pipeline', 'utilization', 'receivables']),
      month: random.int(1, 12),
    }),
    result: (random) => ({ pages: random.int(2, 14), bytes: random.int(80, 900) * 1024 }),
    error: 'The printing service did not answer within 30 s.',
  },
  {
    type: 'proposal.draft',
    payload: (random) => ({ tone: random.pick(['plain', 'formal']), sections: random.int(4, 8) }),
    result: (random) => ({ words: random.int(600, 2_400) }),
    error: 'The language model refused the request: context too long.',
    tokens: 9_000,
  },
  {
    type: 'embedding.refresh',
    payload: (random) => ({ table: random.pick(['documents', 'org_brain', 'interactions']) }),
    result: (random) => ({ rows: random.int(3, 60) }),
    error: 'The embedding service answered 503.',
    tokens: 3_000,
  },
  {
    type: 'contacts.import',
    payload: (random) => ({ source: 'csv', rows: random.int(20, 400) }),
    result: (random) => ({ made: random.int(10, 300), skipped: random.int(0, 20) }),
    error: 'Line 17: the mail address is not one.',
  },
  {
    type: 'calendar.sync',
    payload: () => ({ provider: 'google' }),
    result: (random) => ({ events: random.int(0, 30) }),
    error: 'The access to the calendar was withdrawn.',
  },
];

type Status = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';

interface Plan {
  readonly status: Status;
  readonly daysAgo: number;
  readonly attempt: number;
}

/** The last days show every state; before them nearly everything went well. */
const recent: readonly Plan[] = [
  { status: 'queued', daysAgo: 0, attempt: 0 },
  { status: 'queued', daysAgo: 0, attempt: 2 },
  { status: 'running', daysAgo: 0, attempt: 1 },
  { status: 'running', daysAgo: 0, attempt: 2 },
  { status: 'failed', daysAgo: 1, attempt: 5 },
  { status: 'canceled', daysAgo: 2, attempt: 0 },
  { status: 'failed', daysAgo: 4, attempt: 1 },
];

function past(random: Random, count: number): Plan[] {
  return Array.from({ length: count }, (_, index) => {
    const chance = random.next();
    const status = chance < 0.06 ? 'failed' : chance < 0.1 ? 'canceled' : 'succeeded';
    const attempt = status === 'failed' ? 5 : status === 'canceled' ? 0 : random.chance(0.12) ? 2 : 1;
    return { status, attempt, daysAgo: 5 + Math.floor((index * 355) / count) };
  });
}

const minuteMs = 60_000;
const minutesAfter = (moment: string, minutes: number): string =>
  new Date(Date.parse(moment) + minutes * minuteMs).toISOString();

function jobRow(scene: Scene, random: Random, { status, daysAgo, attempt }: Plan, index: number) {
  const { type, payload, result, error, tokens } = random.pick(works);
  const made =
    daysAgo === 0 ? scene.calendar.ago(1, 1_300 + index * 15) : scene.calendar.ago(daysAgo, random.int(300, 1_200));
  const isDone = status === 'succeeded';
  const isRunning = status === 'running';
  const tried = attempt > 1 || status === 'failed';
  return {
    org_id: scene.org.id,
    id: scene.id('jobs', index),
    type,
    status,
    payload: payload(random),
    result: isDone ? result(random) : null,
    priority: random.pick([0, 0, 0, 5, 10, -5]),
    run_at: status === 'queued' ? scene.calendar.ago(attempt > 0 ? 0 : -1, 480) : made,
    attempt,
    max_attempts: 5,
    locked_by: isRunning ? `worker-${random.int(1, 3)}` : null,
    locked_until: isRunning ? scene.calendar.ago(-1, 60) : null,
    actual_tokens: isDone && tokens ? random.int(tokens / 2, tokens * 2) : null,
    error: tried && !isDone ? error : null,
    idempotency_key: random.chance(0.3) ? `${type}:${scene.calendar.date(-daysAgo)}:${index}` : null,
    finished_at: status === 'queued' || isRunning ? null : minutesAfter(made, random.int(1, 40)),
    created_at: made,
  };
}

export async function seedJobs(scene: Scene): Promise<void> {
  const random = scene.random('jobs');
  const plans = scene.org.plan === 'free' ? past(random, 4) : [...recent, ...past(random, 60)];
  const rows = plans.map((plan, index) => jobRow(scene, random, plan, index));
  await insertRows(scene.client, 'jobs', rows);
}
