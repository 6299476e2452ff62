import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('CmsSection', {
  permission: 'content:read',
  filter: { columns: ['key', 'title', 'position'], relations: ['items'] },
  orderBy: { columns: ['key', 'title', 'position'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('CmsSection', {
  description:
    'A part of the public website, such as news or services. Readers see it when something is published in it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    key: t.exposeString('key'),
    title: t.exposeString('title'),
    position: t.exposeInt('position'),
    items: relatedList(t, 'items', 'The items in it, in their order, whatever their state.'),
  }),
});

builder.queryFields((t) => ({
  cmsSection: byId(t, 'CmsSection', 'One section of the website.'),
  cmsSections: list(t, 'CmsSection', 'The sections of the website, in their order.'),
}));

const CmsSectionCreateInput = builder.inputType('CmsSectionCreateInput', {
  description: 'A new section, the last one.',
  fields: (t) => ({
    id: clientId(t),
    key: t.string({ required: true }),
    title: t.string({ required: true }),
  }),
});

const CmsSectionUpdateInput = builder.inputType('CmsSectionUpdateInput', {
  description: 'Changes to a section. Fields left out stay.',
  fields: (t) => ({ ...target(t), key: t.string(), title: t.string() }),
});

lifecycle('CmsSection', {
  write: 'content:write',
  destroy: 'content:destroy',
  create: CmsSectionCreateInput,
  update: CmsSectionUpdateInput,
});
