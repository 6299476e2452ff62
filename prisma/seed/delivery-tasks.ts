/** The boards: tasks with their steps and their history. */
import type { Phase, Project } from './delivery-projects.ts';
import { milestoneId } from './delivery-results.ts';
import type { Row } from './insert.ts';
import { deliveryPlanOf, type PlannedTask } from './phrases/delivery.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

export type TaskStatus = 'todo' | 'in_progress' | 'in_review' | 'blocked' | 'done';

export interface Task {
  readonly id: string;
  readonly plan: PlannedTask;
  readonly project: Project;
  readonly phase: Phase;
  readonly parentId: string | null;
  readonly status: TaskStatus;
  readonly assigneeId: string | null;
  /** Days since it was entered, since work on it began, since it was done; what has not happened is null. */
  readonly age: number;
  readonly begun: number | null;
  readonly done: number | null;
  /** Days until it is due; negative in the past. */
  readonly due: number;
}

const underWay = ['done', 'in_progress', 'in_review', 'todo', 'blocked'] as const;
const onHold = ['done', 'blocked', 'todo', 'in_review', 'blocked'] as const;

function statusOf(project: Project, phase: Phase, number: number): TaskStatus {
  if (phase.status === 'done') return 'done';
  if (phase.status === 'pending') return 'todo';
  return at(project.status === 'on_hold' ? onHold : underWay, number);
}

function planTask(random: Random, project: Project, phase: Phase, number: number): Omit<Task, 'id' | 'parentId'> {
  const status = statusOf(project, phase, number);
  const count = phase.plan.tasks.length;
  const length = phase.began - phase.ended;
  const due = -(phase.began - Math.round((length * (number + 1)) / count));
  const begun = status === 'todo' ? null : Math.max(1, phase.began - Math.floor((length * number) / count));
  const done = status === 'done' ? Math.max(0, Math.min((begun ?? 1) - 1, -due + random.int(-4, 5))) : null;
  const isOpen = status === 'todo' && random.chance(0.35);
  return {
    plan: at(phase.plan.tasks, number),
    project,
    phase,
    status,
    assigneeId: isOpen ? null : at(project.people, number + random.int(0, 1)),
    age: Math.max(project.age, begun ?? 0),
    begun,
    done,
    due,
  };
}

/** Of old projects only the first tasks of each phase are still there. */
const kept: Readonly<Partial<Record<Project['status'], number>>> = { archived: 2, completed: 3 };

/** Every third task is a part of the first one of its phase. */
export function planTasks(scene: Scene, projects: readonly Project[]): Task[] {
  const random = scene.random('tasks');
  const id = (project: number, phase: number, number: number) => scene.id('tasks', project * 100 + phase * 10 + number);
  return projects.flatMap((project, p) =>
    project.phases.flatMap((phase, h) =>
      phase.plan.tasks.slice(0, kept[project.status]).map((_, number) => ({
        ...planTask(random, project, phase, number),
        id: id(p, h, number),
        parentId: number % 3 === 2 ? id(p, h, 0) : null,
      })),
    ),
  );
}

const priorities = ['medium', 'high', 'medium', 'low', 'medium', 'urgent', 'high'] as const;

export function taskRows(scene: Scene, tasks: readonly Task[]): Row[] {
  const random = scene.random('task-rows');
  const isPaid = scene.org.plan !== 'free';
  return tasks.map(({ plan, ...task }, index) => ({
    org_id: scene.org.id,
    id: task.id,
    project_id: task.project.id,
    phase_id: task.phase.id,
    parent_task_id: task.parentId,
    milestone_id: index % 3 === 0 ? milestoneId(scene, task.phase) : null,
    deal_id: index % 9 === 0 ? task.project.dealId : null,
    title: plan.title,
    description: plan.description,
    status: task.status,
    priority: at(priorities, index + random.int(0, 2)),
    assignee_id: task.assigneeId,
    due_on: scene.calendar.date(task.due),
    story_points: isPaid ? plan.points : null,
    estimate_minutes: plan.hours * 60,
    completed_at: task.done === null ? null : scene.calendar.workday(task.done, random.int(300, 520)),
    tags: random.chance(0.2) ? [random.pick(['waiting for client', 'quick win', 'risk', 'out of scope'])] : [],
    deleted_at: index % 41 === 40 && task.status === 'todo' ? scene.calendar.ago(2, 600) : null,
    created_at: scene.calendar.workday(task.age, 260 + (index % 100)),
  }));
}

/** Steps of tasks in projects that go on, all ticked off when the task is done. The plan free has none. */
export function subtaskRows(scene: Scene, tasks: readonly Task[]): { subtasks: Row[]; assignees: Row[] } {
  if (scene.org.plan === 'free') return { subtasks: [], assignees: [] };
  const rows = tasks.flatMap((task, index) =>
    (task.project.status === 'completed' ? [] : (task.plan.steps ?? [])).map((title, number) => ({
      row: {
        org_id: scene.org.id,
        id: scene.id('subtasks', index * 10 + number),
        task_id: task.id,
        title,
        is_completed: task.status === 'done' || (task.status === 'in_progress' && number === 0),
        position: number + 1,
        created_at: scene.calendar.workday(task.age, 370 + number),
      },
      person: number % 2 === 0 ? task.assigneeId : null,
    })),
  );
  const assigned = rows.filter(({ person }) => person !== null);
  return {
    subtasks: rows.map(({ row }) => row),
    assignees: assigned.map(({ row, person }, index) => ({
      org_id: scene.org.id,
      id: scene.id('subtask_assignees', index),
      subtask_id: row.id,
      user_id: person,
      created_at: row.created_at,
    })),
  };
}

const moved = (before: TaskStatus, after: TaskStatus) => ({ status: { before, after } });

/** What happened to a task after it was made, which the database has noted itself. */
export function taskActivityRows(scene: Scene, tasks: readonly Task[]): Row[] {
  const random = scene.random('task_activities');
  const { comments } = deliveryPlanOf(scene.org.slug);
  const events = tasks.flatMap((task, index) => {
    const day = task.done ?? task.begun;
    if (day === null || task.assigneeId === null) return [];
    const before = task.status === 'in_progress' ? 'todo' : 'in_progress';
    const change = {
      task,
      day,
      minute: 400,
      action: 'status_changed',
      description: null,
      changes: moved(before, task.status),
    };
    const comment = { task, day, minute: 390, action: 'commented', description: at(comments, index), changes: {} };
    return [...(random.chance(0.4) ? [change] : []), ...(index % 6 === 1 ? [comment] : [])];
  });
  return events.map(({ task, day, minute, action, description, changes }, index) => ({
    org_id: scene.org.id,
    id: scene.id('task_activities', index),
    task_id: task.id,
    user_id: task.assigneeId,
    action,
    description,
    changes,
    created_at: scene.calendar.workday(day, minute),
  }));
}
