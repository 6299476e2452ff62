import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation } from '../../graphql/mutation.ts';
import { uuidAt, type Written } from '../../graphql/rows.ts';
import { demandPlace, type Place } from './conversation-place.ts';

const ConversationMarkReadInput = builder.inputType('ConversationMarkReadInput', {
  description: 'What the caller has read.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'A conversation that you take part in.' }),
    messageId: t.id({ description: 'The last message that was read; the last one that there is, unless given.' }),
  }),
});

/** When what was read last was sent; null when there is nothing to read. */
async function readUntil(context: Context, { conversationId, lastMessageAt }: Place, messageId?: string | null) {
  if (!messageId) return lastMessageAt;
  const id = uuidAt('Message', messageId, ['messageId']);
  const message = await context.db.message.findFirst({ where: { id, conversationId }, select: { sentAt: true } });
  if (!message) throw new UserError('NOT_FOUND', 'There is no such message in this conversation.', ['messageId']);
  return message.sentAt;
}

/** Moves the caller's marker on. The database never moves one back. */
async function markRead(input: typeof ConversationMarkReadInput.$inferInput, context: Context): Promise<Written> {
  const place = await demandPlace(context, input);
  const lastReadAt = await readUntil(context, place, input.messageId);
  if (lastReadAt) {
    const isBehind = [{ lastReadAt: null }, { lastReadAt: { lt: lastReadAt } }];
    const where = { id: place.participantId, OR: isBehind };
    await context.db.conversationParticipant.updateMany({ where, data: { lastReadAt } });
  }
  return { id: place.conversationId };
}

mutation({
  name: 'conversationMarkRead',
  description: 'Notes up to where the caller has read a conversation. What was read stays read.',
  permission: 'communication:read',
  input: ConversationMarkReadInput,
  returns: 'Conversation',
  run: markRead,
});
