/** The end of a wizard session: completed, which makes a snapshot and a roadmap, or abandoned. */
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, payloadRow, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, rowId, type Written } from '../../graphql/rows.ts';

interface Session {
  readonly status: string;
  readonly projectId: string | null;
  readonly answers: number;
  readonly version: number;
}

/** Locks a session, so that its state and its answers stay what they are until the end of the transaction. */
export async function lockSession(context: Context, id: string, path: string): Promise<Session> {
  await context.db.$queryRaw`select 1 from wizard_sessions where id = ${id}::uuid for update`;
  const session = await context.db.wizardSession.findFirst({
    where: { id },
    select: { status: true, projectId: true, version: true, _count: { select: { answers: true } } },
  });
  if (!session) throw new UserError('NOT_FOUND', 'There is no such wizard session.', [path]);
  const { _count, ...columns } = session;
  return { ...columns, answers: _count.answers };
}

/** What a completed session became. The database made both, with the session's last change. */
async function outcomeOf({ db }: Context, wizardSessionId: string) {
  const snapshot = await db.contextSnapshot.findFirst({
    where: { wizardSessionId },
    select: { id: true, roadmaps: { select: { id: true }, orderBy: { versionNumber: 'asc' }, take: 1 } },
  });
  return { contextSnapshotId: snapshot?.id, roadmapId: snapshot?.roadmaps[0]?.id };
}

const end = (context: Context, input: Input, status: 'completed' | 'abandoned'): Promise<Written> =>
  changeRow(context, 'WizardSession', {
    id: rowId('WizardSession', input),
    expectedVersion: input.expectedVersion,
    data: { status },
  });

async function complete(input: Input, context: Context) {
  const id = rowId('WizardSession', input);
  const { status, projectId, answers, version } = await lockSession(context, id, 'id');
  const refuse = (code: 'BAD_USER_INPUT' | 'CONFLICT', message: string) =>
    new UserError(code, message, ['id'], version);
  if (status === 'completed') return { id, extra: await outcomeOf(context, id) };
  if (status === 'abandoned') throw refuse('CONFLICT', 'This wizard session is abandoned.');
  if (!projectId)
    throw refuse('BAD_USER_INPUT', 'This wizard session has no project. Give it one with wizardSessionUpdate.');
  if (answers === 0) throw refuse('CONFLICT', 'This wizard session has no answers yet.');
  const written = await end(context, input, 'completed');
  return { ...written, extra: await outcomeOf(context, id) };
}

async function abandon(input: Input, context: Context): Promise<Written> {
  const { status, version } = await liveRow(context, 'WizardSession', input, { status: true });
  if (status !== 'in_progress')
    throw new UserError('CONFLICT', `This wizard session is ${String(status)} already.`, ['id'], version);
  return end(context, { ...input, expectedVersion: version }, 'abandoned');
}

const common = { permission: 'delivery:write', input: TargetInput, returns: 'WizardSession' } as const;

mutation({
  ...common,
  name: 'wizardComplete',
  description:
    'Completes a wizard session: its answers become a snapshot of its project, and that the draft of a roadmap of three phases. Completing it again changes nothing and gives the same two.',
  payload: (t) => ({
    contextSnapshot: payloadRow(t, 'ContextSnapshot', 'What was answered.', ({ extra }) => extra.contextSnapshotId),
    roadmap: payloadRow(t, 'Roadmap', 'The draft of a roadmap.', ({ extra }) => extra.roadmapId),
  }),
  run: complete,
});

mutation({
  ...common,
  name: 'wizardAbandon',
  description: 'Gives up a wizard session that is in progress. Its answers stay, and nothing is made of them.',
  run: abandon,
});
