/**
 * What happens to a job after it was claimed. Its worker holds it by a lease; who has lost it (the job was called off, or
 * another worker took over) is told so, and changes nothing.
 */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { type Input, liveRow, lockRow, rowData, type Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow, type Standing } from '../../graphql/status.ts';
import { leaseOf, workerName } from './job-claim.ts';

interface Job extends Standing {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly lockedBy: string | null;
}

const columns = { id: true, status: true, attempt: true, maxAttempts: true, lockedBy: true };

/** Locks a job, so that its worker, a claim and whoever calls it off take turns. */
async function lockJob(context: Context, input: Input): Promise<Job> {
  await lockRow(context, 'Job', input);
  return (await liveRow(context, 'Job', input, columns)) as unknown as Job;
}

/** Locks a job that a worker has. */
async function held(context: Context, input: Input & { readonly workerId: string }): Promise<Job> {
  const worker = workerName(input.workerId);
  const job = await lockJob(context, input);
  if (job.status === 'running' && job.lockedBy === worker) return job;
  const instead = job.status === 'running' ? 'another worker has it' : `it is ${job.status}`;
  throw new UserError('CONFLICT', `This worker has lost the job: ${instead}.`, ['workerId'], job.version);
}

const released = { lockedBy: null, lockedUntil: null };
const after = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

/**
 * How long a failed job waits: 10 s after the first attempt, twice as long after each further one, an hour at most; of that
 * a random share between a half and all of it, so that jobs that failed together do not come back together.
 */
export function backoffSeconds(attempt: number, random: () => number = Math.random): number {
  return Math.min(10 * 2 ** (attempt - 1), 3_600) * (0.5 + random() / 2);
}

const worker = (t: Parameters<typeof target>[0]) => ({
  ...target(t),
  workerId: t.string({ required: true, description: 'What the worker called itself when it claimed the job.' }),
});

const JobHeartbeatInput = builder.inputType('JobHeartbeatInput', {
  description: 'Which job is still being worked on.',
  fields: (t) => ({
    ...worker(t),
    leaseSeconds: t.int({
      defaultValue: 60,
      description: 'How long the worker has it from now on: 1 to 86400 seconds.',
    }),
  }),
});

const JobCompleteInput = builder.inputType('JobCompleteInput', {
  description: 'Which job is done, and what came of it.',
  fields: (t) => ({
    ...worker(t),
    result: t.field({ type: 'JSON', description: 'What came of it: a JSON object.' }),
    actualTokens: t.int({ description: 'How many tokens of language models it took.' }),
  }),
});

const JobFailInput = builder.inputType('JobFailInput', {
  description: 'Which job failed, and why.',
  fields: (t) => ({
    ...worker(t),
    error: t.string({ required: true, description: 'Why it failed, for people.' }),
    retry: t.boolean({
      defaultValue: true,
      description: 'Whether another attempt may succeed. Without one left, or without hope, the job is dead.',
    }),
  }),
});

async function heartbeat(input: typeof JobHeartbeatInput.$inferInput, context: Context): Promise<Written> {
  const lease = leaseOf(input.leaseSeconds);
  return moveRow(context, 'Job', await held(context, input), { lockedUntil: after(lease) });
}

async function complete(input: typeof JobCompleteInput.$inferInput, context: Context): Promise<Written> {
  const { result, actualTokens } = input;
  const outcome = rowData<Input>('Job', { result: result ?? undefined, actualTokens });
  return moveRow(context, 'Job', await held(context, input), {
    ...outcome,
    ...released,
    status: 'succeeded',
    error: null,
  });
}

async function fail(input: typeof JobFailInput.$inferInput, context: Context): Promise<Written> {
  const { error } = rowData<Input>('Job', { error: input.error });
  const job = await held(context, input);
  const again = input.retry !== false && job.attempt < job.maxAttempts;
  const next = again ? { status: 'queued', runAt: after(backoffSeconds(job.attempt)) } : { status: 'failed' };
  return moveRow(context, 'Job', job, { ...released, ...next, error });
}

async function cancel(input: Input, context: Context): Promise<Written> {
  const job = await lockedRowIn(context, 'Job', input, { from: ['queued', 'running'], done: 'canceled' });
  return moveRow(context, 'Job', job, { ...released, status: 'canceled' });
}

async function retry(input: Input, context: Context): Promise<Written> {
  const job = await lockedRowIn(context, 'Job', input, { from: ['failed'], done: 'retried' });
  return moveRow(context, 'Job', job, { status: 'queued', attempt: 0, runAt: new Date() });
}

async function refuseRunning(input: Input, context: Context): Promise<void> {
  const { status, version } = await lockJob(context, input);
  if (status === 'running') throw new UserError('CONFLICT', 'This job is running. Cancel it first.', ['id'], version);
}

const common = { permission: 'jobs:write', returns: 'Job' } as const;

mutation({
  ...common,
  name: 'jobHeartbeat',
  description: 'Prolongs the lease of the worker that has the job. One that has lost it is refused, and stops.',
  input: JobHeartbeatInput,
  run: heartbeat,
});

mutation({
  ...common,
  name: 'jobComplete',
  description: 'Ends a job well, for the worker that has it.',
  input: JobCompleteInput,
  run: complete,
});

mutation({
  ...common,
  name: 'jobFail',
  description:
    'Ends an attempt badly, for the worker that has the job. It is queued again after 10 s · 2^(attempt - 1), an hour at most, of which it waits a random share between a half and all; after its last attempt it is dead.',
  input: JobFailInput,
  run: fail,
});

mutation({
  ...common,
  name: 'jobCancel',
  description: 'Calls off a job that is queued or running. Its worker learns of it by its next heartbeat.',
  input: TargetInput,
  run: cancel,
});

mutation({
  ...common,
  name: 'jobRetry',
  description: 'Queues a failed job anew, with all its attempts before it.',
  input: TargetInput,
  run: retry,
});

lifecycle('Job', { write: 'platform:destroy', destroy: 'platform:destroy', before: refuseRunning });
