import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { nextPlace } from '../../graphql/place.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowData, type Written } from '../../graphql/rows.ts';

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
  description: 'One stretch of a roadmap. Tasks, milestones and deliverables can stand in it.',
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
    tasks: relatedList(t, 'tasks', 'The tasks to be done in it.'),
    milestones: relatedList(t, 'milestones', 'The milestones to be reached in it.'),
    deliverables: relatedList(t, 'deliverables', 'What is to be delivered in it.'),
  }),
});

builder.queryFields((t) => ({
  roadmapPhase: byId(t, 'RoadmapPhase', 'One phase of a roadmap.'),
  roadmapPhases: list(t, 'RoadmapPhase', 'The phases of all roadmaps, by their place.'),
}));

const details = (t: InputFields) => ({
  goal: t.string(),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date', description: 'The last day; not before the first.' }),
});

const RoadmapPhaseCreateInput = builder.inputType('RoadmapPhaseCreateInput', {
  description: 'A further phase of a roadmap that is not archived.',
  fields: (t) => ({
    id: clientId(t),
    roadmapId: t.id({ required: true }),
    position: t.int({ description: 'Its place in the roadmap, from 1; the last place unless given.' }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const RoadmapPhaseUpdateInput = builder.inputType('RoadmapPhaseUpdateInput', {
  description: 'Changes to a phase of a roadmap that is not archived. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), position: t.int(), name: t.string(), ...details(t) }),
});

async function createPhase(context: Context, input: Input): Promise<Written> {
  const { roadmapId } = rowData<{ roadmapId: string }>('RoadmapPhase', input);
  const position = input.position ?? (await nextPlace(context, 'RoadmapPhase', { roadmapId }));
  return createRow(context, 'RoadmapPhase', { ...input, position });
}

mutation({
  name: 'roadmapPhaseCreate',
  description: 'Adds a phase to a roadmap.',
  permission: 'delivery:write',
  input: RoadmapPhaseCreateInput,
  returns: 'RoadmapPhase',
  run: (input, context) => createPhase(context, input),
});

lifecycle('RoadmapPhase', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  update: RoadmapPhaseUpdateInput,
});
