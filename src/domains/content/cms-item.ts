import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

const CmsItemStatus = enumOf('CmsItemStatus', 'Whether readers of the website see an item.', {
  draft: 'Not yet.',
  published: 'From `publishedAt` on. Set by `cmsItemPublish` alone.',
  archived: 'No longer. Set by `cmsItemArchive` alone.',
});

readable('CmsItem', {
  permission: 'content:read',
  filter: {
    columns: ['sectionId', 'slug', 'title', 'body', 'publishedAt', 'position', 'authorId'],
    enums: { status: CmsItemStatus },
    relations: ['section', 'author'],
  },
  orderBy: { columns: ['slug', 'title', 'status', 'publishedAt', 'position'], relations: ['section', 'author'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('CmsItem', {
  description: 'A page or an article of the public website, as its editors see it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    slug: t.exposeString('slug'),
    title: t.exposeString('title'),
    body: t.exposeString('body', { nullable: true }),
    status: t.expose('status', { type: CmsItemStatus }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', nullable: true }),
    position: t.exposeInt('position'),
    section: t.relation('section'),
    author: t.relation('author', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  cmsItem: byId(t, 'CmsItem', 'One item of the website, whatever its state.'),
  cmsItems: list(t, 'CmsItem', 'The items of all sections, by their place.'),
}));

const details = (t: InputFields) => ({ body: t.string(), authorId: t.id() });

const CmsItemCreateInput = builder.inputType('CmsItemCreateInput', {
  description: 'A new item, a draft at the end of its section.',
  fields: (t) => ({
    id: clientId(t),
    sectionId: t.id({ required: true }),
    slug: t.string({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const CmsItemUpdateInput = builder.inputType('CmsItemUpdateInput', {
  description: 'Changes to an item; readers see those to a published one at once. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    sectionId: t.id({ description: 'Another section, at whose end it comes to stand.' }),
    slug: t.string(),
    title: t.string(),
    ...details(t),
  }),
});

mutation({
  name: 'cmsItemCreate',
  description: 'Makes the draft of an item.',
  permission: 'content:write',
  input: CmsItemCreateInput,
  returns: 'CmsItem',
  run: (input, context) =>
    createRow(context, 'CmsItem', { ...input, authorId: input.authorId ?? context.scope.userId ?? undefined }),
});

lifecycle('CmsItem', {
  write: 'content:write',
  destroy: 'content:destroy',
  update: CmsItemUpdateInput,
});
