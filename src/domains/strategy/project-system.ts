import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('ProjectSystem', {
  permission: 'delivery:read',
  filter: { columns: ['projectId', 'systemId', 'notes'], relations: ['project', 'system'] },
  orderBy: { columns: [], relations: ['project', 'system'] },
});

builder.prismaObject('ProjectSystem', {
  description: 'A system that a project sets up.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    notes: t.exposeString('notes', { nullable: true }),
    project: t.relation('project'),
    system: t.relation('system'),
  }),
});

builder.queryFields((t) => ({
  projectSystem: byId(t, 'ProjectSystem', 'One system of a project.'),
  projectSystems: list(t, 'ProjectSystem', 'Which systems the projects set up.'),
}));

const details = (t: InputFields) => ({
  notes: t.string(),
});

const ProjectSystemCreateInput = builder.inputType('ProjectSystemCreateInput', {
  description: 'A system for a project, which has each system once.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    systemId: t.id({ required: true }),
    ...details(t),
  }),
});

const ProjectSystemUpdateInput = builder.inputType('ProjectSystemUpdateInput', {
  description: 'Other notes on a system of a project; null clears them.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('ProjectSystem', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectSystemCreateInput,
  update: ProjectSystemUpdateInput,
});
