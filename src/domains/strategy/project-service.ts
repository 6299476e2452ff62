import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('ProjectService', {
  permission: 'delivery:read',
  filter: { columns: ['projectId', 'serviceId', 'notes'], relations: ['project', 'service'] },
  orderBy: { columns: [], relations: ['project', 'service'] },
});

builder.prismaObject('ProjectService', {
  description: 'A service that a project delivers.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    notes: t.exposeString('notes', { nullable: true }),
    project: t.relation('project'),
    service: t.relation('service'),
  }),
});

builder.queryFields((t) => ({
  projectService: byId(t, 'ProjectService', 'One service of a project.'),
  projectServices: list(t, 'ProjectService', 'Which services the projects deliver.'),
}));

const details = (t: InputFields) => ({
  notes: t.string(),
});

const ProjectServiceCreateInput = builder.inputType('ProjectServiceCreateInput', {
  description: 'A service for a project, which has each service once.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    serviceId: t.id({ required: true }),
    ...details(t),
  }),
});

const ProjectServiceUpdateInput = builder.inputType('ProjectServiceUpdateInput', {
  description: 'Other notes on a service of a project; null clears them.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('ProjectService', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectServiceCreateInput,
  update: ProjectServiceUpdateInput,
});
