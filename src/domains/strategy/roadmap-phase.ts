import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('RoadmapPhase', {
  permission: 'delivery:read',
  filter: {
    columns: ['roadmapId', 'position', 'name', 'goal', 'startsOn', 'endsOn'],
    relations: ['roadmap', 'tasks', 'milestones', 'deliverables'],
  },
  orderBy: { columns: ['position', 'name', 'startsOn', 'endsOn'], relations: ['roadmap'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('RoadmapPhase', {
  description: 'A phase of a roadmap.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    position: t.exposeInt('position'),
    name: t.exposeString('name'),
    goal: t.exposeString('goal', { nullable: true }),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    roadmap: t.relation('roadmap'),
    tasks: relatedList(t, 'tasks', 'The tasks.'),
    milestones: relatedList(t, 'milestones', 'The milestones.'),
    deliverables: relatedList(t, 'deliverables', 'The deliverables.'),
  }),
});

builder.queryFields((t) => ({
  roadmapPhase: byId(t, 'RoadmapPhase', 'One roadmap phase.'),
  roadmapPhases: list(t, 'RoadmapPhase', 'The roadmap phases of the organization.'),
}));

const details = (t: InputFields) => ({
  goal: t.string(),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
});

const RoadmapPhaseCreateInput = builder.inputType('RoadmapPhaseCreateInput', {
  description: 'A new roadmap phase.',
  fields: (t) => ({
    id: clientId(t),
    roadmapId: t.id({ required: true }),
    position: t.int({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const RoadmapPhaseUpdateInput = builder.inputType('RoadmapPhaseUpdateInput', {
  description: 'Changes to a roadmap phase. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), position: t.int(), name: t.string(), ...details(t) }),
});

lifecycle('RoadmapPhase', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: RoadmapPhaseCreateInput,
  update: RoadmapPhaseUpdateInput,
});
