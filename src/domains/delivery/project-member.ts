import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { rate } from './rate.ts';

readable('ProjectMember', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'userId', 'role', 'billRateCents', 'costRateCents'],
    relations: ['project', 'user'],
  },
  orderBy: { columns: ['role', 'billRateCents', 'costRateCents'], relations: ['project', 'user'] },
});

builder.prismaObject('ProjectMember', {
  description: 'A person who works on a project, and what an hour of them costs there.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    role: t.exposeString('role', { nullable: true }),
    billRate: rate(t, 'What an hour costs the client. Time that is logged takes a copy.', 'billRateCents'),
    costRate: rate(t, 'What an hour costs the organization. Time that is logged takes a copy.', 'costRateCents'),
    project: t.relation('project'),
    user: t.relation('user'),
  }),
});

builder.queryFields((t) => ({
  projectMember: byId(t, 'ProjectMember', 'One person of one project.'),
  projectMembers: list(t, 'ProjectMember', 'Who works on which project.'),
}));

const details = (t: InputFields) => ({
  role: t.string(),
  billRateCents: t.field({
    type: 'BigInt',
    description: 'What an hour costs the client, in minor units. Needs `rates:write`.',
  }),
  costRateCents: t.field({
    type: 'BigInt',
    description: 'What an hour costs the organization, in minor units. Needs `rates:write`.',
  }),
});

const ProjectMemberCreateInput = builder.inputType('ProjectMemberCreateInput', {
  description: 'A person who is to work on a project.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    userId: t.id({ required: true }),
    ...details(t),
  }),
});

const ProjectMemberUpdateInput = builder.inputType('ProjectMemberUpdateInput', {
  description:
    'Changes to the part of a person in a project. Fields left out stay; null clears. New rates count for time that is logged from then on.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('ProjectMember', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectMemberCreateInput,
  update: ProjectMemberUpdateInput,
});
