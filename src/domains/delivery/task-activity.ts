import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('TaskActivity', {
  permission: 'delivery:read',
  filter: { columns: ['taskId', 'userId', 'action', 'description', 'changes'], relations: ['task', 'user'] },
  orderBy: { columns: ['action'], relations: ['task', 'user'] },
});

builder.prismaObject('TaskActivity', {
  description:
    'An entry in the history of a task: a change, which the database notes by itself, or a comment. It stays as it is.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    action: t.exposeString('action'),
    description: t.exposeString('description', { nullable: true }),
    changes: t.expose('changes', { type: 'JSON' }),
    task: t.relation('task'),
    user: t.relation('user', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  taskActivity: byId(t, 'TaskActivity', 'One entry in the history of a task.'),
  taskActivities: list(t, 'TaskActivity', 'The history of all tasks, the latest first.'),
}));

const TaskActivityCreateInput = builder.inputType('TaskActivityCreateInput', {
  description: 'A comment on a task.',
  fields: (t) => ({
    id: clientId(t),
    taskId: t.id({ required: true }),
    description: t.string({ required: true }),
  }),
});

mutation({
  name: 'taskActivityCreate',
  description: 'Adds a comment to the history of a task. It stays as it is.',
  permission: 'delivery:write',
  input: TaskActivityCreateInput,
  returns: 'TaskActivity',
  run: (input, context) =>
    createRow(context, 'TaskActivity', input, { action: 'commented', userId: context.scope.userId }),
});
