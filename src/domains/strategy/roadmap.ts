import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const RoadmapStatus = enumOf('RoadmapStatus', 'Where a roadmap stands.', ['draft', 'active', 'archived']);

readable('Roadmap', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'contextSnapshotId', 'versionNumber', 'title'],
    enums: { status: RoadmapStatus },
    relations: ['project', 'contextSnapshot', 'roadmapPhases'],
  },
  orderBy: { columns: ['versionNumber', 'title', 'status'], relations: ['project', 'contextSnapshot'] },
});

builder.prismaObject('Roadmap', {
  description: 'The way a project goes, in phases.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    versionNumber: t.exposeInt('versionNumber'),
    title: t.exposeString('title'),
    status: t.expose('status', { type: RoadmapStatus }),
    project: t.relation('project'),
    contextSnapshot: t.relation('contextSnapshot', { nullable: true }),
    roadmapPhases: relatedList(t, 'roadmapPhases', 'The roadmap phases.'),
  }),
});

builder.queryFields((t) => ({
  roadmap: byId(t, 'Roadmap', 'One roadmap.'),
  roadmaps: list(t, 'Roadmap', 'The roadmaps of the organization.'),
}));

const details = (t: InputFields) => ({
  contextSnapshotId: t.id(),
});

const RoadmapCreateInput = builder.inputType('RoadmapCreateInput', {
  description: 'A new roadmap.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const RoadmapUpdateInput = builder.inputType('RoadmapUpdateInput', {
  description: 'Changes to a roadmap. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

lifecycle('Roadmap', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: RoadmapCreateInput,
  update: RoadmapUpdateInput,
});
