import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { changeRow, createRow, type Input, rowData, rowId, type Written } from '../../graphql/rows.ts';
import { demandPlace } from './conversation-place.ts';

readable('Message', {
  permission: 'communication:read',
  filter: {
    columns: ['conversationId', 'senderId', 'body', 'sentAt', 'editedAt'],
    relations: ['conversation', 'sender'],
  },
  orderBy: { columns: ['sentAt', 'editedAt'], relations: ['conversation', 'sender'] },
  defaultOrder: [{ sentAt: { direction: 'desc' } }],
});

builder.prismaObject('Message', {
  description: 'Something written in a conversation. Whoever may see the conversation sees all its messages.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    body: t.exposeString('body'),
    sentAt: t.expose('sentAt', { type: 'DateTime' }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true }),
    conversation: t.relation('conversation'),
    sender: t.relation('sender', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  message: byId(t, 'Message', 'One message.'),
  messages: list(t, 'Message', 'The messages of all conversations that the caller may see, the latest first.'),
}));

const MessageSendInput = builder.inputType('MessageSendInput', {
  description: 'What to write, and where.',
  fields: (t) => ({
    id: clientId(t),
    conversationId: t.id({ required: true, description: 'A conversation that you take part in.' }),
    body: t.string({ required: true, description: 'The words.' }),
  }),
});

const MessageEditInput = builder.inputType('MessageEditInput', {
  description: 'Other words for a message of your own.',
  fields: (t) => ({ ...target(t), body: t.string({ required: true, description: 'The words from now on.' }) }),
});

/** Writes into a conversation as the caller. The database notes the time, and that they have read what came before. */
export async function sendMessage(context: Context, input: Input): Promise<Written> {
  const { userId } = await demandPlace(context, input);
  return createRow(context, 'Message', input, { senderId: userId });
}

mutation({
  name: 'messageSend',
  description: 'Writes into a conversation that the caller takes part in. They have read it up to there.',
  permission: 'communication:write',
  input: MessageSendInput,
  returns: 'Message',
  run: (input, context) => sendMessage(context, input),
});

mutation({
  name: 'messageEdit',
  description: "Changes the words of one's own message, and notes when.",
  permission: 'communication:write',
  input: MessageEditInput,
  returns: 'Message',
  run: (input, context) =>
    changeRow(context, 'Message', {
      id: rowId('Message', input),
      expectedVersion: input.expectedVersion,
      data: rowData('Message', { body: input.body }),
      where: { senderId: demandPerson(context.scope) },
    }),
});

// Others than the sender and admins find that they may not: row security keeps the message as it is.
lifecycle('Message', { write: 'communication:write', destroy: 'communication:destroy' });
