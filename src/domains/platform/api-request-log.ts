import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { loadRow } from '../../graphql/row-loader.ts';

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
    member: t.field({
      type: 'Member' as never,
      nullable: true,
      description: 'The person who asked; null for an API key.',
      select: { userId: true },
      extensions: { reference: { model: 'Member', column: 'userId' } },
      resolve: ({ userId }, _args, context, info) =>
        (userId ? loadRow(context, info, 'Member', userId) : null) as never,
    }),
    apiKey: t.field({
      type: 'ApiKey' as never,
      nullable: true,
      description: 'The API key that was used.',
      select: { apiKeyId: true },
      extensions: { reference: { model: 'ApiKey', column: 'apiKeyId' } },
      resolve: ({ apiKeyId }, _args, context, info) =>
        (apiKeyId ? loadRow(context, info, 'ApiKey', apiKeyId) : null) as never,
    }),
  }),
});

builder.queryFields((t) => ({
  apiRequestLog: byId(t, 'ApiRequestLog', 'One api request log.'),
  apiRequestLogs: list(t, 'ApiRequestLog', 'The api request logs of the organization.'),
}));
