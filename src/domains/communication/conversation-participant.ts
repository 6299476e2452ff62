import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('ConversationParticipant', {
  permission: 'communication:read',
  filter: {
    columns: ['conversationId', 'userId', 'contactId', 'role', 'lastReadAt'],
    relations: ['conversation', 'user', 'contact'],
  },
  orderBy: { columns: ['role', 'lastReadAt'], relations: ['conversation', 'user', 'contact'] },
});

builder.prismaObject('ConversationParticipant', {
  description: 'Somebody who takes part in a conversation: a member or a contact.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    role: t.exposeString('role', { nullable: true }),
    lastReadAt: t.expose('lastReadAt', { type: 'DateTime', nullable: true }),
    conversation: t.relation('conversation'),
    user: t.relation('user', { nullable: true }),
    contact: t.relation('contact', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  conversationParticipant: byId(t, 'ConversationParticipant', 'One conversation participant.'),
  conversationParticipants: list(t, 'ConversationParticipant', 'The conversation participants of the organization.'),
}));

const details = (t: InputFields) => ({
  userId: t.id(),
  contactId: t.id(),
  role: t.string(),
});

const ConversationParticipantCreateInput = builder.inputType('ConversationParticipantCreateInput', {
  description: 'A new conversation participant.',
  fields: (t) => ({ id: clientId(t), conversationId: t.id({ required: true }), ...details(t) }),
});

const ConversationParticipantUpdateInput = builder.inputType('ConversationParticipantUpdateInput', {
  description: 'Changes to a conversation participant. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('ConversationParticipant', {
  write: 'communication:write',
  destroy: 'communication:destroy',
  create: ConversationParticipantCreateInput,
  update: ConversationParticipantUpdateInput,
});
