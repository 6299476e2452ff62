import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { reference } from '../../graphql/reference.ts';

readable('ApiRequestLog', {
  permission: 'audit:read',
  filter: {
    columns: ['apiKeyId', 'userId', 'operationName', 'documentHash', 'status', 'durationMs', 'cost', 'requestId'],
  },
  orderBy: { columns: ['operationName', 'documentHash', 'status', 'durationMs', 'cost', 'requestId'] },
});

builder.prismaObject('ApiRequestLog', {
  description: 'One request to the API. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    operationName: t.exposeString('operationName', { nullable: true }),
    documentHash: t.exposeString('documentHash', { nullable: true }),
    status: t.exposeString('status'),
    durationMs: t.exposeInt('durationMs'),
    cost: t.exposeInt('cost'),
    requestId: t.exposeString('requestId', { nullable: true }),
    ip: t.exposeString('ip', { nullable: true }),
    member: reference(t, 'Member', 'userId', 'The person who asked; null for an API key.'),
    apiKey: reference(t, 'ApiKey', 'apiKeyId', 'The API key that was used.'),
  }),
});

builder.queryFields((t) => ({
  apiRequestLog: byId(t, 'ApiRequestLog', 'One api request log.'),
  apiRequestLogs: list(t, 'ApiRequestLog', 'The api request logs of the organization.'),
}));
