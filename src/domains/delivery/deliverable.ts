import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { type Input, liveRow, updateRow, type Written } from '../../graphql/rows.ts';

const DeliverableStatus = enumOf('DeliverableStatus', 'Where a deliverable stands.', {
  draft: 'Being made.',
  in_review: 'Handed in; an admin or the manager of the project decides, and not who handed it in.',
  approved: 'Good for the client.',
  delivered: 'With the client.',
  rejected: 'Not good enough; it can be handed in again.',
});

readable('Deliverable', {
  permission: 'delivery:read',
  filter: {
    columns: [
      'projectId',
      'roadmapPhaseId',
      'name',
      'description',
      'dueOn',
      'fileId',
      'approvedById',
      'approvedAt',
      'submittedById',
    ],
    enums: { status: DeliverableStatus },
    relations: ['project', 'roadmapPhase', 'file', 'approvedBy', 'submittedBy'],
  },
  orderBy: {
    columns: ['name', 'status', 'dueOn', 'approvedAt'],
    relations: ['project', 'roadmapPhase', 'file', 'approvedBy', 'submittedBy'],
  },
});

builder.prismaObject('Deliverable', {
  description: 'Something that the client gets, and that is approved before they get it.',
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
    submittedBy: t.relation('submittedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  deliverable: byId(t, 'Deliverable', 'One deliverable.'),
  deliverables: list(t, 'Deliverable', 'The deliverables of all projects.'),
}));

const details = (t: InputFields) => ({
  roadmapPhaseId: t.id(),
  description: t.string(),
  dueOn: t.field({ type: 'Date' }),
  fileId: t.id(),
});

const DeliverableCreateInput = builder.inputType('DeliverableCreateInput', {
  description: 'A new deliverable of a project, a draft.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const DeliverableUpdateInput = builder.inputType('DeliverableUpdateInput', {
  description:
    'Changes to a deliverable. Fields left out stay; null clears. Once it is approved, its name, description and file stay.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

/** What was approved stays on record as it was. */
const content = ['name', 'description', 'fileId'] as const;

async function updateDeliverable(context: Context, input: Input): Promise<Written> {
  const field = content.find((name) => input[name] !== undefined);
  if (!field) return updateRow(context, 'Deliverable', input);
  const { status, version } = await liveRow(context, 'Deliverable', input, { status: true });
  if (status === 'approved' || status === 'delivered')
    throw new UserError('CONFLICT', `This deliverable is ${status}, so its ${field} cannot change.`, [field], version);
  return updateRow(context, 'Deliverable', { ...input, expectedVersion: version });
}

mutation({
  name: 'deliverableUpdate',
  description: 'Changes a deliverable.',
  permission: 'delivery:write',
  input: DeliverableUpdateInput,
  returns: 'Deliverable',
  run: (input, context) => updateDeliverable(context, input),
});

lifecycle('Deliverable', { write: 'delivery:write', destroy: 'delivery:destroy', create: DeliverableCreateInput });
