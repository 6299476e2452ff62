import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';
import { type Embedding, embedRow, storeEmbedding } from '../../search/embed-row.ts';

const InteractionType = enumOf('InteractionType', 'How the two spoke.', {
  call: 'By telephone.',
  email: 'By mail.',
  meeting: 'In one room, real or virtual.',
  message: 'By short message or chat.',
  note: 'Nobody spoke: something worth remembering.',
});

const InteractionSentiment = enumOf('InteractionSentiment', 'How it went.', {
  positive: 'Well.',
  neutral: 'Neither well nor badly.',
  negative: 'Badly.',
});

readable('Interaction', {
  permission: 'crm:read',
  filter: {
    columns: [
      'accountId',
      'contactId',
      'dealId',
      'subject',
      'body',
      'occurredAt',
      'durationMinutes',
      'userId',
      'embeddingModel',
      'embeddedAt',
    ],
    enums: { type: InteractionType, sentiment: InteractionSentiment },
    relations: ['account', 'contact', 'deal', 'user'],
  },
  orderBy: {
    columns: ['type', 'sentiment', 'subject', 'occurredAt', 'durationMinutes', 'embeddedAt'],
    relations: ['account', 'contact', 'deal', 'user'],
  },
});

builder.prismaObject('Interaction', {
  description: 'A call, mail, meeting, message or note with a customer. Searchable by meaning.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    type: t.expose('type', { type: InteractionType }),
    sentiment: t.expose('sentiment', { type: InteractionSentiment, nullable: true }),
    subject: t.exposeString('subject', { nullable: true }),
    body: t.exposeString('body', { nullable: true }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    durationMinutes: t.exposeInt('durationMinutes', { nullable: true }),
    embeddingModel: t.exposeString('embeddingModel', { nullable: true }),
    embeddedAt: t.expose('embeddedAt', { type: 'DateTime', nullable: true }),
    account: t.relation('account', { nullable: true }),
    contact: t.relation('contact', { nullable: true }),
    deal: t.relation('deal', { nullable: true }),
    user: t.relation('user', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  interaction: byId(t, 'Interaction', 'One interaction.'),
  interactions: list(t, 'Interaction', 'The interactions with all customers.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  contactId: t.id(),
  dealId: t.id(),
  type: t.field({ type: InteractionType }),
  sentiment: t.field({ type: InteractionSentiment }),
  subject: t.string(),
  body: t.string(),
  occurredAt: t.field({ type: 'DateTime' }),
  durationMinutes: t.int(),
});

const InteractionCreateInput = builder.inputType('InteractionCreateInput', {
  description: 'A new interaction.',
  fields: (t) => ({
    id: clientId(t),
    ...details(t),
    userId: t.id({ description: 'Who did it; the caller unless given.' }),
  }),
});

const InteractionUpdateInput = builder.inputType('InteractionUpdateInput', {
  description:
    "Changes to an interaction. Fields left out stay; null clears. The account's last word and the activity stay as they are.",
  fields: (t) => ({ ...target(t), ...details(t), userId: t.id() }),
});

interface Words {
  readonly subject?: string | null;
  readonly body?: string | null;
}

const embedWords = (context: Context, { subject, body }: Words): Promise<Embedding | null> =>
  embedRow(context, [subject, body].filter(Boolean).join('\n') || null, 1536);

async function createInteraction(context: Context, input: Input): Promise<Written> {
  const row = rowData<Words>('Interaction', { userId: context.scope.userId, ...input });
  const embedding = await embedWords(context, row);
  const written = await createRow(context, 'Interaction', { ...row });
  if (embedding) await storeEmbedding(context, 'interactions', written.id, embedding);
  return written;
}

/** Only a change of its words gives an interaction another embedding. */
async function updateInteraction(context: Context, input: Input): Promise<Written> {
  const { subject, body } = rowData<Words>('Interaction', input);
  if (subject === undefined && body === undefined) return updateRow(context, 'Interaction', input);
  const { version, ...before } = await liveRow(context, 'Interaction', input, { subject: true, body: true });
  const words = {
    ...(before as Words),
    ...(subject !== undefined && { subject }),
    ...(body !== undefined && { body }),
  };
  const embedding = await embedWords(context, words);
  const written = await updateRow(context, 'Interaction', { ...input, expectedVersion: version });
  await storeEmbedding(context, 'interactions', written.id, embedding);
  return written;
}

mutation({
  name: 'interactionCreate',
  description: "Records an interaction. Its account's last word and classification follow, and an activity is left.",
  permission: 'crm:write',
  input: InteractionCreateInput,
  returns: 'Interaction',
  run: (input, context) => createInteraction(context, input),
});

mutation({
  name: 'interactionUpdate',
  description: 'Changes an interaction.',
  permission: 'crm:write',
  input: InteractionUpdateInput,
  returns: 'Interaction',
  run: (input, context) => updateInteraction(context, input),
});

lifecycle('Interaction', { write: 'crm:write', destroy: 'crm:destroy' });
