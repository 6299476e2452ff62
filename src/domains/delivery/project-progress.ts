import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
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
        (count(*) filter (where status <> 'done' and due_on < (now() at time zone 'utc')::date))::integer as overdue
      from tasks where project_id = any (${ids}::uuid[]) and deleted_at is null group by project_id`,
);

const ProjectProgress = builder.objectRef<Omit<Progress, 'projectId'>>('ProjectProgress').implement({
  description: 'How far a project has come, by its live tasks.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'How many tasks there are.' }),
    done: t.exposeInt('done', { description: 'How many of them are done.' }),
    overdue: t.exposeInt('overdue', { description: 'How many were due before today (UTC) and are not done.' }),
    share: t.float({
      nullable: true,
      description: 'The share that is done, from 0 to 1; null without tasks.',
      resolve: ({ total, done }) => (total === 0 ? null : done / total),
    }),
  }),
});

builder.prismaObjectField('Project', 'progress', (t) =>
  t.field({
    type: ProjectProgress,
    description: 'How far it has come, by its tasks.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await progressOf(context, id))[0] ?? nothing,
  }),
);
