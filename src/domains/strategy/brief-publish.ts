/** What becomes of a brief: it gets versions, is archived and taken up again. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, payloadRow, TargetInput, target } from '../../graphql/mutation.ts';
import { changeRow, createRow, type Input, liveRow, rowId, type Written } from '../../graphql/rows.ts';

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

interface Standing {
  readonly status: string;
  readonly currentVersionNumber: number;
  readonly version: number;
}

/** Locks a brief, so that the version that the caller has seen is still the current one when a further one is added. */
async function lockBrief(context: Context, input: Input): Promise<Standing> {
  await context.db.$queryRaw`select 1 from briefs where id = ${rowId('Brief', input)}::uuid for update`;
  const select = { status: true, currentVersionNumber: true };
  return (await liveRow(context, 'Brief', input, select)) as unknown as Standing;
}

async function publish({ content, ...input }: typeof BriefPublishVersionInput.$inferInput, context: Context) {
  const { status, version } = await lockBrief(context, input);
  if (status === 'archived')
    throw new UserError('CONFLICT', 'This brief is archived. Reopen it first.', ['id'], version);
  const id = rowId('Brief', input);
  const made = await createRow(context, 'BriefVersion', { briefId: id, content }, { authorId: context.scope.userId });
  return { id, extra: { briefVersionId: made.id } };
}

async function archive(input: Input, context: Context): Promise<Written> {
  const { status, version } = await lockBrief(context, input);
  if (status === 'archived') throw new UserError('CONFLICT', 'This brief is archived already.', ['id'], version);
  return changeRow(context, 'Brief', { id: rowId('Brief', input), data: { status: 'archived' } });
}

async function reopen(input: Input, context: Context): Promise<Written> {
  const { status, currentVersionNumber, version } = await lockBrief(context, input);
  if (status !== 'archived')
    throw new UserError(
      'CONFLICT',
      `This brief is ${status}; only one that is archived can be reopened.`,
      ['id'],
      version,
    );
  const data = { status: currentVersionNumber > 0 ? 'active' : 'draft' };
  return changeRow(context, 'Brief', { id: rowId('Brief', input), data });
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
