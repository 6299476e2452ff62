import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, type Written } from '../../graphql/rows.ts';
import { activeMember } from './active-member.ts';

const TicketStatus = enumOf('TicketStatus', 'Where a ticket stands.', {
  open: 'Somebody of us is to do something.',
  pending: 'The client is to say something first.',
  on_hold: 'Something else is waited for, such as a spare part.',
  resolved: 'It is solved. The client may still object.',
  closed: 'It is solved, and done with.',
});

export const TicketPriority = enumOf('TicketPriority', 'How urgent a ticket is.', {
  low: 'It can wait.',
  medium: 'It hinders somebody.',
  high: 'Somebody cannot work.',
  urgent: 'People or things are in danger, or nobody can work.',
});

const TicketChannel = enumOf('TicketChannel', 'The way on which a client reached us.', {
  email: 'By mail.',
  phone: 'By telephone.',
  web: 'By a form on a website.',
  chat: 'In a chat.',
});

const breachFilter = (description: string, column: 'firstResponseBreachAt' | 'resolutionBreachAt'): DerivedFilter => ({
  description,
  filter: () => ({ [column]: { isNull: false, lt: new Date() } }),
});

const firstResponseBreach = 'Whether the first answer came late, or is late.';
const resolutionBreach = 'Whether the solution came late, or is late.';

readable('Ticket', {
  permission: 'support:read',
  filter: {
    columns: [
      'ticketNumber',
      'subject',
      'description',
      'accountId',
      'contactId',
      'propertyId',
      'deviceId',
      'assigneeId',
      'slaId',
      'firstResponseDueAt',
      'resolutionDueAt',
      'firstRespondedAt',
      'resolvedAt',
      'tags',
    ],
    enums: { status: TicketStatus, priority: TicketPriority, channel: TicketChannel },
    relations: ['account', 'contact', 'property', 'device', 'assignee', 'sla', 'comments', 'dispatchAssignments'],
    derived: {
      isFirstResponseBreached: breachFilter(firstResponseBreach, 'firstResponseBreachAt'),
      isResolutionBreached: breachFilter(resolutionBreach, 'resolutionBreachAt'),
    },
  },
  orderBy: {
    columns: [
      'ticketNumber',
      'subject',
      'status',
      'priority',
      'channel',
      'firstResponseDueAt',
      'resolutionDueAt',
      'firstRespondedAt',
      'resolvedAt',
    ],
    relations: ['account', 'contact', 'property', 'device', 'assignee', 'sla'],
  },
});

const isPast = (moment: Date | null): boolean => moment !== null && moment < new Date();
const isPastSql =
  (name: string): DerivedJson =>
  (column) =>
    `to_json(coalesce(${column(name)} < now(), false))`;

builder.prismaObject('Ticket', {
  description: 'Something that a client needs help with.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ticketNumber: t.exposeString('ticketNumber'),
    subject: t.exposeString('subject'),
    description: t.exposeString('description', { nullable: true }),
    status: t.expose('status', { type: TicketStatus }),
    priority: t.expose('priority', { type: TicketPriority }),
    channel: t.expose('channel', { type: TicketChannel }),
    firstResponseDueAt: t.expose('firstResponseDueAt', { type: 'DateTime', nullable: true }),
    resolutionDueAt: t.expose('resolutionDueAt', { type: 'DateTime', nullable: true }),
    firstRespondedAt: t.expose('firstRespondedAt', { type: 'DateTime', nullable: true }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', nullable: true }),
    isFirstResponseBreached: t.boolean({
      description: firstResponseBreach,
      select: { firstResponseBreachAt: true },
      extensions: { derived: isPastSql('firstResponseBreachAt') },
      resolve: ({ firstResponseBreachAt }) => isPast(firstResponseBreachAt),
    }),
    isResolutionBreached: t.boolean({
      description: resolutionBreach,
      select: { resolutionBreachAt: true },
      extensions: { derived: isPastSql('resolutionBreachAt') },
      resolve: ({ resolutionBreachAt }) => isPast(resolutionBreachAt),
    }),
    tags: t.exposeStringList('tags'),
    account: t.relation('account', { nullable: true }),
    contact: t.relation('contact', { nullable: true }),
    property: t.relation('property', { nullable: true }),
    device: t.relation('device', { nullable: true }),
    assignee: t.relation('assignee', { nullable: true }),
    sla: t.relation('sla', { nullable: true }),
    comments: relatedList(t, 'comments', 'What was written about it, to the client or among colleagues.'),
    dispatchAssignments: relatedList(t, 'dispatchAssignments', 'The visits of technicians for it.'),
  }),
});

builder.queryFields((t) => ({
  ticket: byId(t, 'Ticket', 'One ticket.'),
  tickets: list(t, 'Ticket', 'The tickets of the organization.'),
}));

const details = (t: InputFields) => ({
  description: t.string(),
  priority: t.field({ type: TicketPriority }),
  channel: t.field({ type: TicketChannel }),
  accountId: t.id(),
  contactId: t.id(),
  propertyId: t.id(),
  deviceId: t.id(),
  slaId: t.id(),
  tags: t.stringList(),
});

const TicketCreateInput = builder.inputType('TicketCreateInput', {
  description: 'A new ticket. It is open; its number and the times when it is due are found by the database.',
  fields: (t) => ({ id: clientId(t), subject: t.string({ required: true }), ...details(t), assigneeId: t.id() }),
});

const TicketUpdateInput = builder.inputType('TicketUpdateInput', {
  description: 'Changes to a ticket. With another SLA it is due at other times. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), subject: t.string(), ...details(t) }),
});

async function createTicket(context: Context, input: Input): Promise<Written> {
  await activeMember(context, 'Ticket', input, 'assigneeId');
  return createRow(context, 'Ticket', input);
}

mutation({
  name: 'ticketCreate',
  description: 'Makes a ticket, with the next number of the organization.',
  permission: 'support:write',
  input: TicketCreateInput,
  returns: 'Ticket',
  run: (input, context) => createTicket(context, input),
});

lifecycle('Ticket', { write: 'support:write', destroy: 'support:destroy', update: TicketUpdateInput });
