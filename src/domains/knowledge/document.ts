import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createEmbedded, documentText, updateEmbedded } from './embedded.ts';

const DocumentStatus = enumOf('DocumentStatus', 'Whether a document is in use.', {
  active: 'In use.',
  archived: 'Kept, and no longer in use.',
});

readable('Document', {
  permission: 'knowledge:read',
  filter: {
    columns: [
      'title',
      'body',
      'sourceUri',
      'mimeType',
      'accountId',
      'projectId',
      'embeddingModel',
      'embeddedAt',
      'metadata',
    ],
    enums: { status: DocumentStatus },
    relations: ['account', 'project'],
  },
  orderBy: {
    columns: ['title', 'sourceUri', 'mimeType', 'status', 'embeddedAt'],
    relations: ['account', 'project'],
  },
});

builder.prismaObject('Document', {
  description: 'A text the organization keeps. Searchable by meaning.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    body: t.exposeString('body'),
    sourceUri: t.exposeString('sourceUri', { nullable: true }),
    mimeType: t.exposeString('mimeType'),
    status: t.expose('status', { type: DocumentStatus }),
    embeddingModel: t.exposeString('embeddingModel', { nullable: true }),
    embeddedAt: t.expose('embeddedAt', { type: 'DateTime', nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    account: t.relation('account', { nullable: true }),
    project: t.relation('project', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  document: byId(t, 'Document', 'One document.'),
  documents: list(t, 'Document', 'The documents of the organization.'),
}));

const details = (t: InputFields) => ({
  sourceUri: t.string(),
  mimeType: t.string(),
  accountId: t.id(),
  projectId: t.id(),
  status: t.field({ type: DocumentStatus }),
  metadata: t.field({ type: 'JSON' }),
});

const DocumentCreateInput = builder.inputType('DocumentCreateInput', {
  description: 'A new document.',
  fields: (t) => ({
    id: clientId(t),
    title: t.string({ required: true }),
    body: t.string({ required: true }),
    ...details(t),
  }),
});

const DocumentUpdateInput = builder.inputType('DocumentUpdateInput', {
  description: 'Changes to a document. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), body: t.string(), ...details(t) }),
});

mutation({
  name: 'documentCreate',
  description: 'Makes a document. Its title and text can be searched for at once.',
  permission: 'knowledge:write',
  input: DocumentCreateInput,
  returns: 'Document',
  run: (input, context) => createEmbedded(context, documentText, input),
});

mutation({
  name: 'documentUpdate',
  description: 'Changes a document.',
  permission: 'knowledge:write',
  input: DocumentUpdateInput,
  returns: 'Document',
  run: (input, context) => updateEmbedded(context, documentText, input),
});

lifecycle('Document', { write: 'knowledge:write', destroy: 'knowledge:destroy' });
