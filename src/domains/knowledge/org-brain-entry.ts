import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createEmbedded, knowledgeText, updateEmbedded } from './embedded.ts';

readable('OrgBrainEntry', {
  permission: 'knowledge:read',
  filter: {
    columns: ['contentType', 'contentText', 'source', 'embeddingModel', 'embeddedAt'],
  },
  orderBy: { columns: ['contentType', 'source', 'embeddedAt'] },
});

builder.prismaObject('OrgBrainEntry', {
  description: 'A piece of the knowledge of the organization. Searchable by meaning.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    contentType: t.exposeString('contentType'),
    contentText: t.exposeString('contentText'),
    source: t.exposeString('source', { nullable: true }),
    embeddingModel: t.exposeString('embeddingModel', { nullable: true }),
    embeddedAt: t.expose('embeddedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryFields((t) => ({
  orgBrainEntry: byId(t, 'OrgBrainEntry', 'One piece of knowledge.'),
  orgBrainEntries: list(t, 'OrgBrainEntry', 'What the organization knows.'),
}));

const OrgBrainEntryCreateInput = builder.inputType('OrgBrainEntryCreateInput', {
  description: 'A new piece of knowledge.',
  fields: (t) => ({
    id: clientId(t),
    contentType: t.string({ required: true }),
    contentText: t.string({ required: true }),
    source: t.string(),
  }),
});

const OrgBrainEntryUpdateInput = builder.inputType('OrgBrainEntryUpdateInput', {
  description: 'Changes to a piece of knowledge. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), contentType: t.string(), contentText: t.string(), source: t.string() }),
});

mutation({
  name: 'orgBrainEntryCreate',
  description: 'Notes a piece of knowledge. Its text can be searched for at once.',
  permission: 'knowledge:write',
  input: OrgBrainEntryCreateInput,
  returns: 'OrgBrainEntry',
  run: (input, context) => createEmbedded(context, knowledgeText, input),
});

mutation({
  name: 'orgBrainEntryUpdate',
  description: 'Changes a piece of knowledge.',
  permission: 'knowledge:write',
  input: OrgBrainEntryUpdateInput,
  returns: 'OrgBrainEntry',
  run: (input, context) => updateEmbedded(context, knowledgeText, input),
});

lifecycle('OrgBrainEntry', { write: 'knowledge:write', destroy: 'knowledge:destroy' });
