/**
 * queued -> running -> paused | succeeded | failed | canceled; paused and failed runs resume. Each step locks the run first,
 * so of two at the same moment the second sees what the first made of it.
 */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { requireFeature } from '../../graphql/features.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow, type Standing } from '../../graphql/status.ts';

/** A finished step and what it put out. */
export interface CachedStep {
  readonly step: string;
  readonly output: unknown;
}

export interface Run extends Standing {
  readonly agentId: string | null;
  readonly currentStep: string | null;
  readonly cachedWriterOutput: { readonly steps?: readonly CachedStep[] } | null;
}

const columns = { agentId: true, currentStep: true, cachedWriterOutput: true };

/** Locks a run, and refuses it unless it is in one of the states that the step begins in. */
export const runIn = (context: Context, input: Input, from: readonly string[], done: string): Promise<Run> =>
  lockedRowIn<Run>(context, 'AgentRun', input, { from, done }, columns);

/** Refuses an agent that is disabled, and keeps it as it is until the end of the transaction. */
export async function requireEnabled(context: Context, agentId: string, path: readonly string[]): Promise<void> {
  const [agent] = await context.db.$queryRaw<{ enabled: boolean }[]>`
    select is_enabled as enabled from agents where id = ${agentId}::uuid for share`;
  if (!agent) throw new UserError('NOT_FOUND', 'There is no such agent.', path);
  if (!agent.enabled) throw new UserError('CONFLICT', 'This agent is disabled.', path);
}

/** What every run needs to be at work: agents are not switched off, and its own is enabled. */
export async function requireMayRun(context: Context, { agentId }: Run): Promise<void> {
  await requireFeature(context, 'agents', ['id']);
  if (agentId) await requireEnabled(context, agentId, ['id']);
}

async function start(input: Input, context: Context): Promise<Written> {
  const run = await runIn(context, input, ['queued'], 'started');
  await requireMayRun(context, run);
  return moveRow(context, 'AgentRun', run, { status: 'running', startedAt: new Date() });
}

async function pause(input: Input, context: Context): Promise<Written> {
  const run = await runIn(context, input, ['running'], 'paused');
  return moveRow(context, 'AgentRun', run, { status: 'paused' });
}

async function complete(input: Input, context: Context): Promise<Written> {
  const run = await runIn(context, input, ['running'], 'completed');
  const data = rowData<Input>('AgentRun', { output: input.output ?? undefined });
  return moveRow(context, 'AgentRun', run, { ...data, status: 'succeeded', finishedAt: new Date() });
}

async function fail(input: Input, context: Context): Promise<Written> {
  const run = await runIn(context, input, ['running'], 'failed');
  const data = rowData<Input>('AgentRun', { error: input.error });
  return moveRow(context, 'AgentRun', run, { ...data, status: 'failed', finishedAt: new Date() });
}

async function cancel(input: Input, context: Context): Promise<Written> {
  const run = await runIn(context, input, ['queued', 'running', 'paused'], 'canceled');
  return moveRow(context, 'AgentRun', run, { status: 'canceled', finishedAt: new Date() });
}

const AgentRunCompleteInput = builder.inputType('AgentRunCompleteInput', {
  description: 'Which run succeeded, and with what.',
  fields: (t) => ({ ...target(t), output: t.field({ type: 'JSON', description: 'Its result.' }) }),
});

const AgentRunFailInput = builder.inputType('AgentRunFailInput', {
  description: 'Which run failed, and why.',
  fields: (t) => ({ ...target(t), error: t.string({ required: true, description: 'Why it failed.' }) }),
});

const common = { permission: 'ai:write', returns: 'AgentRun' } as const;

mutation({
  ...common,
  name: 'agentRunStart',
  description: 'Starts a queued run. Refused while agents are switched off, or its agent is disabled.',
  input: TargetInput,
  run: start,
});

mutation({
  ...common,
  name: 'agentRunPause',
  description: 'Pauses a run that is at work, for somebody to look at what there is.',
  input: TargetInput,
  run: pause,
});

mutation({
  ...common,
  name: 'agentRunComplete',
  description: 'Ends a run that is at work with its result.',
  input: AgentRunCompleteInput,
  run: complete,
});

mutation({
  ...common,
  name: 'agentRunFail',
  description: 'Ends a run that is at work without a result. `agentRunResume` takes it up again.',
  input: AgentRunFailInput,
  run: fail,
});

mutation({
  ...common,
  name: 'agentRunCancel',
  description: 'Calls off a run that is not over yet, for good.',
  input: TargetInput,
  run: cancel,
});
