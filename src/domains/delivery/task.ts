import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import { requireFeature } from '../../graphql/features.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, updateRow } from '../../graphql/rows.ts';
import { today, todaySql } from '../../graphql/today.ts';
import { demandOpenProject } from './open-project.ts';

export const TaskStatus = enumOf('TaskStatus', 'Where a task stands: the columns of a board.', {
  todo: 'Not begun.',
  in_progress: 'Being worked on.',
  in_review: 'Finished, if whoever looks at it agrees.',
  blocked: 'Cannot go on before something else happens.',
  done: 'Finished. `completedAt` says when.',
});

const TaskPriority = enumOf('TaskPriority', 'How urgent a task is.', {
  low: 'When there is time.',
  medium: 'In its turn.',
  high: 'Before the others.',
  urgent: 'Now.',
});

const isOverdue: DerivedFilter = {
  description: 'Whether it was due before today (UTC) and is not done.',
  filter: () => ({ status: { ne: 'done' }, dueOn: { isNull: false, lt: today() } }),
};

const isOverdueSql: DerivedJson = (column) =>
  `(${column('status')} <> 'done' and coalesce(${column('dueOn')} < ${todaySql}, false))::text`;

readable('Task', {
  permission: 'delivery:read',
  filter: {
    columns: [
      'projectId',
      'phaseId',
      'roadmapPhaseId',
      'milestoneId',
      'dealId',
      'parentTaskId',
      'title',
      'description',
      'assigneeId',
      'dueOn',
      'position',
      'storyPoints',
      'estimateMinutes',
      'completedAt',
      'tags',
    ],
    enums: { status: TaskStatus, priority: TaskPriority },
    relations: [
      'project',
      'phase',
      'roadmapPhase',
      'milestone',
      'deal',
      'parentTask',
      'assignee',
      'childTasks',
      'subtasks',
      'taskActivities',
      'timeEntries',
      'taskDevices',
      'dispatchAssignments',
    ],
    derived: { isOverdue },
  },
  orderBy: {
    columns: ['title', 'status', 'priority', 'dueOn', 'position', 'storyPoints', 'estimateMinutes', 'completedAt'],
    relations: ['project', 'phase', 'roadmapPhase', 'milestone', 'deal', 'parentTask', 'assignee'],
  },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('Task', {
  description: 'A piece of work in a project: a card on its board, with a column for each state.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    description: t.exposeString('description', { nullable: true }),
    status: t.expose('status', { type: TaskStatus }),
    priority: t.expose('priority', { type: TaskPriority }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    isOverdue: t.field({
      type: 'Boolean',
      description: 'Whether it was due before today (UTC) and is not done.',
      select: { status: true, dueOn: true },
      extensions: { derived: isOverdueSql },
      resolve: ({ status, dueOn }) => status !== 'done' && dueOn !== null && dueOn < today(),
    }),
    position: t.exposeString('position'),
    storyPoints: t.exposeInt('storyPoints', { nullable: true }),
    estimateMinutes: t.exposeInt('estimateMinutes', { nullable: true }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    tags: t.exposeStringList('tags'),
    project: t.relation('project'),
    phase: t.relation('phase', { nullable: true }),
    roadmapPhase: t.relation('roadmapPhase', { nullable: true }),
    milestone: t.relation('milestone', { nullable: true }),
    deal: t.relation('deal', { nullable: true }),
    parentTask: t.relation('parentTask', { nullable: true }),
    assignee: t.relation('assignee', { nullable: true }),
    childTasks: relatedList(t, 'childTasks', 'The tasks that are a part of it.'),
    subtasks: relatedList(t, 'subtasks', 'Its steps, in their order.'),
    taskActivities: relatedList(t, 'taskActivities', 'Its history: changes and comments, the latest first.'),
    timeEntries: relatedList(t, 'timeEntries', 'The time that went into it, the latest day first.'),
    taskDevices: relatedList(t, 'taskDevices', 'The devices that it is about.'),
    dispatchAssignments: relatedList(t, 'dispatchAssignments', 'When technicians are sent out for it.'),
  }),
});

builder.queryFields((t) => ({
  task: byId(t, 'Task', 'One task.'),
  tasks: list(t, 'Task', 'The tasks of all projects, by their place on the boards.'),
}));

const details = (t: InputFields) => ({
  phaseId: t.id(),
  roadmapPhaseId: t.id(),
  milestoneId: t.id(),
  dealId: t.id(),
  parentTaskId: t.id(),
  description: t.string(),
  status: t.field({ type: TaskStatus }),
  priority: t.field({ type: TaskPriority }),
  assigneeId: t.id(),
  dueOn: t.field({ type: 'Date' }),
  storyPoints: t.int(),
  estimateMinutes: t.int(),
  tags: t.stringList(),
});

const TaskCreateInput = builder.inputType('TaskCreateInput', {
  description: 'A new task. It stands last in its column.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const TaskUpdateInput = builder.inputType('TaskUpdateInput', {
  description:
    'Changes to a task. Fields left out stay; null clears. In another state it stands last in the column; `taskMove` puts it elsewhere.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

/** Clearing the points needs no plan. */
async function demandPoints(context: Context, { storyPoints }: Input): Promise<void> {
  if (typeof storyPoints === 'number') await requireFeature(context, 'story_points', ['storyPoints']);
}

mutation({
  name: 'taskCreate',
  description: 'Makes a task, the last one in its column. Story points need the plan pro.',
  permission: 'delivery:write',
  input: TaskCreateInput,
  returns: 'Task',
  run: async (input, context) => {
    await demandPoints(context, input);
    await demandOpenProject(context, 'Task', input);
    return createRow(context, 'Task', input);
  },
});

mutation({
  name: 'taskUpdate',
  description: 'Changes a task. Story points need the plan pro.',
  permission: 'delivery:write',
  input: TaskUpdateInput,
  returns: 'Task',
  run: async (input, context) => {
    await demandPoints(context, input);
    return updateRow(context, 'Task', input);
  },
});

lifecycle('Task', { write: 'delivery:write', destroy: 'delivery:destroy' });
