/** Whether readers see an item: draft -> published -> draft, any -> archived -> draft. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, rowId, type Written } from '../../graphql/rows.ts';

type Status = 'draft' | 'published' | 'archived';

interface Step {
  readonly from: readonly Status[];
  readonly to: Status;
  /** What it does, as a participle. */
  readonly done: string;
}

/** Takes an item from one state to another, or says which state it is in. */
async function take(context: Context, input: Input, { from, to, done }: Step, more: Input = {}): Promise<Written> {
  const { status, version } = await liveRow(context, 'CmsItem', input, { status: true });
  if (!from.includes(status as Status)) {
    const message = `This item is ${String(status)}; only one that is ${from.join(' or ')} can be ${done}.`;
    throw new UserError('CONFLICT', message, ['id'], version);
  }
  const data = { status: to, ...more };
  return changeRow(context, 'CmsItem', { id: rowId('CmsItem', input), expectedVersion: version, data });
}

const CmsItemPublishInput = builder.inputType('CmsItemPublishInput', {
  description: 'Which draft readers see, and from when on.',
  fields: (t) => ({
    ...target(t),
    publishedAt: t.field({
      type: 'DateTime',
      description: 'The date of publication; readers see it from then on. Now unless given.',
    }),
  }),
});

const common = { permission: 'content:write', returns: 'CmsItem' } as const;

mutation({
  ...common,
  name: 'cmsItemPublish',
  description: 'Publishes a draft: whoever has the site key reads it.',
  input: CmsItemPublishInput,
  run: ({ publishedAt, ...input }, context) =>
    take(
      context,
      input,
      { from: ['draft'], to: 'published', done: 'published' },
      { publishedAt: publishedAt ?? new Date() },
    ),
});

mutation({
  ...common,
  name: 'cmsItemUnpublish',
  description: 'Takes a published item back: it is a draft again, and readers no longer see it.',
  input: TargetInput,
  run: (input, context) =>
    take(context, input, { from: ['published'], to: 'draft', done: 'unpublished' }, { publishedAt: null }),
});

mutation({
  ...common,
  name: 'cmsItemArchive',
  description: 'Archives an item: readers no longer see it, and it keeps its date of publication.',
  input: TargetInput,
  run: (input, context) => take(context, input, { from: ['draft', 'published'], to: 'archived', done: 'archived' }),
});

mutation({
  ...common,
  name: 'cmsItemReopen',
  description: 'Makes a draft of an archived item.',
  input: TargetInput,
  run: (input, context) =>
    take(context, input, { from: ['archived'], to: 'draft', done: 'reopened' }, { publishedAt: null }),
});
