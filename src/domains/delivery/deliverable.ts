import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const DeliverableStatus = enumOf('DeliverableStatus', 'Where a deliverable stands.', [
  'draft',
  'in_review',
  'approved',
  'delivered',
  'rejected',
]);

readable('Deliverable', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'roadmapPhaseId', 'name', 'description', 'dueOn', 'fileId', 'approvedById', 'approvedAt'],
    enums: { status: DeliverableStatus },
    relations: ['project', 'roadmapPhase', 'file', 'approvedBy'],
  },
  orderBy: {
    columns: ['name', 'status', 'dueOn', 'approvedAt'],
    relations: ['project', 'roadmapPhase', 'file', 'approvedBy'],
  },
});

builder.prismaObject('Deliverable', {
  description: 'Something the client gets.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    status: t.expose('status', { type: DeliverableStatus }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    approvedAt: t.expose('approvedAt', { type: 'DateTime', nullable: true }),
    project: t.relation('project'),
    roadmapPhase: t.relation('roadmapPhase', { nullable: true }),
    file: t.relation('file', { nullable: true }),
    approvedBy: t.relation('approvedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  deliverable: byId(t, 'Deliverable', 'One deliverable.'),
  deliverables: list(t, 'Deliverable', 'The deliverables of the organization.'),
}));

const details = (t: InputFields) => ({
  roadmapPhaseId: t.id(),
  description: t.string(),
  dueOn: t.field({ type: 'Date' }),
  fileId: t.id(),
});

const DeliverableCreateInput = builder.inputType('DeliverableCreateInput', {
  description: 'A new deliverable.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const DeliverableUpdateInput = builder.inputType('DeliverableUpdateInput', {
  description: 'Changes to a deliverable. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), projectId: t.id(), name: t.string(), ...details(t) }),
});

lifecycle('Deliverable', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: DeliverableCreateInput,
  update: DeliverableUpdateInput,
});
