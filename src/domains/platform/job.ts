import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const JobStatus = enumOf('JobStatus', 'Where a job stands.', {
  queued: 'Nobody works on it yet, or again.',
  running: 'A worker has it.',
  succeeded: 'It is done.',
  failed: 'It is dead: its last attempt failed, or it cannot succeed. `jobRetry` queues it anew.',
  canceled: 'It was called off.',
});

readable('Job', {
  permission: 'jobs:read',
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
      'finishedAt',
    ],
    enums: { status: JobStatus },
  },
  orderBy: { columns: ['type', 'status', 'priority', 'runAt', 'attempt', 'lockedUntil', 'actualTokens', 'finishedAt'] },
});

builder.prismaObject('Job', {
  description: 'Work that a worker does in the background: claimed, kept alive by a lease, tried again when it fails.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    type: t.exposeString('type'),
    status: t.expose('status', { type: JobStatus }),
    payload: t.expose('payload', { type: 'JSON' }),
    result: t.expose('result', { type: 'JSON', nullable: true }),
    priority: t.exposeInt('priority'),
    runAt: t.expose('runAt', { type: 'DateTime' }),
    attempt: t.exposeInt('attempt'),
    maxAttempts: t.exposeInt('maxAttempts'),
    lockedBy: t.exposeString('lockedBy', { nullable: true }),
    lockedUntil: t.expose('lockedUntil', { type: 'DateTime', nullable: true }),
    actualTokens: t.exposeInt('actualTokens', { nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    idempotencyKey: t.exposeString('idempotencyKey', { nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryFields((t) => ({
  job: byId(t, 'Job', 'One job.'),
  jobs: list(t, 'Job', 'The jobs of the organization, those that ended included.'),
}));
