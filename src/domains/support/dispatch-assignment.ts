import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const DispatchAssignmentStatus = enumOf('DispatchAssignmentStatus', 'Where a dispatch assignment stands.', [
  'scheduled',
  'en_route',
  'on_site',
  'done',
  'canceled',
]);

readable('DispatchAssignment', {
  permission: 'support:read',
  filter: {
    columns: ['technicianId', 'taskId', 'ticketId', 'startsAt', 'endsAt', 'arrivedAt', 'completedAt'],
    enums: { status: DispatchAssignmentStatus },
    relations: ['technician', 'task', 'ticket'],
  },
  orderBy: {
    columns: ['status', 'startsAt', 'endsAt', 'arrivedAt', 'completedAt'],
    relations: ['technician', 'task', 'ticket'],
  },
});

builder.prismaObject('DispatchAssignment', {
  description: 'A visit of a technician, for a task or a ticket. Visits of one technician never overlap.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    status: t.expose('status', { type: DispatchAssignmentStatus }),
    startsAt: t.expose('startsAt', { type: 'DateTime' }),
    endsAt: t.expose('endsAt', { type: 'DateTime' }),
    arrivedAt: t.expose('arrivedAt', { type: 'DateTime', nullable: true }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    technician: t.relation('technician'),
    task: t.relation('task', { nullable: true }),
    ticket: t.relation('ticket', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  dispatchAssignment: byId(t, 'DispatchAssignment', 'One dispatch assignment.'),
  dispatchAssignments: list(t, 'DispatchAssignment', 'The dispatch assignments of the organization.'),
}));

const details = (t: InputFields) => ({
  taskId: t.id(),
  ticketId: t.id(),
});

const DispatchAssignmentCreateInput = builder.inputType('DispatchAssignmentCreateInput', {
  description: 'A new dispatch assignment.',
  fields: (t) => ({
    id: clientId(t),
    technicianId: t.id({ required: true }),
    startsAt: t.field({ type: 'DateTime', required: true }),
    endsAt: t.field({ type: 'DateTime', required: true }),
    ...details(t),
  }),
});

const DispatchAssignmentUpdateInput = builder.inputType('DispatchAssignmentUpdateInput', {
  description: 'Changes to a dispatch assignment. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    technicianId: t.id(),
    startsAt: t.field({ type: 'DateTime' }),
    endsAt: t.field({ type: 'DateTime' }),
    ...details(t),
  }),
});

lifecycle('DispatchAssignment', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: DispatchAssignmentCreateInput,
  update: DispatchAssignmentUpdateInput,
});
