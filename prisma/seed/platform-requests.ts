/** What programs have asked of the API in the last weeks. */
import { createHash } from 'node:crypto';
import { insertRows } from './insert.ts';
import { demoId } from './people.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

interface Operation {
  readonly name: string;
  readonly cost: number;
  /** About how many milliseconds it takes. */
  readonly ms: number;
  readonly share: number;
}

interface Program {
  /** The name of its key. */
  readonly key: string;
  readonly ip: string;
  readonly operations: readonly Operation[];
  /** How many days ago its last request was. */
  readonly until: number;
  readonly requests: number;
}

const programs: readonly Program[] = [
  {
    key: 'Website forms',
    ip: '203.0.113.24',
    operations: [
      { name: 'CreateLead', cost: 0, ms: 14, share: 0.5 },
      { name: 'ContactByEmail', cost: 1, ms: 4, share: 0.5 },
    ],
    until: 1,
    requests: 90,
  },
  {
    key: 'Reporting, last year',
    ip: '198.51.100.7',
    operations: [
      { name: 'PipelineReport', cost: 650, ms: 38, share: 0.6 },
      { name: 'AccountPage', cost: 420, ms: 21, share: 0.4 },
    ],
    until: 31,
    requests: 40,
  },
];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function statusOf(random: Random): string {
  const chance = random.next();
  if (chance < 0.9) return 'ok';
  return random.pick(['BAD_USER_INPUT', 'BAD_USER_INPUT', 'FORBIDDEN', 'COST_LIMIT', 'TIMEOUT']);
}

function requestRow(scene: Scene, random: Random, { key, ip, operations, until, requests }: Program, index: number) {
  const [usual, other = usual] = operations;
  const operation = usual && random.chance(usual.share) ? usual : other;
  const { name = '', cost = 0, ms = 0 } = operation ?? {};
  const status = statusOf(random);
  return {
    org_id: scene.org.id,
    id: scene.id(`api_request_logs:${key}`, index),
    api_key_id: demoId(`key:${scene.org.slug}:${key}`),
    operation_name: name,
    document_hash: sha256(`query ${name}`),
    status,
    duration_ms: status === 'TIMEOUT' ? 5_000 + random.int(0, 40) : Math.round(ms * (0.6 + random.next())),
    cost: status === 'COST_LIMIT' ? 104_000 : cost,
    request_id: demoId(`request:${scene.org.slug}:${key}:${index}`),
    ip,
    created_at: scene.calendar.ago(until + Math.floor(((requests - index) * 28) / requests), random.int(240, 1_300)),
  };
}

/** An organization on the free plan has no keys. */
export async function seedRequestLogs(scene: Scene): Promise<void> {
  if (scene.org.plan === 'free') return;
  const random = scene.random('api_request_logs');
  const rows = programs.flatMap((program) =>
    Array.from({ length: program.requests }, (_, index) => requestRow(scene, random, program, index)),
  );
  await insertRows(scene.client, 'api_request_logs', rows);
}
