import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { requireFeature } from '../../graphql/features.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('SubtaskAssignee', {
  permission: 'delivery:read',
  filter: { columns: ['subtaskId', 'userId'], relations: ['subtask', 'user'] },
  orderBy: { columns: [], relations: ['subtask', 'user'] },
});

builder.prismaObject('SubtaskAssignee', {
  description: 'A person who does a step of a task; there may be several.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    subtask: t.relation('subtask'),
    user: t.relation('user'),
  }),
});

builder.queryFields((t) => ({
  subtaskAssignee: byId(t, 'SubtaskAssignee', 'One person of one step of a task.'),
  subtaskAssignees: list(t, 'SubtaskAssignee', 'Who does which step of a task.'),
}));

const SubtaskAssigneeCreateInput = builder.inputType('SubtaskAssigneeCreateInput', {
  description: 'A person who is to do a step of a task.',
  fields: (t) => ({ id: clientId(t), subtaskId: t.id({ required: true }), userId: t.id({ required: true }) }),
});

mutation({
  name: 'subtaskAssigneeCreate',
  description: 'Gives a step of a task to a person, beside others. Needs the plan pro.',
  permission: 'delivery:write',
  input: SubtaskAssigneeCreateInput,
  returns: 'SubtaskAssignee',
  run: async (input, context) => {
    await requireFeature(context, 'subtasks');
    return createRow(context, 'SubtaskAssignee', input);
  },
});

lifecycle('SubtaskAssignee', { write: 'delivery:write', destroy: 'delivery:destroy' });
