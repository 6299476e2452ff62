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
  projectSystem: byId(t, 'ProjectSystem', 'One project system.'),
  projectSystems: list(t, 'ProjectSystem', 'The project systems of the organization.'),
}));

const details = (t: InputFields) => ({
  notes: t.string(),
});

const ProjectSystemCreateInput = builder.inputType('ProjectSystemCreateInput', {
  description: 'A new project system.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    systemId: t.id({ required: true }),
    ...details(t),
  }),
});

const ProjectSystemUpdateInput = builder.inputType('ProjectSystemUpdateInput', {
  description: 'Changes to a project system. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), systemId: t.id(), ...details(t) }),
});

lifecycle('ProjectSystem', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectSystemCreateInput,
  update: ProjectSystemUpdateInput,
});
