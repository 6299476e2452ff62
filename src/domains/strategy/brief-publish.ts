/** What becomes of a brief: it gets versions, is archived and taken up again. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, payloadRow, TargetInput, target } from '../../graphql/mutation.ts';
import { createRow, type Input, liveRow, lockRow, rowId, type Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow } from '../../graphql/status.ts';

const BriefPublishVersionInput = builder.inputType('BriefPublishVersionInput', {
  description: 'What a brief says from now on.',
  fields: (t) => ({
    ...target(t),
    content: t.field({
      type: 'JSON',
      required: true,
      description: 'The whole of it, by section; earlier versions keep theirs.',
    }),
  }),
});

/** The lock keeps the version that the caller has seen the current one until a further one is added. */
async function publish({ content, ...input }: typeof BriefPublishVersionInput.$inferInput, context: Context) {
  await lockRow(context, 'Brief', input);
  const { status, version } = await liveRow(context, 'Brief', input, { status: true });
  if (status === 'archived')
    throw new UserError('CONFLICT', 'This brief is archived. Reopen it first.', ['id'], version);
  const id = rowId('Brief', input);
  const made = await createRow(context, 'BriefVersion', { briefId: id, content }, { authorId: context.scope.userId });
  return { id, extra: { briefVersionId: made.id } };
}

async function archive(input: Input, context: Context): Promise<Written> {
  const brief = await lockedRowIn(context, 'Brief', input, { from: ['draft', 'active'], done: 'archived' });
  return moveRow(context, 'Brief', brief, { status: 'archived' });
}

interface Numbered {
  readonly currentVersionNumber: number;
}

async function reopen(input: Input, context: Context): Promise<Written> {
  const step = { from: ['archived'], done: 'reopened' };
  const brief = await lockedRowIn<Numbered>(context, 'Brief', input, step, { currentVersionNumber: true });
  return moveRow(context, 'Brief', brief, { status: brief.currentVersionNumber > 0 ? 'active' : 'draft' });
}

const common = { permission: 'delivery:write', returns: 'Brief' } as const;

mutation({
  ...common,
  name: 'briefPublishVersion',
  description: 'Adds the next version to a brief, and makes a draft active. Earlier versions stay as they are.',
  input: BriefPublishVersionInput,
  payload: (t) => ({
    briefVersion: payloadRow(t, 'BriefVersion', 'The new version.', ({ extra }) => extra.briefVersionId),
  }),
  run: publish,
});

mutation({
  ...common,
  name: 'briefArchive',
  description: 'Archives a brief: it takes no further version until it is reopened.',
  input: TargetInput,
  run: archive,
});

mutation({
  ...common,
  name: 'briefReopen',
  description: 'Takes an archived brief up again: as active, or as a draft when it has no version.',
  input: TargetInput,
  run: reopen,
});
