import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { enumOf } from '../../graphql/enums.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ApprovalStatus = enumOf('ApprovalStatus', 'Where an approval stands.', {
  pending: 'Nobody has decided yet.',
  approved: 'It was agreed to.',
  rejected: 'It was not agreed to.',
  canceled: 'It was called off before anybody decided.',
});

readable('Approval', {
  permission: 'platform:read',
  filter: {
    columns: [
      'entityType',
      'entityId',
      'requestedById',
      'approverId',
      'reason',
      'payload',
      'decidedAt',
      'decidedById',
      'decisionReason',
    ],
    enums: { status: ApprovalStatus },
    relations: ['requestedBy', 'approver', 'decidedBy'],
  },
  orderBy: { columns: ['entityType', 'status', 'decidedAt'], relations: ['requestedBy', 'approver', 'decidedBy'] },
});

builder.prismaObject('Approval', {
  description:
    'A decision that somebody asks for, on a record of any kind. It is made once. It is seen by those who see the record, the member who asks, and the approver.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ...entityFields(t),
    status: t.expose('status', { type: ApprovalStatus }),
    reason: t.exposeString('reason', { nullable: true }),
    payload: t.expose('payload', { type: 'JSON' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    decisionReason: t.exposeString('decisionReason', { nullable: true }),
    requestedBy: t.relation('requestedBy'),
    approver: t.relation('approver', { nullable: true }),
    decidedBy: t.relation('decidedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  approval: byId(t, 'Approval', 'One approval.'),
  approvals: list(t, 'Approval', 'What decisions were asked for, and how they were made.'),
}));
