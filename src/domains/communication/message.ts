import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Message', {
  permission: 'communication:read',
  filter: {
    columns: ['conversationId', 'senderId', 'body', 'sentAt', 'editedAt'],
    relations: ['conversation', 'sender'],
  },
  orderBy: { columns: ['sentAt', 'editedAt'], relations: ['conversation', 'sender'] },
});

builder.prismaObject('Message', {
  description: 'A message in a conversation.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    body: t.exposeString('body'),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true }),
    conversation: t.relation('conversation'),
    sender: t.relation('sender', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  message: byId(t, 'Message', 'One message.'),
  messages: list(t, 'Message', 'The messages of the organization.'),
}));

const MessageCreateInput = builder.inputType('MessageCreateInput', {
  description: 'A new message.',
  fields: (t) => ({ id: clientId(t), conversationId: t.id({ required: true }), body: t.string({ required: true }) }),
});

const MessageUpdateInput = builder.inputType('MessageUpdateInput', {
  description: 'Changes to a message. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), body: t.string() }),
});

lifecycle('Message', {
  write: 'communication:write',
  destroy: 'communication:destroy',
  create: MessageCreateInput,
  update: MessageUpdateInput,
});
