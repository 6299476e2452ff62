import { can, isCaller } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';

readable('TicketComment', {
  permission: 'support:read',
  filter: { columns: ['ticketId', 'authorId', 'body', 'isInternal'], relations: ['ticket', 'author'] },
  orderBy: { columns: ['isInternal'], relations: ['ticket', 'author'] },
});

builder.prismaObject('TicketComment', {
  description: 'What somebody wrote about a ticket: to the client, or to colleagues.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    body: t.exposeString('body'),
    isInternal: t.exposeBoolean('isInternal'),
    ticket: t.relation('ticket'),
    author: t.relation('author', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  ticketComment: byId(t, 'TicketComment', 'One comment on a ticket.'),
  ticketComments: list(t, 'TicketComment', 'The comments on all tickets, those of clients and of colleagues.'),
}));

const TicketCommentCreateInput = builder.inputType('TicketCommentCreateInput', {
  description: 'A new comment on a ticket, by the caller.',
  fields: (t) => ({
    id: clientId(t),
    ticketId: t.id({ required: true }),
    body: t.string({ required: true }),
    isInternal: t.boolean(),
    isFromClient: t.boolean({
      description: 'Whether these are words of the client, noted down here: they have no author, and answer nothing.',
    }),
  }),
});

const TicketCommentUpdateInput = builder.inputType('TicketCommentUpdateInput', {
  description: 'Changes to a comment. One that is no longer internal may be the first answer. Fields left out stay.',
  fields: (t) => ({ ...target(t), body: t.string(), isInternal: t.boolean() }),
});

async function demandTicket(context: Context, input: Input): Promise<void> {
  const { ticketId } = rowData<{ ticketId: string }>('TicketComment', { ticketId: input.ticketId });
  const ticket = await context.db.ticket.findFirst({ where: { id: ticketId, deletedAt: null }, select: { id: true } });
  if (!ticket) throw new UserError('NOT_FOUND', 'There is no such ticket.', ['ticketId']);
}

async function createComment(
  context: Context,
  { isFromClient, ...input }: typeof TicketCommentCreateInput.$inferInput,
): Promise<Written> {
  if (isFromClient && input.isInternal)
    throw new UserError('BAD_USER_INPUT', 'Words of the client are not internal.', ['isInternal']);
  await demandTicket(context, input);
  return createRow(context, 'TicketComment', input, { authorId: isFromClient ? null : context.scope.userId });
}

/** Nobody puts words into the mouth of others. */
async function demandOwn(input: Input, context: Context): Promise<void> {
  const { authorId, version } = await liveRow(context, 'TicketComment', input, { authorId: true });
  if (isCaller(context.scope, authorId as string | null) || can(context.scope, 'support:destroy')) return;
  throw new UserError('FORBIDDEN', 'Only its author and admins change a comment.', ['id'], version);
}

mutation({
  name: 'ticketCommentCreate',
  description: 'Writes a comment on a ticket. The first one of staff that is not internal answers the ticket.',
  permission: 'support:write',
  input: TicketCommentCreateInput,
  returns: 'TicketComment',
  run: (input, context) => createComment(context, input),
});

mutation({
  name: 'ticketCommentUpdate',
  description: 'Changes a comment of the caller; admins change all.',
  permission: 'support:write',
  input: TicketCommentUpdateInput,
  returns: 'TicketComment',
  run: async (input, context) => {
    await demandOwn(input, context);
    return updateRow(context, 'TicketComment', input);
  },
});

lifecycle('TicketComment', { write: 'support:write', destroy: 'support:destroy', before: demandOwn });
