import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { updateRow } from '../../graphql/rows.ts';
import { loadUnread, unreadJson } from './unread.ts';

export const ConversationType = enumOf('ConversationType', 'Who writes to whom, and who may read along.', {
  direct: 'Two members, who alone see it. There is one for each two.',
  group: 'Some people, who alone see it.',
  client: 'With a client. Everybody in the organization may read along; those who take part write.',
  support: 'About a request for help. Everybody in the organization may read along; those who take part write.',
});

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
  description:
    'People who write to each other. Direct and group conversations exist only for those who take part, whatever their role; client and support conversations for everybody in the organization.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title', { nullable: true }),
    type: t.expose('type', { type: ConversationType }),
    lastMessageAt: t.expose('lastMessageAt', { type: 'DateTime', nullable: true }),
    unreadCount: t.int({
      description:
        'How many messages of others the caller has not read; 0 for a conversation that they take no part in.',
      select: { id: true },
      extensions: { derived: unreadJson },
      resolve: ({ id }, _args, context) => loadUnread(context, id),
    }),
    account: t.relation('account', { nullable: true }),
    conversationParticipants: relatedList(t, 'conversationParticipants', 'Who takes part: members and contacts.'),
    messages: relatedList(t, 'messages', 'What was written, the latest first.'),
  }),
});

builder.queryFields((t) => ({
  conversation: byId(t, 'Conversation', 'One conversation.'),
  conversations: list(t, 'Conversation', 'The conversations that the caller may see.'),
}));

const ConversationUpdateInput = builder.inputType('ConversationUpdateInput', {
  description: 'Changes to a conversation. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), accountId: t.id() }),
});

mutation({
  name: 'conversationUpdate',
  description: 'Changes a conversation.',
  permission: 'communication:write',
  input: ConversationUpdateInput,
  returns: 'Conversation',
  run: (input, context) => updateRow(context, 'Conversation', input),
});

// It takes everybody's messages along, so removing one is for admins.
lifecycle('Conversation', { write: 'communication:destroy', destroy: 'communication:destroy' });
