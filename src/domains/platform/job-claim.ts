/**
 * How workers come to jobs. A claim takes jobs that are due and those whose worker was lost, and no two claims get the same
 * one: rows that another claim is taking are passed over, not waited for.
 */
import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { delegate } from '../../graphql/delegate.ts';
import { requireFeature } from '../../graphql/features.ts';
import { mutation } from '../../graphql/mutation.ts';
import { rowData } from '../../graphql/rows.ts';

const maxClaimed = 100;
const maxLeaseSeconds = 86_400;

const JobClaimInput = builder.inputType('JobClaimInput', {
  description: 'Who claims jobs, of which types, and for how long.',
  fields: (t) => ({
    workerId: t.string({
      required: true,
      description:
        'What the worker calls itself. Two processes never share a name: it is what they hold their jobs by.',
    }),
    types: t.stringList({ required: true, description: 'The types of jobs that the worker can do.' }),
    leaseSeconds: t.int({
      defaultValue: 60,
      description: `How long the worker has them before another one may take over: 1 to ${maxLeaseSeconds} seconds. \`jobHeartbeat\` prolongs it.`,
    }),
    limit: t.int({ defaultValue: 1, description: `How many jobs at most: 1 to ${maxClaimed}.` }),
  }),
});

function within(value: number | null | undefined, fallback: number, most: number, path: string): number {
  const number = value ?? fallback;
  if (number >= 1 && number <= most) return number;
  throw new UserError('BAD_USER_INPUT', `${path} expects 1 to ${most}.`, [path]);
}

/** How long a lease lasts. */
export const leaseOf = (leaseSeconds: number | null | undefined): number =>
  within(leaseSeconds, 60, maxLeaseSeconds, 'leaseSeconds');

/** What a worker calls itself. */
export function workerName(workerId: string): string {
  const { lockedBy } = rowData<{ lockedBy: string }>('Job', { lockedBy: workerId });
  if (lockedBy !== '' && lockedBy.length <= 200) return lockedBy;
  throw new UserError('BAD_USER_INPUT', 'workerId expects 1 to 200 characters.', ['workerId']);
}

/** The types, each of which must be a text that the column can hold. */
const typeNames = (types: readonly string[]): string[] =>
  types.map((type) => rowData<{ type: string }>('Job', { type }).type);

/** Nobody knows what became of the last attempt of a lost worker, and there is no other. */
const buryLost = ({ db }: Context, types: readonly string[]): Promise<number> => db.$executeRaw`
  update jobs set status = 'failed', error = 'The worker was lost: its lease ran out on the last attempt.', locked_by = null, locked_until = null
    where id in (select id from jobs
      where status = 'running' and locked_until < now() and attempt >= max_attempts and type = any (${types}::text[])
      for update skip locked)`;

async function claim(
  { workerId, types, leaseSeconds, limit }: typeof JobClaimInput.$inferInput,
  context: Context,
): Promise<{ extra: { ids: string[] } }> {
  await requireFeature(context, 'jobs');
  const worker = workerName(workerId);
  const wanted = typeNames(types);
  const lease = leaseOf(leaseSeconds);
  const most = within(limit, 1, maxClaimed, 'limit');
  await buryLost(context, wanted);
  const claimed = await context.db.$queryRaw<{ id: string }[]>`
    with due as materialized (
      select id, row_number() over (order by priority desc, run_at, id) as place from (
        select id, priority, run_at from jobs
          where type = any (${wanted}::text[])
            and (status = 'queued' and run_at <= now() or status = 'running' and locked_until < now() and attempt < max_attempts)
          order by priority desc, run_at, id limit ${most} for update skip locked) rows),
    claimed as (
      update jobs set status = 'running', attempt = attempt + 1, locked_by = ${worker}, locked_until = now() + make_interval(secs => ${lease})
        from due where jobs.id = due.id returning jobs.id, due.place)
    select id from claimed order by place`;
  return { extra: { ids: claimed.map(({ id }) => id) } };
}

/** The claimed jobs in the order in which they are to be done. */
async function loadJobs(ids: readonly string[], context: Context, info: GraphQLResolveInfo) {
  if (ids.length === 0) return [];
  const query = queryFromInfo({ context, info, typeName: 'Job', select: { id: true } as never });
  const rows = await delegate(context.db, 'Job').findMany({ ...query, where: { id: { in: ids } } });
  return rows.sort((a, b) => ids.indexOf(String(a.id)) - ids.indexOf(String(b.id)));
}

mutation({
  name: 'jobClaim',
  description:
    'Gives a worker the jobs that are most urgent: by priority, then by time, also those whose worker was lost. No job is given twice.',
  permission: 'jobs:write',
  input: JobClaimInput,
  payload: (t) => ({
    jobs: t.field({
      type: ['Job' as never],
      description: 'The claimed jobs, the most urgent first; empty when there is nothing to do.',
      resolve: ({ extra }, _args, context, info) =>
        loadJobs((extra.ids as string[] | undefined) ?? [], context, info) as never,
    }),
  }),
  run: claim,
});
