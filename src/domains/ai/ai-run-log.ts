import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

const AiRunLogStatus = enumOf('AiRunLogStatus', 'How a call of a language model ended.', {
  ok: 'With an answer.',
  error: 'Without one; tokens may have been charged all the same.',
});

readable('AiRunLog', {
  permission: 'ai:read',
  filter: {
    columns: [
      'agentRunId',
      'provider',
      'model',
      'operation',
      'inputTokens',
      'outputTokens',
      'costMicros',
      'latencyMs',
      'error',
    ],
    enums: { status: AiRunLogStatus },
    relations: ['agentRun'],
  },
  orderBy: {
    columns: ['provider', 'model', 'operation', 'inputTokens', 'outputTokens', 'costMicros', 'latencyMs', 'status'],
    relations: ['agentRun'],
  },
});

builder.prismaObject('AiRunLog', {
  description: 'One call of a language model: what was asked, how much of it, and what it cost. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    provider: t.exposeString('provider'),
    model: t.exposeString('model'),
    operation: t.exposeString('operation'),
    inputTokens: t.exposeInt('inputTokens'),
    outputTokens: t.exposeInt('outputTokens'),
    costMicros: t.expose('costMicros', { type: 'BigInt' }),
    latencyMs: t.exposeInt('latencyMs'),
    status: t.expose('status', { type: AiRunLogStatus }),
    error: t.exposeString('error', { nullable: true }),
    agentRun: t.relation('agentRun', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  aiRunLog: byId(t, 'AiRunLog', 'One call of a language model.'),
  aiRunLogs: list(t, 'AiRunLog', 'The calls of language models, newest first. `aiUsage` adds them up.'),
}));

const AiRunLogCreateInput = builder.inputType('AiRunLogCreateInput', {
  description: 'A call of a language model that was made.',
  fields: (t) => ({
    id: clientId(t),
    agentRunId: t.id(),
    provider: t.string({ required: true }),
    model: t.string({ required: true }),
    operation: t.string({ required: true }),
    inputTokens: t.int(),
    outputTokens: t.int(),
    costMicros: t.field({ type: 'BigInt' }),
    latencyMs: t.int(),
    status: t.field({ type: AiRunLogStatus, description: 'How the call ended; OK unless given.' }),
    error: t.string(),
  }),
});

mutation({
  name: 'aiRunLogCreate',
  description: 'Notes a call of a language model. It stays as it is. Taken even while agents are switched off.',
  permission: 'ai:write',
  input: AiRunLogCreateInput,
  returns: 'AiRunLog',
  run: (input, context) => createRow(context, 'AiRunLog', input),
});
