import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { todaySql } from '../../graphql/today.ts';
import { perProject } from './per-project.ts';

interface Progress {
  readonly projectId: string;
  readonly total: number;
  readonly done: number;
  readonly overdue: number;
}

const nothing = { total: 0, done: 0, overdue: 0 };

const progressOf = perProject<Progress>(
  ({ db }: Context, ids) => db.$queryRaw`
    select project_id as "projectId", count(*)::integer as total, (count(*) filter (where status = 'done'))::integer as done,
        (count(*) filter (where status <> 'done' and due_on < (now() at time zone 'UTC')::date))::integer as overdue
      from tasks where project_id = any (${ids}::uuid[]) and deleted_at is null group by project_id`,
);

/** A number made of the live tasks of a project. */
const ofTasks =
  (number: string): DerivedJson =>
  (column) =>
    `(select ${number} from tasks as task where task.project_id = ${column('id')} and task.deleted_at is null)`;

const isDone = "task.status = 'done'";
const isOverdue = `task.status <> 'done' and task.due_on < ${todaySql}`;

const ProjectProgress = builder.objectRef<Omit<Progress, 'projectId'>>('ProjectProgress').implement({
  description: 'How far a project has come, by its live tasks.',
  fields: (t) => ({
    total: t.exposeInt('total', {
      description: 'How many tasks there are.',
      extensions: { derived: ofTasks('count(*)') },
    }),
    done: t.exposeInt('done', {
      description: 'How many of them are done.',
      extensions: { derived: ofTasks(`count(*) filter (where ${isDone})`) },
    }),
    overdue: t.exposeInt('overdue', {
      description: 'How many were due before today (UTC) and are not done.',
      extensions: { derived: ofTasks(`count(*) filter (where ${isOverdue})`) },
    }),
    percent: t.int({
      nullable: true,
      description: 'The share that is done, in whole percent: 100 when all are, null without tasks.',
      extensions: {
        derived: ofTasks(`coalesce((count(*) filter (where ${isDone}) * 100 / nullif(count(*), 0))::text, 'null')`),
      },
      resolve: ({ total, done }) => (total === 0 ? null : Math.floor((done * 100) / total)),
    }),
  }),
});

builder.prismaObjectField('Project', 'progress', (t) =>
  t.field({
    type: ProjectProgress,
    description: 'How far it has come, by its tasks.',
    extensions: { ofRow: true },
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await progressOf(context, id))[0] ?? nothing,
  }),
);
