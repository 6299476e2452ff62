import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ProjectPhaseStatus = enumOf('ProjectPhaseStatus', 'Where a project phase stands.', ['pending', 'active', 'done']);

readable('ProjectPhase', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'name', 'position', 'startsOn', 'endsOn'],
    enums: { status: ProjectPhaseStatus },
    relations: ['project', 'tasks'],
  },
  orderBy: { columns: ['name', 'position', 'status', 'startsOn', 'endsOn'], relations: ['project'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('ProjectPhase', {
  description: 'A stretch of a project.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    position: t.exposeInt('position'),
    status: t.expose('status', { type: ProjectPhaseStatus }),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    project: t.relation('project'),
    tasks: relatedList(t, 'tasks', 'The tasks.'),
  }),
});

builder.queryFields((t) => ({
  projectPhase: byId(t, 'ProjectPhase', 'One project phase.'),
  projectPhases: list(t, 'ProjectPhase', 'The project phases of the organization.'),
}));

const details = (t: InputFields) => ({
  position: t.int(),
  status: t.field({ type: ProjectPhaseStatus }),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
});

const ProjectPhaseCreateInput = builder.inputType('ProjectPhaseCreateInput', {
  description: 'A new project phase.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const ProjectPhaseUpdateInput = builder.inputType('ProjectPhaseUpdateInput', {
  description: 'Changes to a project phase. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('ProjectPhase', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectPhaseCreateInput,
  update: ProjectPhaseUpdateInput,
});
