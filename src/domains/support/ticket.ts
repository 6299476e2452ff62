import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const TicketStatus = enumOf('TicketStatus', 'Where a ticket stands.', [
  'open',
  'pending',
  'on_hold',
  'resolved',
  'closed',
]);

const TicketPriority = enumOf('TicketPriority', 'How urgent it is.', ['low', 'medium', 'high', 'urgent']);

const TicketChannel = enumOf('TicketChannel', 'How it came in.', ['email', 'phone', 'web', 'chat']);

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
    relations: ['account', 'contact', 'property', 'device', 'assignee', 'sla', 'ticketComments', 'dispatchAssignments'],
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

builder.prismaObject('Ticket', {
  description: 'Something a client needs help with.',
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
    tags: t.exposeStringList('tags'),
    account: t.relation('account', { nullable: true }),
    contact: t.relation('contact', { nullable: true }),
    property: t.relation('property', { nullable: true }),
    device: t.relation('device', { nullable: true }),
    assignee: t.relation('assignee', { nullable: true }),
    sla: t.relation('sla', { nullable: true }),
    ticketComments: relatedList(t, 'ticketComments', 'The ticket comments.'),
    dispatchAssignments: relatedList(t, 'dispatchAssignments', 'The dispatch assignments.'),
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
  assigneeId: t.id(),
  slaId: t.id(),
  tags: t.stringList(),
});

const TicketCreateInput = builder.inputType('TicketCreateInput', {
  description: 'A new ticket.',
  fields: (t) => ({ id: clientId(t), subject: t.string({ required: true }), ...details(t) }),
});

const TicketUpdateInput = builder.inputType('TicketUpdateInput', {
  description: 'Changes to a ticket. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), subject: t.string(), ...details(t) }),
});

lifecycle('Ticket', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: TicketCreateInput,
  update: TicketUpdateInput,
});
