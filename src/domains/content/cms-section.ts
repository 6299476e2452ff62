import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('CmsSection', {
  permission: 'content:read',
  filter: { columns: ['key', 'title', 'position'], relations: ['cmsItems'] },
  orderBy: { columns: ['key', 'title', 'position'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('CmsSection', {
  description: 'A part of the public website.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    key: t.exposeString('key'),
    title: t.exposeString('title'),
    position: t.exposeInt('position'),
    cmsItems: relatedList(t, 'cmsItems', 'The cms items.'),
  }),
});

builder.queryFields((t) => ({
  cmsSection: byId(t, 'CmsSection', 'One cms section.'),
  cmsSections: list(t, 'CmsSection', 'The cms sections of the organization.'),
}));

const details = (t: InputFields) => ({
  position: t.int(),
});

const CmsSectionCreateInput = builder.inputType('CmsSectionCreateInput', {
  description: 'A new cms section.',
  fields: (t) => ({
    id: clientId(t),
    key: t.string({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const CmsSectionUpdateInput = builder.inputType('CmsSectionUpdateInput', {
  description: 'Changes to a cms section. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), key: t.string(), title: t.string(), ...details(t) }),
});

lifecycle('CmsSection', {
  write: 'content:write',
  destroy: 'content:destroy',
  create: CmsSectionCreateInput,
  update: CmsSectionUpdateInput,
});
