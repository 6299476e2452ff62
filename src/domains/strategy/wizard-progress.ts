/** The end of a wizard session: completed, which makes a snapshot and a roadmap, or abandoned. */
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, payloadRow, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, lockRow, rowId } from '../../graphql/rows.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';

interface Session {
  readonly status: string;
  readonly projectId: string | null;
  readonly answers: number;
  readonly version: number;
}

/** Locks a session, so that its state and its answers stay what they are until the end of the transaction. */
export async function lockSession(context: Context, id: string, path: string): Promise<Session> {
  await lockRow(context, 'WizardSession', { id });
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
  const { expectedVersion } = input;
  const written = await changeRow(context, 'WizardSession', { id, expectedVersion, data: { status: 'completed' } });
  return { ...written, extra: await outcomeOf(context, id) };
}

const abandonment: StatusMove = { from: ['in_progress'], to: 'abandoned', done: 'abandoned' };

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
  run: (input, context) => moveStatus(context, 'WizardSession', input, abandonment),
});
