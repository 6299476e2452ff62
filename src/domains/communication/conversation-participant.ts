import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, removeRow, updateRow, uuidAt, type Written } from '../../graphql/rows.ts';
import { demandPlace, findConversation } from './conversation-place.ts';

readable('ConversationParticipant', {
  permission: 'communication:read',
  filter: {
    columns: ['conversationId', 'userId', 'contactId', 'role', 'lastReadAt'],
    relations: ['conversation', 'user', 'contact'],
  },
  orderBy: { columns: ['role', 'lastReadAt'], relations: ['conversation', 'user', 'contact'] },
});

builder.prismaObject('ConversationParticipant', {
  description:
    'A member or a contact who takes part in a conversation. Members who do may write, and see the conversation; nobody else sees a direct or a group conversation.',
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
  conversationParticipant: byId(t, 'ConversationParticipant', 'One participant of a conversation.'),
  conversationParticipants: list(
    t,
    'ConversationParticipant',
    'Who takes part in the conversations that the caller may see.',
  ),
}));

const ConversationAddParticipantInput = builder.inputType('ConversationAddParticipantInput', {
  description: 'Who joins a conversation: a member or a contact, one of the two.',
  fields: (t) => ({
    id: clientId(t),
    conversationId: t.id({ required: true, description: 'The conversation; a direct one takes nobody else.' }),
    userId: t.id({ description: 'The member who joins, who sees all that was written so far.' }),
    contactId: t.id({ description: 'The contact who joins.' }),
    role: t.string({ description: 'What they do in it, in free words.' }),
  }),
});

const ConversationRemoveParticipantInput = builder.inputType('ConversationRemoveParticipantInput', {
  description: 'Who is to take part in a conversation no longer.',
  fields: (t) => ({
    participantId: t.id({ required: true, description: 'The participant.' }),
  }),
});

const ConversationLeaveInput = builder.inputType('ConversationLeaveInput', {
  description: 'Which conversation the caller leaves.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'A conversation that you take part in; not a direct one.' }),
  }),
});

const ConversationParticipantUpdateInput = builder.inputType('ConversationParticipantUpdateInput', {
  description: 'Changes to a participant. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), role: t.string() }),
});

async function addParticipant(input: Input, context: Context): Promise<Written> {
  const { id } = await findConversation(context, input);
  await createRow(context, 'ConversationParticipant', input);
  return { id };
}

async function removeParticipant({ participantId }: { participantId: string }, context: Context): Promise<Written> {
  const id = uuidAt('ConversationParticipant', participantId, ['participantId']);
  const found = await context.db.conversationParticipant.findFirst({
    where: { id },
    select: { conversation: { select: { id: true, type: true } } },
  });
  if (!found) throw new UserError('NOT_FOUND', 'There is no such participant.', ['participantId']);
  if (found.conversation.type === 'direct')
    throw new UserError('CONFLICT', 'A direct conversation has two people, always the same.', ['participantId']);
  await removeRow(context, 'ConversationParticipant', { id });
  return { id: found.conversation.id };
}

async function leave(input: Input, context: Context): Promise<Written> {
  const { participantId, conversationId } = await demandPlace(context, input);
  await removeRow(context, 'ConversationParticipant', { id: participantId });
  return { id: conversationId };
}

const common = { permission: 'communication:write', returns: 'Conversation' } as const;

mutation({
  ...common,
  name: 'conversationAddParticipant',
  description: 'Lets a member or a contact take part in a conversation that the caller may see.',
  input: ConversationAddParticipantInput,
  run: addParticipant,
});

mutation({
  ...common,
  name: 'conversationRemoveParticipant',
  description: 'Ends the part that somebody takes in a conversation. A group is gone for them from then on.',
  input: ConversationRemoveParticipantInput,
  run: removeParticipant,
});

mutation({
  name: 'conversationLeave',
  description: "Ends the caller's own part in a conversation. A group is gone for them from then on, so it reads null.",
  permission: 'communication:read',
  returns: 'Conversation',
  input: ConversationLeaveInput,
  run: leave,
});

mutation({
  name: 'conversationParticipantUpdate',
  description: 'Changes what a participant does in a conversation.',
  permission: 'communication:write',
  input: ConversationParticipantUpdateInput,
  returns: 'ConversationParticipant',
  run: (input, context) => updateRow(context, 'ConversationParticipant', input),
});
