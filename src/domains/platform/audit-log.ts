import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { toGlobalId } from '../../graphql/ids.ts';
import { Node } from '../../graphql/record.ts';
import { loadRow } from '../../graphql/row-loader.ts';

readable('AuditLog', {
  permission: 'audit:read',
  filter: {
    columns: ['userId', 'apiKeyId', 'action', 'entityType', 'entityId', 'changes', 'userAgent', 'requestId'],
  },
  orderBy: { columns: ['action', 'entityType'] },
});

builder.prismaObject('AuditLog', {
  description:
    'One write to one row: who, when, from where, and what changed. Written by the database, changed by nobody.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'The global id.',
      extensions: { globalId: 'AuditLog' },
      resolve: ({ id }) => toGlobalId('AuditLog', id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    action: t.exposeString('action'),
    ...entityFields(t, 'by triggers'),
    changes: t.expose('changes', { type: 'JSON' }),
    ip: t.exposeString('ip', { nullable: true }),
    userAgent: t.exposeString('userAgent', { nullable: true }),
    requestId: t.exposeString('requestId', { nullable: true }),
    member: t.field({
      type: 'Member' as never,
      nullable: true,
      description: 'The person who did it; null for an API key, and for the server itself.',
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
  auditLog: byId(t, 'AuditLog', 'One entry of the audit trail.'),
  auditLogs: list(t, 'AuditLog', 'The audit trail of the organization, newest first.'),
}));
