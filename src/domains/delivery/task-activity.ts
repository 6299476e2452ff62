import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { clientId, type InputFields, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('TaskActivity', {
  permission: 'delivery:read',
  filter: { columns: ['taskId', 'userId', 'action', 'description', 'changes'], relations: ['task', 'user'] },
  orderBy: { columns: ['action'], relations: ['task', 'user'] },
});

builder.prismaObject('TaskActivity', {
  description: 'An entry in the history of a task. Never changed.',
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
  taskActivity: byId(t, 'TaskActivity', 'One task activity.'),
  taskActivities: list(t, 'TaskActivity', 'The task activities of the organization.'),
}));

const details = (t: InputFields) => ({
  description: t.string(),
  changes: t.field({ type: 'JSON' }),
});

const TaskActivityCreateInput = builder.inputType('TaskActivityCreateInput', {
  description: 'A new task activity.',
  fields: (t) => ({
    id: clientId(t),
    taskId: t.id({ required: true }),
    action: t.string({ required: true }),
    ...details(t),
  }),
});

mutation({
  name: 'taskActivityCreate',
  description: 'Adds a task activity. It stays as it is.',
  permission: 'delivery:write',
  input: TaskActivityCreateInput,
  returns: 'TaskActivity',
  run: (input, context) => createRow(context, 'TaskActivity', input),
});
