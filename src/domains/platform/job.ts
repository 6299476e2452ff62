import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const JobStatus = enumOf('JobStatus', 'Where a job stands.', ['queued', 'running', 'succeeded', 'failed', 'canceled']);

readable('Job', {
  permission: 'platform:read',
  filter: {
    columns: [
      'type',
      'payload',
      'result',
      'priority',
      'runAt',
      'attempt',
      'maxAttempts',
      'lockedBy',
      'lockedUntil',
      'actualTokens',
      'error',
      'idempotencyKey',
    ],
    enums: { status: JobStatus },
  },
  orderBy: {
    columns: [
      'type',
      'status',
      'priority',
      'runAt',
      'attempt',
      'maxAttempts',
      'lockedBy',
      'lockedUntil',
      'actualTokens',
      'idempotencyKey',
    ],
  },
});

builder.prismaObject('Job', {
  description: 'Work that a worker does in the background.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    type: t.exposeString('type'),
    status: t.expose('status', { type: JobStatus }),
    payload: t.expose('payload', { type: 'JSON' }),
    result: t.expose('result', { type: 'JSON', nullable: true }),
    priority: t.exposeInt('priority'),
    runAt: t.expose('runAt', { type: 'DateTime', nullable: true }),
    attempt: t.exposeInt('attempt'),
    maxAttempts: t.exposeInt('maxAttempts'),
    lockedBy: t.exposeString('lockedBy', { nullable: true }),
    lockedUntil: t.exposeString('lockedUntil', { nullable: true }),
    actualTokens: t.exposeInt('actualTokens', { nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    idempotencyKey: t.exposeString('idempotencyKey', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  job: byId(t, 'Job', 'One job.'),
  jobs: list(t, 'Job', 'The jobs of the organization.'),
}));

const details = (t: InputFields) => ({
  payload: t.field({ type: 'JSON' }),
  priority: t.int(),
  runAt: t.field({ type: 'DateTime' }),
  maxAttempts: t.int(),
  idempotencyKey: t.string(),
});

const JobCreateInput = builder.inputType('JobCreateInput', {
  description: 'A new job.',
  fields: (t) => ({ id: clientId(t), type: t.string({ required: true }), ...details(t) }),
});

const JobUpdateInput = builder.inputType('JobUpdateInput', {
  description: 'Changes to a job. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), type: t.string(), ...details(t) }),
});

lifecycle('Job', {
  write: 'platform:write',
  destroy: 'platform:destroy',
  create: JobCreateInput,
  update: JobUpdateInput,
});
