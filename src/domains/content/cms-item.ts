import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const CmsItemStatus = enumOf('CmsItemStatus', 'Where a cms item stands.', ['draft', 'published', 'archived']);

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
  description: 'A page or an article of the public website.',
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
  cmsItem: byId(t, 'CmsItem', 'One cms item.'),
  cmsItems: list(t, 'CmsItem', 'The cms items of the organization.'),
}));

const details = (t: InputFields) => ({
  body: t.string(),
  position: t.int(),
  authorId: t.id(),
});

const CmsItemCreateInput = builder.inputType('CmsItemCreateInput', {
  description: 'A new cms item.',
  fields: (t) => ({
    id: clientId(t),
    sectionId: t.id({ required: true }),
    slug: t.string({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const CmsItemUpdateInput = builder.inputType('CmsItemUpdateInput', {
  description: 'Changes to a cms item. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), sectionId: t.id(), slug: t.string(), title: t.string(), ...details(t) }),
});

lifecycle('CmsItem', {
  write: 'content:write',
  destroy: 'content:destroy',
  create: CmsItemCreateInput,
  update: CmsItemUpdateInput,
});
