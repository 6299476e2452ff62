import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('TicketComment', {
  permission: 'support:read',
  filter: { columns: ['ticketId', 'authorId', 'body', 'isInternal'], relations: ['ticket', 'author'] },
  orderBy: { columns: ['isInternal'], relations: ['ticket', 'author'] },
});

builder.prismaObject('TicketComment', {
  description: 'A word on a ticket.',
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
  ticketComment: byId(t, 'TicketComment', 'One ticket comment.'),
  ticketComments: list(t, 'TicketComment', 'The ticket comments of the organization.'),
}));

const details = (t: InputFields) => ({
  isInternal: t.boolean(),
});

const TicketCommentCreateInput = builder.inputType('TicketCommentCreateInput', {
  description: 'A new ticket comment.',
  fields: (t) => ({
    id: clientId(t),
    ticketId: t.id({ required: true }),
    body: t.string({ required: true }),
    ...details(t),
  }),
});

const TicketCommentUpdateInput = builder.inputType('TicketCommentUpdateInput', {
  description: 'Changes to a ticket comment. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), body: t.string(), ...details(t) }),
});

lifecycle('TicketComment', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: TicketCommentCreateInput,
  update: TicketCommentUpdateInput,
});
