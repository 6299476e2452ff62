import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('ProjectMember', {
  permission: 'delivery:read',
  filter: { columns: ['projectId', 'userId', 'role'], relations: ['project', 'user'] },
  orderBy: { columns: ['role'], relations: ['project', 'user'] },
});

builder.prismaObject('ProjectMember', {
  description: 'A person who works on a project.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    role: t.exposeString('role', { nullable: true }),
    project: t.relation('project'),
    user: t.relation('user'),
  }),
});

builder.queryFields((t) => ({
  projectMember: byId(t, 'ProjectMember', 'One project member.'),
  projectMembers: list(t, 'ProjectMember', 'The project members of the organization.'),
}));

const details = (t: InputFields) => ({
  role: t.string(),
});

const ProjectMemberCreateInput = builder.inputType('ProjectMemberCreateInput', {
  description: 'A new project member.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    userId: t.id({ required: true }),
    ...details(t),
  }),
});

const ProjectMemberUpdateInput = builder.inputType('ProjectMemberUpdateInput', {
  description: 'Changes to a project member. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), userId: t.id(), ...details(t) }),
});

lifecycle('ProjectMember', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectMemberCreateInput,
  update: ProjectMemberUpdateInput,
});
