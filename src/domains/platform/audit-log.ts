import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { reference } from '../../graphql/reference.ts';

readable('AuditLog', {
  permission: 'audit:read',
  filter: {
    columns: ['userId', 'apiKeyId', 'action', 'entityType', 'entityId', 'changes', 'userAgent', 'requestId'],
  },
  orderBy: { columns: ['action', 'entityType'] },
});

builder.prismaObject('AuditLog', {
  description:
    'One write to one row: who, when, from where, and what changed. Written by the database, changed by nobody. Of what not even admins read, such as notifications and private conversations, it says that it was written and not what.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    action: t.exposeString('action'),
    ...entityFields(t, 'by triggers'),
    changes: t.expose('changes', { type: 'JSON' }),
    ip: t.exposeString('ip', { nullable: true }),
    userAgent: t.exposeString('userAgent', { nullable: true }),
    requestId: t.exposeString('requestId', { nullable: true }),
    member: reference(t, 'Member', 'userId', 'The person who did it; null for an API key, and for the server itself.'),
    apiKey: reference(t, 'ApiKey', 'apiKeyId', 'The API key that was used.'),
  }),
});

builder.queryFields((t) => ({
  auditLog: byId(t, 'AuditLog', 'One entry of the audit trail.'),
  auditLogs: list(t, 'AuditLog', 'The audit trail of the organization, newest first.'),
}));
