import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, updateRow, type Written } from '../../graphql/rows.ts';
import { rowIn } from '../../graphql/status.ts';
import { activeMember } from './active-member.ts';

const DispatchAssignmentStatus = enumOf('DispatchAssignmentStatus', 'Where a visit stands.', {
  scheduled: 'Planned.',
  en_route: 'The technician is on the way.',
  on_site: 'The technician is there.',
  done: 'The work is done.',
  canceled: 'It does not take place; the technician is free.',
});

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
  dispatchAssignment: byId(t, 'DispatchAssignment', 'One visit of a technician.'),
  dispatchAssignments: list(t, 'DispatchAssignment', 'The visits of all technicians, past and to come.'),
}));

const DispatchAssignmentCreateInput = builder.inputType('DispatchAssignmentCreateInput', {
  description: 'A new visit, for a task or for a ticket.',
  fields: (t) => ({
    id: clientId(t),
    technicianId: t.id({ required: true }),
    startsAt: t.field({ type: 'DateTime', required: true }),
    endsAt: t.field({ type: 'DateTime', required: true }),
    taskId: t.id(),
    ticketId: t.id(),
  }),
});

const DispatchAssignmentUpdateInput = builder.inputType('DispatchAssignmentUpdateInput', {
  description: 'Changes to a visit that is only planned so far. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    technicianId: t.id(),
    startsAt: t.field({ type: 'DateTime' }),
    endsAt: t.field({ type: 'DateTime' }),
    taskId: t.id(),
    ticketId: t.id(),
  }),
});

async function createVisit(context: Context, input: Input): Promise<Written> {
  await activeMember(context, 'DispatchAssignment', input, 'technicianId');
  return createRow(context, 'DispatchAssignment', input);
}

async function updateVisit(context: Context, input: Input): Promise<Written> {
  const { version } = await rowIn(context, 'DispatchAssignment', input, { from: ['scheduled'], done: 'changed' });
  await activeMember(context, 'DispatchAssignment', input, 'technicianId');
  return updateRow(context, 'DispatchAssignment', { ...input, expectedVersion: version });
}

mutation({
  name: 'dispatchAssignmentCreate',
  description: 'Plans a visit, if the technician is free.',
  permission: 'support:write',
  input: DispatchAssignmentCreateInput,
  returns: 'DispatchAssignment',
  run: (input, context) => createVisit(context, input),
});

mutation({
  name: 'dispatchAssignmentUpdate',
  description: 'Changes a visit that is only planned so far, if the technician is free.',
  permission: 'support:write',
  input: DispatchAssignmentUpdateInput,
  returns: 'DispatchAssignment',
  run: (input, context) => updateVisit(context, input),
});

lifecycle('DispatchAssignment', {
  write: 'support:write',
  destroy: 'support:destroy',
  // What happened stays on record.
  before: async (input, context) => {
    await rowIn(context, 'DispatchAssignment', input, { from: ['scheduled', 'canceled'], done: 'deleted' });
  },
});
