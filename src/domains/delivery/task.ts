import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const TaskStatus = enumOf('TaskStatus', 'Where a task stands.', [
  'todo',
  'in_progress',
  'in_review',
  'blocked',
  'done',
]);

const TaskPriority = enumOf('TaskPriority', 'How urgent it is.', ['low', 'medium', 'high', 'urgent']);

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
  },
  orderBy: {
    columns: ['title', 'status', 'priority', 'dueOn', 'position', 'storyPoints', 'estimateMinutes', 'completedAt'],
    relations: ['project', 'phase', 'roadmapPhase', 'milestone', 'deal', 'parentTask', 'assignee'],
  },
});

builder.prismaObject('Task', {
  description: 'A piece of work in a project; a card on its board.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    description: t.exposeString('description', { nullable: true }),
    status: t.expose('status', { type: TaskStatus }),
    priority: t.expose('priority', { type: TaskPriority }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    position: t.exposeString('position', { nullable: true }),
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
    childTasks: relatedList(t, 'childTasks', 'The tasks.'),
    subtasks: relatedList(t, 'subtasks', 'The subtasks.'),
    taskActivities: relatedList(t, 'taskActivities', 'The task activities.'),
    timeEntries: relatedList(t, 'timeEntries', 'The time entries.'),
    taskDevices: relatedList(t, 'taskDevices', 'The task devices.'),
    dispatchAssignments: relatedList(t, 'dispatchAssignments', 'The dispatch assignments.'),
  }),
});

builder.queryFields((t) => ({
  task: byId(t, 'Task', 'One task.'),
  tasks: list(t, 'Task', 'The tasks of the organization.'),
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
  description: 'A new task.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const TaskUpdateInput = builder.inputType('TaskUpdateInput', {
  description: 'Changes to a task. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), projectId: t.id(), title: t.string(), ...details(t) }),
});

lifecycle('Task', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: TaskCreateInput,
  update: TaskUpdateInput,
});
