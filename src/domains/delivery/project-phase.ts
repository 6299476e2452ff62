import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { nextPlace } from '../../graphql/place.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowData, type Written } from '../../graphql/rows.ts';

const ProjectPhaseStatus = enumOf('ProjectPhaseStatus', 'How far a phase of a project has come.', {
  pending: 'Not begun.',
  active: 'Being worked on.',
  done: 'Finished.',
});

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
  description: 'A stretch of a project, such as design or installation, with tasks of its own.',
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
    tasks: relatedList(t, 'tasks', 'The tasks of this phase.'),
  }),
});

builder.queryFields((t) => ({
  projectPhase: byId(t, 'ProjectPhase', 'One phase of a project.'),
  projectPhases: list(t, 'ProjectPhase', 'The phases of all projects, by position.'),
}));

const details = (t: InputFields) => ({
  position: t.int({
    description: 'Its place among the phases of the project, lowest first; the last one unless given.',
  }),
  status: t.field({ type: ProjectPhaseStatus }),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
});

const ProjectPhaseCreateInput = builder.inputType('ProjectPhaseCreateInput', {
  description: 'A new phase of a project.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const ProjectPhaseUpdateInput = builder.inputType('ProjectPhaseUpdateInput', {
  description: 'Changes to a phase of a project. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

async function createPhase(context: Context, input: Input): Promise<Written> {
  const { projectId } = rowData<{ projectId: string }>('ProjectPhase', { projectId: input.projectId });
  const position = input.position ?? (await nextPlace(context, 'ProjectPhase', { projectId }));
  return createRow(context, 'ProjectPhase', { ...input, position });
}

mutation({
  name: 'projectPhaseCreate',
  description: 'Adds a phase to a project.',
  permission: 'delivery:write',
  input: ProjectPhaseCreateInput,
  returns: 'ProjectPhase',
  run: (input, context) => createPhase(context, input),
});

lifecycle('ProjectPhase', { write: 'delivery:write', destroy: 'delivery:destroy', update: ProjectPhaseUpdateInput });
