import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { clientId, type InputFields, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('BriefVersion', {
  permission: 'delivery:read',
  filter: { columns: ['briefId', 'versionNumber', 'content', 'authorId'], relations: ['brief', 'author'] },
  orderBy: { columns: ['versionNumber'], relations: ['brief', 'author'] },
});

builder.prismaObject('BriefVersion', {
  description: 'One version of a brief. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    versionNumber: t.exposeInt('versionNumber'),
    content: t.expose('content', { type: 'JSON' }),
    brief: t.relation('brief'),
    author: t.relation('author', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  briefVersion: byId(t, 'BriefVersion', 'One brief version.'),
  briefVersions: list(t, 'BriefVersion', 'The brief versions of the organization.'),
}));

const details = (t: InputFields) => ({
  content: t.field({ type: 'JSON' }),
});

const BriefVersionCreateInput = builder.inputType('BriefVersionCreateInput', {
  description: 'A new brief version.',
  fields: (t) => ({ id: clientId(t), briefId: t.id({ required: true }), ...details(t) }),
});

mutation({
  name: 'briefVersionCreate',
  description: 'Adds a brief version. It stays as it is.',
  permission: 'delivery:write',
  input: BriefVersionCreateInput,
  returns: 'BriefVersion',
  run: (input, context) => createRow(context, 'BriefVersion', input),
});
