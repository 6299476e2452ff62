import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { clientId, type InputFields, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

const AiRunLogStatus = enumOf('AiRunLogStatus', 'Where an ai run log stands.', ['ok', 'error']);

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
  description: 'One call of a language model. Never changed.',
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
  aiRunLog: byId(t, 'AiRunLog', 'One ai run log.'),
  aiRunLogs: list(t, 'AiRunLog', 'The ai run logs of the organization.'),
}));

const details = (t: InputFields) => ({
  agentRunId: t.id(),
  inputTokens: t.int(),
  outputTokens: t.int(),
  costMicros: t.field({ type: 'BigInt' }),
  latencyMs: t.int(),
  status: t.field({ type: AiRunLogStatus }),
  error: t.string(),
});

const AiRunLogCreateInput = builder.inputType('AiRunLogCreateInput', {
  description: 'A new ai run log.',
  fields: (t) => ({
    id: clientId(t),
    provider: t.string({ required: true }),
    model: t.string({ required: true }),
    operation: t.string({ required: true }),
    ...details(t),
  }),
});

mutation({
  name: 'aiRunLogCreate',
  description: 'Adds an ai run log. It stays as it is.',
  permission: 'ai:write',
  input: AiRunLogCreateInput,
  returns: 'AiRunLog',
  run: (input, context) => createRow(context, 'AiRunLog', input),
});
