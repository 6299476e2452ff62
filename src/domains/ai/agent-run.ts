import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { requireFeature } from '../../graphql/features.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, lockRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';
import { requireEnabled, runIn } from './agent-run-state.ts';

const AgentRunStatus = enumOf('AgentRunStatus', 'Where an agent run stands.', {
  queued: 'Waits to be started.',
  running: 'At work.',
  paused: 'Waits for somebody, its outputs so far kept.',
  succeeded: 'Done, with a result.',
  failed: 'Gave up; it can be resumed.',
  canceled: 'Called off for good.',
});

readable('AgentRun', {
  permission: 'ai:read',
  filter: {
    columns: [
      'agentId',
      'proposalId',
      'currentStep',
      'cachedWriterOutput',
      'resumeFrom',
      'input',
      'output',
      'error',
      'startedAt',
      'finishedAt',
    ],
    enums: { status: AgentRunStatus },
    relations: ['agent', 'proposal', 'aiRunLogs'],
  },
  orderBy: {
    columns: ['status', 'currentStep', 'resumeFrom', 'startedAt', 'finishedAt'],
    relations: ['agent', 'proposal'],
  },
});

builder.prismaObject('AgentRun', {
  description: 'One run of an agent: what it was given, the outputs of its steps so far, and what came of it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    status: t.expose('status', { type: AgentRunStatus }),
    currentStep: t.exposeString('currentStep', { nullable: true }),
    cachedWriterOutput: t.expose('cachedWriterOutput', { type: 'JSON', nullable: true }),
    resumeFrom: t.exposeString('resumeFrom', { nullable: true }),
    input: t.expose('input', { type: 'JSON' }),
    output: t.expose('output', { type: 'JSON', nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    agent: t.relation('agent', { nullable: true }),
    proposal: t.relation('proposal', { nullable: true }),
    aiRunLogs: relatedList(t, 'aiRunLogs', 'The calls of language models that it made.'),
  }),
});

builder.queryFields((t) => ({
  agentRun: byId(t, 'AgentRun', 'One run of an agent.'),
  agentRuns: list(t, 'AgentRun', 'The runs of all agents, newest first.'),
}));

const details = (t: InputFields) => ({
  agentId: t.id(),
  proposalId: t.id(),
  input: t.field({ type: 'JSON' }),
});

const AgentRunCreateInput = builder.inputType('AgentRunCreateInput', {
  description: 'A new run, queued until `agentRunStart`.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const AgentRunUpdateInput = builder.inputType('AgentRunUpdateInput', {
  description: 'Changes to a run that is still queued. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

async function createRun(context: Context, input: Input): Promise<Written> {
  await requireFeature(context, 'agents');
  const { agentId } = rowData<{ agentId?: string | null }>('AgentRun', input);
  if (agentId) await requireEnabled(context, agentId, ['agentId']);
  return createRow(context, 'AgentRun', input);
}

/** A run that did something is cut off from the proposal and the calls it speaks of only when it is over. */
async function requireOver(input: Input, context: Context): Promise<void> {
  await lockRow(context, 'AgentRun', input);
  const { status, version } = await liveRow(context, 'AgentRun', input, { status: true });
  if (status === 'running' || status === 'paused')
    throw new UserError('CONFLICT', `This agent run is ${status}. Cancel it first.`, ['id'], version);
}

async function updateRun(context: Context, input: Input): Promise<Written> {
  await runIn(context, input, ['queued'], 'changed');
  return updateRow(context, 'AgentRun', input);
}

mutation({
  name: 'agentRunCreate',
  description: 'Queues a run of an agent. Refused while agents are switched off, or this one is disabled.',
  permission: 'ai:write',
  input: AgentRunCreateInput,
  returns: 'AgentRun',
  run: (input, context) => createRun(context, input),
});

mutation({
  name: 'agentRunUpdate',
  description: 'Changes what a queued run works on.',
  permission: 'ai:write',
  input: AgentRunUpdateInput,
  returns: 'AgentRun',
  run: (input, context) => updateRun(context, input),
});

lifecycle('AgentRun', { write: 'ai:write', destroy: 'ai:destroy', before: requireOver });
