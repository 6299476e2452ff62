/** Whether readers see an item: draft -> published -> draft, any -> archived -> draft. */
import { builder } from '../../builder.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';

const publication: StatusMove = { from: ['draft'], to: 'published', done: 'published' };
const withdrawal: StatusMove = { from: ['published'], to: 'draft', done: 'unpublished' };
const archival: StatusMove = { from: ['draft', 'published'], to: 'archived', done: 'archived' };
const reopening: StatusMove = { from: ['archived'], to: 'draft', done: 'reopened' };

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
    moveStatus(context, 'CmsItem', input, publication, { publishedAt: publishedAt ?? new Date() }),
});

mutation({
  ...common,
  name: 'cmsItemUnpublish',
  description: 'Takes a published item back: it is a draft again, and readers no longer see it.',
  input: TargetInput,
  run: (input, context) => moveStatus(context, 'CmsItem', input, withdrawal, { publishedAt: null }),
});

mutation({
  ...common,
  name: 'cmsItemArchive',
  description: 'Archives an item: readers no longer see it, and it keeps its date of publication.',
  input: TargetInput,
  run: (input, context) => moveStatus(context, 'CmsItem', input, archival),
});

mutation({
  ...common,
  name: 'cmsItemReopen',
  description: 'Makes a draft of an archived item.',
  input: TargetInput,
  run: (input, context) => moveStatus(context, 'CmsItem', input, reopening, { publishedAt: null }),
});
