import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const AgentRunStatus = enumOf('AgentRunStatus', 'Where an agent run stands.', [
  'queued',
  'running',
  'paused',
  'succeeded',
  'failed',
  'canceled',
]);

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
  description: 'One run of an agent, step by step.',
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
    aiRunLogs: relatedList(t, 'aiRunLogs', 'The ai run logs.'),
  }),
});

builder.queryFields((t) => ({
  agentRun: byId(t, 'AgentRun', 'One agent run.'),
  agentRuns: list(t, 'AgentRun', 'The agent runs of the organization.'),
}));

const details = (t: InputFields) => ({
  agentId: t.id(),
  proposalId: t.id(),
  input: t.field({ type: 'JSON' }),
});

const AgentRunCreateInput = builder.inputType('AgentRunCreateInput', {
  description: 'A new agent run.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const AgentRunUpdateInput = builder.inputType('AgentRunUpdateInput', {
  description: 'Changes to an agent run. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('AgentRun', {
  write: 'ai:write',
  destroy: 'ai:destroy',
  create: AgentRunCreateInput,
  update: AgentRunUpdateInput,
});
