import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const BriefStatus = enumOf('BriefStatus', 'Where a brief stands.', {
  draft: 'It has no version yet.',
  active: 'It has a version. `briefPublishVersion` makes a draft active.',
  archived: 'It is no longer worked on, and takes no version until `briefReopen`.',
});

readable('Brief', {
  permission: 'delivery:read',
  filter: {
    columns: ['accountId', 'projectId', 'title', 'currentVersionNumber'],
    enums: { status: BriefStatus },
    relations: ['account', 'project', 'versions'],
  },
  orderBy: { columns: ['title', 'status', 'currentVersionNumber'], relations: ['account', 'project'] },
});

builder.prismaObject('Brief', {
  description: 'What a client wants, in numbered versions.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    status: t.expose('status', { type: BriefStatus }),
    currentVersionNumber: t.exposeInt('currentVersionNumber'),
    account: t.relation('account', { nullable: true }),
    project: t.relation('project', { nullable: true }),
    versions: relatedList(t, 'versions', 'Its versions, the newest first.'),
  }),
});

builder.queryFields((t) => ({
  brief: byId(t, 'Brief', 'One brief.'),
  briefs: list(t, 'Brief', 'What the clients of the organization want.'),
}));

const details = (t: InputFields) => ({ accountId: t.id(), projectId: t.id() });

const BriefCreateInput = builder.inputType('BriefCreateInput', {
  description: 'A new brief, a draft without a version.',
  fields: (t) => ({ id: clientId(t), title: t.string({ required: true }), ...details(t) }),
});

const BriefUpdateInput = builder.inputType('BriefUpdateInput', {
  description:
    'Changes to a brief; what it says changes with `briefPublishVersion`. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

lifecycle('Brief', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: BriefCreateInput,
  update: BriefUpdateInput,
});
