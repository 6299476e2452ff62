import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const MilestoneStatus = enumOf('MilestoneStatus', 'Where a milestone stands.', ['pending', 'reached', 'missed']);

readable('Milestone', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'roadmapPhaseId', 'name', 'dueOn', 'reachedAt'],
    enums: { status: MilestoneStatus },
    relations: ['project', 'roadmapPhase', 'tasks'],
  },
  orderBy: { columns: ['name', 'dueOn', 'status', 'reachedAt'], relations: ['project', 'roadmapPhase'] },
});

builder.prismaObject('Milestone', {
  description: 'A day by which something is reached.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    status: t.expose('status', { type: MilestoneStatus }),
    reachedAt: t.expose('reachedAt', { type: 'DateTime', nullable: true }),
    project: t.relation('project'),
    roadmapPhase: t.relation('roadmapPhase', { nullable: true }),
    tasks: relatedList(t, 'tasks', 'The tasks.'),
  }),
});

builder.queryFields((t) => ({
  milestone: byId(t, 'Milestone', 'One milestone.'),
  milestones: list(t, 'Milestone', 'The milestones of the organization.'),
}));

const details = (t: InputFields) => ({
  roadmapPhaseId: t.id(),
  dueOn: t.field({ type: 'Date' }),
});

const MilestoneCreateInput = builder.inputType('MilestoneCreateInput', {
  description: 'A new milestone.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const MilestoneUpdateInput = builder.inputType('MilestoneUpdateInput', {
  description: 'Changes to a milestone. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Milestone', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: MilestoneCreateInput,
  update: MilestoneUpdateInput,
});
