import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { requireFeature } from '../../graphql/features.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { nextPlace } from '../../graphql/place.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowData, updateRow, type Written } from '../../graphql/rows.ts';

readable('Subtask', {
  permission: 'delivery:read',
  filter: { columns: ['taskId', 'title', 'isCompleted', 'position'], relations: ['task', 'subtaskAssignees'] },
  orderBy: { columns: ['title', 'isCompleted', 'position'], relations: ['task'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('Subtask', {
  description: 'A step of a task, to tick off. Making and changing them needs the plan pro.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    isCompleted: t.exposeBoolean('isCompleted'),
    position: t.exposeInt('position'),
    task: t.relation('task'),
    subtaskAssignees: relatedList(t, 'subtaskAssignees', 'The people who do it.'),
  }),
});

builder.queryFields((t) => ({
  subtask: byId(t, 'Subtask', 'One step of a task.'),
  subtasks: list(t, 'Subtask', 'The steps of all tasks, by position.'),
}));

const details = (t: InputFields) => ({
  isCompleted: t.boolean(),
  position: t.int({ description: 'Its place among the steps of the task, lowest first; the last one unless given.' }),
});

const SubtaskCreateInput = builder.inputType('SubtaskCreateInput', {
  description: 'A new step of a task.',
  fields: (t) => ({
    id: clientId(t),
    taskId: t.id({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const SubtaskUpdateInput = builder.inputType('SubtaskUpdateInput', {
  description: 'Changes to a step of a task. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

async function createSubtask(context: Context, input: Input): Promise<Written> {
  await requireFeature(context, 'subtasks');
  const { taskId } = rowData<{ taskId: string }>('Subtask', { taskId: input.taskId });
  return createRow(context, 'Subtask', {
    ...input,
    position: input.position ?? (await nextPlace(context, 'Subtask', { taskId })),
  });
}

mutation({
  name: 'subtaskCreate',
  description: 'Adds a step to a task. Needs the plan pro.',
  permission: 'delivery:write',
  input: SubtaskCreateInput,
  returns: 'Subtask',
  run: (input, context) => createSubtask(context, input),
});

mutation({
  name: 'subtaskUpdate',
  description: 'Changes a step of a task, or ticks it off. Needs the plan pro.',
  permission: 'delivery:write',
  input: SubtaskUpdateInput,
  returns: 'Subtask',
  run: async (input, context) => {
    await requireFeature(context, 'subtasks');
    return updateRow(context, 'Subtask', input);
  },
});

lifecycle('Subtask', { write: 'delivery:write', destroy: 'delivery:destroy' });
