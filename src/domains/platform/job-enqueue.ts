import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError, unusableId } from '../../errors.ts';
import { requireFeature } from '../../graphql/features.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { rowData, type Written } from '../../graphql/rows.ts';

const JobEnqueueInput = builder.inputType('JobEnqueueInput', {
  description: 'What shall be done, and when.',
  fields: (t) => ({
    id: clientId(t),
    type: t.string({
      required: true,
      description: 'What to do, for example `report.render`. Workers claim jobs by it.',
    }),
    payload: t.field({ type: 'JSON', description: 'What the worker needs to know: a JSON object.' }),
    priority: t.int({ description: 'The higher, the sooner it is claimed; 0 unless given.' }),
    runAt: t.field({ type: 'DateTime', description: 'It is not claimed before this moment; now unless given.' }),
    maxAttempts: t.int({ description: 'How often it is tried at most, 1 to 100; 5 unless given.' }),
    idempotencyKey: t.string({
      description: 'What the client calls it. Who enqueues with the same key again gets the job that is there.',
    }),
  }),
});

interface NewJob {
  readonly type: string;
  readonly idempotencyKey?: string | null;
}

/** The job that has the key already, made by an earlier request or by one at this moment. */
async function existing({ db }: Context, { type, idempotencyKey }: NewJob): Promise<Written> {
  const job = idempotencyKey
    ? await db.job.findFirst({ where: { idempotencyKey }, select: { id: true, type: true } })
    : null;
  if (!job) throw unusableId();
  if (job.type === type) return { id: job.id };
  throw new UserError('CONFLICT', `This key belongs to a job of the type ${job.type}.`, ['idempotencyKey']);
}

async function enqueue(input: typeof JobEnqueueInput.$inferInput, context: Context): Promise<Written> {
  await requireFeature(context, 'jobs');
  const data = rowData<NewJob>('Job', input);
  const [made] = await context.db.job.createManyAndReturn({
    data: [data],
    skipDuplicates: true,
    select: { id: true },
  });
  return made ?? existing(context, data);
}

mutation({
  name: 'jobEnqueue',
  description: 'Queues work for the workers of the organization.',
  permission: 'jobs:write',
  input: JobEnqueueInput,
  returns: 'Job',
  run: enqueue,
});
