import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Subtask', {
  permission: 'delivery:read',
  filter: { columns: ['taskId', 'title', 'isCompleted', 'position'], relations: ['task', 'subtaskAssignees'] },
  orderBy: { columns: ['title', 'isCompleted', 'position'], relations: ['task'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('Subtask', {
  description: 'A step of a task, to tick off.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    isCompleted: t.exposeBoolean('isCompleted'),
    position: t.exposeInt('position'),
    task: t.relation('task'),
    subtaskAssignees: relatedList(t, 'subtaskAssignees', 'The subtask assignees.'),
  }),
});

builder.queryFields((t) => ({
  subtask: byId(t, 'Subtask', 'One subtask.'),
  subtasks: list(t, 'Subtask', 'The subtasks of the organization.'),
}));

const details = (t: InputFields) => ({
  isCompleted: t.boolean(),
  position: t.int(),
});

const SubtaskCreateInput = builder.inputType('SubtaskCreateInput', {
  description: 'A new subtask.',
  fields: (t) => ({
    id: clientId(t),
    taskId: t.id({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const SubtaskUpdateInput = builder.inputType('SubtaskUpdateInput', {
  description: 'Changes to a subtask. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

lifecycle('Subtask', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: SubtaskCreateInput,
  update: SubtaskUpdateInput,
});
