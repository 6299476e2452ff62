import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { enumOf } from '../../graphql/enums.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn, type StatusMove, type Step } from '../../graphql/status.ts';
import { statusMutations } from '../../graphql/status-mutations.ts';
import { activeMember } from './active-member.ts';

const TicketWaitingFor = enumOf('TicketWaitingFor', 'Whom a ticket waits for.', {
  client: 'The client: the ticket becomes PENDING.',
  others: 'Somebody or something else: the ticket becomes ON_HOLD.',
});

const TicketHoldInput = builder.inputType('TicketHoldInput', {
  description: 'Which ticket waits, and for whom.',
  fields: (t) => ({
    ...target(t),
    waitingFor: t.field({ type: TicketWaitingFor, description: 'Whom it waits for; OTHERS unless given.' }),
  }),
});

const TicketAssignInput = builder.inputType('TicketAssignInput', {
  description: 'Who works on a ticket from now on.',
  fields: (t) => ({
    ...target(t),
    assigneeId: t.id({ description: 'The member; nobody when it is null or left out.' }),
  }),
});

const toClient: StatusMove = { from: ['open', 'on_hold'], to: 'pending', done: 'set to wait for the client' };
const toOthers: StatusMove = { from: ['open', 'pending'], to: 'on_hold', done: 'put on hold' };
const assignment: Step = { from: ['open', 'pending', 'on_hold', 'resolved'], done: 'assigned' };

/** The database stamps the moment when it is solved, and clears it again when it opens. */
statusMutations('Ticket', 'support:write', {
  ticketResolve: {
    description: 'Marks a ticket as solved, now. A ticket without an answer counts as answered by that.',
    move: { from: ['open', 'pending', 'on_hold'], to: 'resolved', done: 'resolved' },
  },
  ticketClose: {
    description: 'Closes a ticket that is solved.',
    move: { from: ['resolved'], to: 'closed', done: 'closed' },
  },
  ticketReopen: {
    description: 'Opens a ticket that waits, is solved or closed. It is due when it was.',
    move: { from: ['pending', 'on_hold', 'resolved', 'closed'], to: 'open', done: 'opened again' },
  },
});

const common = { permission: 'support:write', returns: 'Ticket' } as const;

mutation({
  ...common,
  name: 'ticketHold',
  description: 'Lets a ticket wait, for the client or for others. The times when it is due stay.',
  input: TicketHoldInput,
  run: ({ waitingFor, ...input }, context) =>
    moveStatus(context, 'Ticket', input, waitingFor === 'client' ? toClient : toOthers),
});

async function assign(context: Context, input: Input): Promise<Written> {
  const ticket = await rowIn(context, 'Ticket', input, assignment);
  return moveRow(context, 'Ticket', ticket, { assigneeId: await activeMember(context, 'Ticket', input, 'assigneeId') });
}

mutation({
  ...common,
  name: 'ticketAssign',
  description: 'Gives a ticket to a member, or takes it from whoever has it.',
  input: TicketAssignInput,
  run: (input, context) => assign(context, input),
});
