/** Where the caller stands in a conversation. */
import { demandPerson } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { type Input, rowData } from '../../graphql/rows.ts';

export interface Place {
  readonly conversationId: string;
  readonly lastMessageAt: Date | null;
  readonly userId: string;
  /** The caller as a participant. */
  readonly participantId: string;
}

/** The conversation of an input. One that the caller may not see is not there. */
export async function findConversation(context: Context, { conversationId: given }: Input) {
  const { conversationId } = rowData<{ conversationId: string }>('Message', { conversationId: given });
  const conversation = await context.db.conversation.findFirst({
    where: { id: conversationId },
    select: { id: true, lastMessageAt: true },
  });
  if (!conversation) throw new UserError('NOT_FOUND', 'There is no such conversation.', ['conversationId']);
  return conversation;
}

/**
 * The caller's place in the conversation of an input.
 *
 * @throws UserError NOT_FOUND for one that they may not see, FORBIDDEN where they only read along.
 */
export async function demandPlace(context: Context, input: Input): Promise<Place> {
  const userId = demandPerson(context.scope);
  const { id: conversationId, lastMessageAt } = await findConversation(context, input);
  const where = { conversationId, userId };
  const own = await context.db.conversationParticipant.findFirst({ where, select: { id: true } });
  if (!own) throw new UserError('FORBIDDEN', 'You take no part in this conversation.', ['conversationId']);
  return { conversationId, lastMessageAt, userId, participantId: own.id };
}
