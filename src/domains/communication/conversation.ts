import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ConversationType = enumOf('ConversationType', 'Who writes to whom.', ['direct', 'group', 'client', 'support']);

readable('Conversation', {
  permission: 'communication:read',
  filter: {
    columns: ['title', 'accountId', 'lastMessageAt'],
    enums: { type: ConversationType },
    relations: ['account', 'conversationParticipants', 'messages'],
  },
  orderBy: { columns: ['title', 'type', 'lastMessageAt'], relations: ['account'] },
});

builder.prismaObject('Conversation', {
  description: 'People who write to each other.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title', { nullable: true }),
    type: t.expose('type', { type: ConversationType }),
    lastMessageAt: t.expose('lastMessageAt', { type: 'DateTime', nullable: true }),
    account: t.relation('account', { nullable: true }),
    conversationParticipants: relatedList(t, 'conversationParticipants', 'The conversation participants.'),
    messages: relatedList(t, 'messages', 'The messages.'),
  }),
});

builder.queryFields((t) => ({
  conversation: byId(t, 'Conversation', 'One conversation.'),
  conversations: list(t, 'Conversation', 'The conversations of the organization.'),
}));

const details = (t: InputFields) => ({
  title: t.string(),
  type: t.field({ type: ConversationType }),
  accountId: t.id(),
});

const ConversationCreateInput = builder.inputType('ConversationCreateInput', {
  description: 'A new conversation.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const ConversationUpdateInput = builder.inputType('ConversationUpdateInput', {
  description: 'Changes to a conversation. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('Conversation', {
  write: 'communication:write',
  destroy: 'communication:destroy',
  create: ConversationCreateInput,
  update: ConversationUpdateInput,
});
