import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { clientText, createEmbedded, updateEmbedded } from './embedded.ts';

readable('ClientIntelligence', {
  permission: 'knowledge:read',
  filter: {
    columns: ['accountId', 'clientName', 'psychographics', 'dealHistory', 'summary', 'embeddingModel', 'embeddedAt'],
    relations: ['account'],
  },
  orderBy: { columns: ['clientName', 'embeddedAt'], relations: ['account'] },
});

builder.prismaObject('ClientIntelligence', {
  description: 'What is known about a client: motives, history, summary. Searchable by meaning.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    clientName: t.exposeString('clientName'),
    psychographics: t.expose('psychographics', { type: 'JSON' }),
    dealHistory: t.expose('dealHistory', { type: 'JSON' }),
    summary: t.exposeString('summary', { nullable: true }),
    embeddingModel: t.exposeString('embeddingModel', { nullable: true }),
    embeddedAt: t.expose('embeddedAt', { type: 'DateTime', nullable: true }),
    account: t.relation('account', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  clientIntelligence: byId(t, 'ClientIntelligence', 'What is known about one client.'),
  clientIntelligences: list(t, 'ClientIntelligence', 'What is known about all clients.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  psychographics: t.field({ type: 'JSON' }),
  dealHistory: t.field({ type: 'JSON' }),
  summary: t.string(),
});

const ClientIntelligenceCreateInput = builder.inputType('ClientIntelligenceCreateInput', {
  description: 'What is known about a client.',
  fields: (t) => ({ id: clientId(t), clientName: t.string({ required: true }), ...details(t) }),
});

const ClientIntelligenceUpdateInput = builder.inputType('ClientIntelligenceUpdateInput', {
  description: 'Changes to what is known about a client. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), clientName: t.string(), ...details(t) }),
});

mutation({
  name: 'clientIntelligenceCreate',
  description:
    'Notes what is known about a client. The names of clients are unique; name and summary can be searched for at once.',
  permission: 'knowledge:write',
  input: ClientIntelligenceCreateInput,
  returns: 'ClientIntelligence',
  run: (input, context) => createEmbedded(context, clientText, input),
});

mutation({
  name: 'clientIntelligenceUpdate',
  description: 'Changes what is known about a client.',
  permission: 'knowledge:write',
  input: ClientIntelligenceUpdateInput,
  returns: 'ClientIntelligence',
  run: (input, context) => updateEmbedded(context, clientText, input),
});

lifecycle('ClientIntelligence', { write: 'knowledge:write', destroy: 'knowledge:destroy' });
