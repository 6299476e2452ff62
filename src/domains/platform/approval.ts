import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ApprovalStatus = enumOf('ApprovalStatus', 'Where an approval stands.', [
  'pending',
  'approved',
  'rejected',
  'canceled',
]);

readable('Approval', {
  permission: 'platform:read',
  filter: {
    columns: ['entityType', 'entityId', 'requestedById', 'approverId', 'reason', 'decidedAt', 'payload'],
    enums: { status: ApprovalStatus },
    relations: ['requestedBy', 'approver'],
  },
  orderBy: { columns: ['entityType', 'status', 'decidedAt'], relations: ['requestedBy', 'approver'] },
});

builder.prismaObject('Approval', {
  description: 'A decision that somebody asks for, on a record of any kind.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ...entityFields(t),
    status: t.expose('status', { type: ApprovalStatus }),
    reason: t.exposeString('reason', { nullable: true }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    payload: t.expose('payload', { type: 'JSON' }),
    requestedBy: t.relation('requestedBy'),
    approver: t.relation('approver', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  approval: byId(t, 'Approval', 'One approval.'),
  approvals: list(t, 'Approval', 'The approvals of the organization.'),
}));

const details = (t: InputFields) => ({
  approverId: t.id(),
  reason: t.string(),
  payload: t.field({ type: 'JSON' }),
});

const ApprovalCreateInput = builder.inputType('ApprovalCreateInput', {
  description: 'A new approval.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const ApprovalUpdateInput = builder.inputType('ApprovalUpdateInput', {
  description: 'Changes to an approval. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('Approval', {
  write: 'platform:write',
  destroy: 'platform:destroy',
  create: ApprovalCreateInput,
  update: ApprovalUpdateInput,
});
