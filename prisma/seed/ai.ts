/** Agents and their runs over a year, what they cost, what is kept of them, and what happened in applications. */
import { insertRows, type Row } from './insert.ts';
import { peopleOf } from './people.ts';
import { agentsOf, events, failures, findings, models, prospects, questions, steps } from './phrases/ai.ts';
import { at, type Random } from './random.ts';
import { type Scene, slugOf } from './scene.ts';

/** Initech has just begun. */
const volumeOf = ({ org }: Scene) =>
  org.slug === 'initech' ? { runs: 2, calls: 6, kept: 2, events: 12 } : { runs: 30, calls: 100, kept: 24, events: 120 };

function agentRows(scene: Scene): Row[] {
  return agentsOf[scene.org.slug].map(({ name, role, model, instructions, tools, isEnabled = true }, index) => ({
    org_id: scene.org.id,
    id: scene.id('agents', index),
    name,
    role,
    model,
    instructions,
    tools,
    is_enabled: isEnabled,
    created_at: scene.calendar.workday(370 - index * 20, 60),
  }));
}

type RunStatus = 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'canceled';

/** The newest runs are those that are not over; of the others most went well. */
const newest: readonly RunStatus[] = ['queued', 'running', 'paused', 'failed', 'queued'];
const older: readonly RunStatus[] = ['succeeded', 'succeeded', 'failed', 'succeeded', 'canceled', 'succeeded'];

interface Run {
  readonly id: string;
  readonly agent: number;
  readonly status: RunStatus;
  readonly daysAgo: number;
  readonly minute: number;
  /** How many steps are finished. */
  readonly finished: number;
}

const finishedSteps = (status: RunStatus, random: Random): number =>
  status === 'queued' ? 0 : status === 'succeeded' ? steps.length : random.int(1, steps.length - 1);

function planRuns(scene: Scene): Run[] {
  const random = scene.random('agent_runs');
  const agents = agentsOf[scene.org.slug];
  const enabled = [...agents.keys()].filter((index) => agents[index]?.isEnabled !== false);
  const { runs } = volumeOf(scene);
  return Array.from({ length: runs }, (_, index) => {
    const status = index < newest.length ? at(newest, index) : at(older, index);
    return {
      id: scene.id('agent_runs', index),
      agent: at(enabled, index),
      status,
      daysAgo: index < newest.length ? 1 + index : 6 + Math.round((index * 340) / runs) + random.int(0, 4),
      minute: random.int(0, 480),
      finished: finishedSteps(status, random),
    };
  });
}

/** The newest runs and every second of the others draft a proposal, each another one, as long as there are any. */
function runRow(scene: Scene, run: Run, index: number, proposals: readonly string[]): Row {
  const { status, daysAgo, minute, finished } = run;
  const started = status === 'queued' || (status === 'canceled' && index % 2 === 0) ? null : minute + 2;
  const ended = ['succeeded', 'failed', 'canceled'].includes(status) ? minute + 9 : null;
  const failedAt = status === 'failed' ? index % failures.length : null;
  const isResumed = started !== null && index % 7 === 0;
  return {
    org_id: scene.org.id,
    id: run.id,
    agent_id: scene.id('agents', run.agent),
    proposal_id: index < newest.length || index % 2 === 0 ? (proposals[index] ?? null) : null,
    status,
    current_step: started === null ? null : at(steps, Math.min(finished, steps.length - 1)).step,
    cached_writer_output: started === null ? null : { steps: steps.slice(0, finished) },
    resume_from: isResumed ? 'draft' : null,
    input: { language: 'en', length: index % 3 === 0 ? 'short' : 'normal' },
    output: status === 'succeeded' ? { words: 780 + index * 5, sections: 4 } : null,
    error: failedAt === null ? null : at(failures, failedAt),
    started_at: started === null ? null : scene.calendar.workday(daysAgo, started),
    finished_at: ended === null ? null : scene.calendar.workday(daysAgo, ended),
    created_at: scene.calendar.workday(daysAgo, minute),
  };
}

interface Call {
  readonly run: string | null;
  readonly model: string;
  readonly operation: string;
  readonly daysAgo: number;
  readonly minute: number;
}

