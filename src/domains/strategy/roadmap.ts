import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, updateRow, type Written } from '../../graphql/rows.ts';

const RoadmapStatus = enumOf('RoadmapStatus', 'Where a roadmap stands.', {
  draft: 'It is a proposal.',
  active: 'It is what the project follows. A project has one at most.',
  archived: 'Another one took its place, or it was given up.',
});

readable('Roadmap', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'contextSnapshotId', 'versionNumber', 'title'],
    enums: { status: RoadmapStatus },
    relations: ['project', 'contextSnapshot', 'phases'],
  },
  orderBy: { columns: ['versionNumber', 'title', 'status'], relations: ['project', 'contextSnapshot'] },
});

builder.prismaObject('Roadmap', {
  description: 'The way that a project goes, in phases. A new plan is a new roadmap, with the next number.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    versionNumber: t.exposeInt('versionNumber'),
    title: t.exposeString('title'),
    status: t.expose('status', { type: RoadmapStatus }),
    project: t.relation('project'),
    contextSnapshot: t.relation('contextSnapshot', { nullable: true }),
    phases: relatedList(t, 'phases', 'Its phases, in their order.'),
  }),
});

builder.queryFields((t) => ({
  roadmap: byId(t, 'Roadmap', 'One roadmap.'),
  roadmaps: list(t, 'Roadmap', 'The roadmaps of all projects.'),
}));

const RoadmapCreateInput = builder.inputType('RoadmapCreateInput', {
  description: 'A new roadmap, a draft of three phases. It gets the next number of the project.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    title: t.string({ required: true }),
    contextSnapshotId: t.id({ description: 'The snapshot that it is based on; one of the same project.' }),
    startsOn: t.field({ type: 'Date', description: 'The first day of its first phase; today unless given.' }),
  }),
});

const RoadmapUpdateInput = builder.inputType('RoadmapUpdateInput', {
  description: 'Another title for a roadmap. Its phases change by themselves.',
  fields: (t) => ({ ...target(t), title: t.string() }),
});

async function createRoadmap(
  context: Context,
  { startsOn, ...input }: typeof RoadmapCreateInput.$inferInput,
): Promise<Written> {
  const roadmap = await createRow(context, 'Roadmap', input);
  const firstDay = (startsOn ?? new Date()).toISOString().slice(0, 10);
  await context.db.$executeRaw`select app.add_roadmap_phases(${roadmap.id}::uuid, ${firstDay}::date)`;
  return roadmap;
}

const common = { permission: 'delivery:write', returns: 'Roadmap' } as const;

mutation({
  ...common,
  name: 'roadmapCreate',
  description: 'Makes the draft of a roadmap, with three phases of thirty days each.',
  input: RoadmapCreateInput,
  run: (input, context) => createRoadmap(context, input),
});

mutation({
  ...common,
  name: 'roadmapUpdate',
  description: 'Gives a roadmap another title.',
  input: RoadmapUpdateInput,
  run: (input, context) => updateRow(context, 'Roadmap', input),
});
