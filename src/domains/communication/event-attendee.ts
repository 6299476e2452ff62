import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const EventAttendeeStatus = enumOf('EventAttendeeStatus', 'Where an event attendee stands.', [
  'invited',
  'accepted',
  'declined',
  'tentative',
]);

readable('EventAttendee', {
  permission: 'communication:read',
  filter: {
    columns: ['eventId', 'userId', 'contactId'],
    enums: { status: EventAttendeeStatus },
    relations: ['event', 'user', 'contact'],
  },
  orderBy: { columns: ['status'], relations: ['event', 'user', 'contact'] },
});

builder.prismaObject('EventAttendee', {
  description: 'Somebody invited to an event: a member or a contact.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    status: t.expose('status', { type: EventAttendeeStatus }),
    event: t.relation('event'),
    user: t.relation('user', { nullable: true }),
    contact: t.relation('contact', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  eventAttendee: byId(t, 'EventAttendee', 'One event attendee.'),
  eventAttendees: list(t, 'EventAttendee', 'The event attendees of the organization.'),
}));

const details = (t: InputFields) => ({
  userId: t.id(),
  contactId: t.id(),
  status: t.field({ type: EventAttendeeStatus }),
});

const EventAttendeeCreateInput = builder.inputType('EventAttendeeCreateInput', {
  description: 'A new event attendee.',
  fields: (t) => ({ id: clientId(t), eventId: t.id({ required: true }), ...details(t) }),
});

const EventAttendeeUpdateInput = builder.inputType('EventAttendeeUpdateInput', {
  description: 'Changes to an event attendee. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('EventAttendee', {
  write: 'communication:write',
  destroy: 'communication:destroy',
  create: EventAttendeeCreateInput,
  update: EventAttendeeUpdateInput,
});