/** One call for each step that a run has come to, and calls outside of runs. */
function planCalls(scene: Scene, runs: readonly Run[]): Call[] {
  const random = scene.random('ai_calls');
  const agents = agentsOf[scene.org.slug];
  const ofRuns = runs.flatMap(({ id, agent, daysAgo, minute, finished, status }) =>
    steps.slice(0, status === 'failed' ? finished + 1 : finished).map(({ step }, index) => {
      const model = at(agents, agent).model;
      return { run: id, model, operation: step, daysAgo, minute: minute + 2 + index };
    }),
  );
  const others = Array.from({ length: volumeOf(scene).calls }, (_, index) => ({
    run: null,
    model: random.pick(Object.keys(models)),
    operation: at(['summarize', 'embed', 'classify', 'translate'], index),
    daysAgo: random.int(1, 360),
    minute: random.int(0, 540),
  }));
  return [...ofRuns, ...others];
}

function callRow(scene: Scene, random: Random, call: Call, index: number): Row {
  const { provider, in: priceIn, out: priceOut } = models[call.model] ?? { provider: 'other', in: 0, out: 0 };
  const [input, output] = [random.int(300, 9_000), random.int(80, 2_400)];
  const isError = index % 23 === 11;
  return {
    org_id: scene.org.id,
    id: scene.id('ai_run_logs', index),
    agent_run_id: call.run,
    provider,
    model: call.model,
    operation: call.operation,
    input_tokens: input,
    output_tokens: isError ? 0 : output,
    cost_micros: Math.round((input * priceIn + (isError ? 0 : output * priceOut)) / 1_000_000),
    latency_ms: isError ? 120_000 : random.int(400, 14_000),
    status: isError ? 'error' : 'ok',
    error: isError ? at(failures, index) : null,
    created_at: scene.calendar.workday(call.daysAgo, call.minute),
  };
}

/** Every third answer has expired, and a few never do. */
function cacheRows(scene: Scene): Row[] {
  const random = scene.random('ai_cache');
  return Array.from({ length: volumeOf(scene).kept }, (_, index) => ({
    org_id: scene.org.id,
    id: scene.id('ai_cache', index),
    cache_key: `${slugOf(at(questions, index))}:${scene.id('cache_key', index).slice(0, 8)}`,
    model: at(Object.keys(models), index),
    response: { question: at(questions, index), answer: `Answer ${index + 1}, in ${random.int(2, 9)} sentences.` },
    hit_count: index % 5 === 4 ? 0 : random.int(1, 40),
    expires_at: index % 7 === 6 ? null : scene.calendar.ago(index % 3 === 0 ? 3 + index : -7 - index),
    created_at: scene.calendar.workday(35 + index, 30 * (index % 16)),
  }));
}

/** Research lasts 30 days, so every second one has expired. */
function prospectRows(scene: Scene): Row[] {
  return prospects[scene.org.slug].map((name, index) => {
    const found = index % 2 === 0 ? 2 + index : 35 + index * 6;
    return {
      org_id: scene.org.id,
      id: scene.id('prospect_intelligence', index),
      prospect_name: name,
      website_url: `https://${slugOf(name)}.example`,
      profile: at(findings, index),
      cached_at: scene.calendar.workday(found, 200),
      expires_at: scene.calendar.ago(found - 30, 680),
      created_at: scene.calendar.workday(found + (index % 4 === 3 ? 60 : 0), 200),
    };
  });
}

function eventRows(scene: Scene): Row[] {
  const random = scene.random('analytics_events');
  const people = peopleOf(scene.org.slug);
  return Array.from({ length: volumeOf(scene).events }, (_, index) => {
    const happened = scene.calendar.workday(1 + Math.floor((index * 90) / volumeOf(scene).events), random.int(0, 540));
    return {
      org_id: scene.org.id,
      id: scene.id('analytics_events', index),
      name: random.pick(events),
      user_id: random.pick(people).uuid,
      properties: { app: random.pick(['web', 'mobile']), seconds: random.int(1, 300) },
      occurred_at: happened,
      created_at: happened,
    };
  });
}

async function newestProposals({ client, org }: Scene): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id from proposals where org_id = $1 and status in ('draft', 'sent') and deleted_at is null order by id`,
    [org.id],
  );
  return rows.map(({ id }) => id);
}

export async function seedAi(scene: Scene): Promise<void> {
  const { client } = scene;
  const runs = planRuns(scene);
  const calls = planCalls(scene, runs);
  const random = scene.random('ai_run_logs');
  const proposals = await newestProposals(scene);
  await insertRows(client, 'agents', agentRows(scene));
  const runRows = runs.map((run, index) => runRow(scene, run, index, proposals));
  await insertRows(client, 'agent_runs', runRows);
  await insertRows(
    client,
    'ai_run_logs',
    calls.map((call, index) => callRow(scene, random, call, index)),
  );
  await insertRows(client, 'ai_cache', cacheRows(scene));
  await insertRows(client, 'prospect_intelligence', prospectRows(scene));
  await insertRows(client, 'analytics_events', eventRows(scene));
}
