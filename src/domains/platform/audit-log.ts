import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { toGlobalId } from '../../graphql/ids.ts';
import { modelNames, snakeCase } from '../../graphql/model.ts';
import { Node } from '../../graphql/record.ts';
import { loadMemberId, loadRow, memberIdSql } from '../../graphql/row-loader.ts';

readable('AuditLog', {
  permission: 'audit:read',
  filter: {
    columns: [
      'id',
      'userId',
      'apiKeyId',
      'action',
      'entityType',
      'entityId',
      'changes',
      'userAgent',
      'requestId',
      'createdAt',
    ],
  },
  orderBy: { columns: ['id', 'action', 'entityType', 'createdAt'] },
});

/** The trail names tables, whose names are not always those of types. */
const types = new Map([
  ...modelNames.map((name) => [snakeCase(name), name] as const),
  ['org_member', 'Member'],
  ['org_invitation', 'Invitation'],
  ['subscription', 'BillingSubscription'],
  ['org_brain', 'OrgBrainEntry'],
]);

const entityIdSql: DerivedJson = (column) => {
  const id = column('entityId');
  const branches = [...types].map(([entityType, type]) => {
    const key = type === 'Member' ? memberIdSql(id) : id;
    return `when '${entityType}' then '"${snakeCase(type)}_' || ${key} || '"'`;
  });
  return `coalesce(case ${column('entityType')} ${branches.join(' ')} end, 'null')`;
};

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
    entityType: t.exposeString('entityType'),
    entityId: t.id({
      nullable: true,
      description: 'The global id of the record, also when it is gone.',
      select: { entityType: true, entityId: true },
      extensions: { derived: entityIdSql },
      resolve: async ({ entityType, entityId: rowId }, _args, context, info) => {
        const type = types.get(entityType);
        const id = rowId && type === 'Member' ? await loadMemberId(context, info, rowId) : rowId;
        return id && type ? toGlobalId(type, id) : null;
      },
    }),
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
