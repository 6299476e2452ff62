import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError, unusableId } from '../../errors.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { createRow, rowData } from '../../graphql/rows.ts';
import { ConversationType } from './conversation.ts';
import { sendMessage } from './message.ts';
import { findPeople, type Person, peopleInput } from './people.ts';

const ConversationStartInput = builder.inputType('ConversationStartInput', {
  description: 'A conversation to begin. The caller always takes part.',
  fields: (t) => ({
    id: clientId(t),
    type: t.field({
      type: ConversationType,
      defaultValue: 'group',
      description:
        'Who writes to whom. DIRECT takes one other member, and gives the conversation that there is already.',
    }),
    title: t.string({ description: 'What it is about; not for a direct one.' }),
    accountId: t.id({ description: 'The account that it is with; not for a direct one.' }),
    ...peopleInput(t, 'The other members who take part.', 'The contacts who take part; not in a direct one.'),
    body: t.string({ description: 'A first message.' }),
  }),
});

type Wishes = typeof ConversationStartInput.$inferInput;

interface Started {
  readonly id: string;
  readonly isNew: boolean;
}

/** The other one of a direct conversation. */
function theOther(userId: string, people: readonly Person[], { title, accountId }: Wishes): string {
  const [other, ...more] = people;
  if (!other || more.length > 0 || !('userId' in other) || other.userId === userId)
    throw new UserError('BAD_USER_INPUT', 'A direct conversation is with one other member.', ['userIds']);
  if (title || accountId)
    throw new UserError('BAD_USER_INPUT', 'A direct conversation has no title and no account.', [
      title ? 'title' : 'accountId',
    ]);
  return other.userId;
}

/** Finds the conversation of two people or makes it. Of two who begin it at the same moment, one waits for the other. */
async function startDirect(context: Context, input: Wishes, other: string): Promise<Started> {
  const userId = demandPerson(context.scope);
  const directKey = [userId, other].sort().join(':');
  const { id } = rowData<{ id?: string }>('Conversation', { id: input.id ?? undefined });
  const data = [{ ...(id && { id }), type: 'direct', directKey }];
  const find = () => context.db.conversation.findFirst({ where: { directKey }, select: { id: true } });
  const known = await find();
  if (known) return { id: known.id, isNew: false };
  const { count } = await context.db.conversation.createMany({ data, skipDuplicates: true });
  const found = await find();
  if (!found) throw unusableId();
  return { id: found.id, isNew: count > 0 };
}

async function startOther(context: Context, input: Wishes, people: readonly Person[]): Promise<Started> {
  const userId = demandPerson(context.scope);
  const { id } = await createRow(context, 'Conversation', { ...input, type: input.type ?? undefined });
  const others = people.filter((person) => !('userId' in person && person.userId === userId));
  const data = [{ userId }, ...others].map((person) => ({ conversationId: id, ...person }));
  await context.db.conversationParticipant.createMany({ data });
  return { id, isNew: true };
}

async function startConversation(input: Wishes, context: Context) {
  const userId = demandPerson(context.scope);
  const people = await findPeople(context, input);
  const { id, isNew } =
    input.type === 'direct'
      ? await startDirect(context, input, theOther(userId, people, input))
      : await startOther(context, input, people);
  if (typeof input.body === 'string') await sendMessage(context, { conversationId: id, body: input.body });
  return { id, extra: { isNew } };
}

mutation({
  name: 'conversationStart',
  description:
    'Begins a conversation with people. A direct one that the two have already is found, and stays as it is.',
  permission: 'communication:write',
  input: ConversationStartInput,
  returns: 'Conversation',
  payload: (t) => ({
    isNew: t.boolean({
      nullable: true,
      description: 'Whether it was made now; false for a direct one that was there. Null when it was refused.',
      resolve: ({ extra }) => (extra.isNew as boolean | undefined) ?? null,
    }),
  }),
  run: startConversation,
});
