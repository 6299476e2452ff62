import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('SubtaskAssignee', {
  permission: 'delivery:read',
  filter: { columns: ['subtaskId', 'userId'], relations: ['subtask', 'user'] },
  orderBy: { columns: [], relations: ['subtask', 'user'] },
});

builder.prismaObject('SubtaskAssignee', {
  description: 'A person who does a subtask.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    subtask: t.relation('subtask'),
    user: t.relation('user'),
  }),
});

builder.queryFields((t) => ({
  subtaskAssignee: byId(t, 'SubtaskAssignee', 'One subtask assignee.'),
  subtaskAssignees: list(t, 'SubtaskAssignee', 'The subtask assignees of the organization.'),
}));

const SubtaskAssigneeCreateInput = builder.inputType('SubtaskAssigneeCreateInput', {
  description: 'A new subtask assignee.',
  fields: (t) => ({ id: clientId(t), subtaskId: t.id({ required: true }), userId: t.id({ required: true }) }),
});

const SubtaskAssigneeUpdateInput = builder.inputType('SubtaskAssigneeUpdateInput', {
  description: 'Changes to a subtask assignee. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), userId: t.id() }),
});

lifecycle('SubtaskAssignee', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: SubtaskAssigneeCreateInput,
  update: SubtaskAssigneeUpdateInput,
});
