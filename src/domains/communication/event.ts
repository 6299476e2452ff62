import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const EventKind = enumOf('EventKind', 'An appointment or a meeting.', ['event', 'meeting']);

const EventStatus = enumOf('EventStatus', 'Where an event stands.', ['scheduled', 'canceled', 'done']);

readable('Event', {
  permission: 'communication:read',
  filter: {
    columns: [
      'title',
      'description',
      'startsAt',
      'endsAt',
      'isAllDay',
      'location',
      'meetingUrl',
      'organizerId',
      'accountId',
      'dealId',
      'projectId',
      'recurrence',
    ],
    enums: { kind: EventKind, status: EventStatus },
    relations: ['organizer', 'account', 'deal', 'project', 'eventAttendees'],
  },
  orderBy: {
    columns: ['kind', 'title', 'startsAt', 'endsAt', 'isAllDay', 'location', 'meetingUrl', 'status'],
    relations: ['organizer', 'account', 'deal', 'project'],
  },
});

builder.prismaObject('Event', {
  description: 'An appointment or a meeting.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    kind: t.expose('kind', { type: EventKind }),
    title: t.exposeString('title'),
    description: t.exposeString('description', { nullable: true }),
    startsAt: t.expose('startsAt', { type: 'DateTime' }),
    endsAt: t.expose('endsAt', { type: 'DateTime' }),
    isAllDay: t.exposeBoolean('isAllDay'),
    location: t.exposeString('location', { nullable: true }),
    meetingUrl: t.expose('meetingUrl', { type: 'URL', nullable: true }),
    status: t.expose('status', { type: EventStatus }),
    recurrence: t.exposeString('recurrence', { nullable: true }),
    organizer: t.relation('organizer', { nullable: true }),
    account: t.relation('account', { nullable: true }),
    deal: t.relation('deal', { nullable: true }),
    project: t.relation('project', { nullable: true }),
    eventAttendees: relatedList(t, 'eventAttendees', 'The event attendees.'),
  }),
});

builder.queryFields((t) => ({
  event: byId(t, 'Event', 'One event.'),
  events: list(t, 'Event', 'The events of the organization.'),
}));

const details = (t: InputFields) => ({
  kind: t.field({ type: EventKind }),
  description: t.string(),
  isAllDay: t.boolean(),
  location: t.string(),
  meetingUrl: t.field({ type: 'URL' }),
  organizerId: t.id(),
  accountId: t.id(),
  dealId: t.id(),
  projectId: t.id(),
  status: t.field({ type: EventStatus }),
  recurrence: t.string(),
});

const EventCreateInput = builder.inputType('EventCreateInput', {
  description: 'A new event.',
  fields: (t) => ({
    id: clientId(t),
    title: t.string({ required: true }),
    startsAt: t.field({ type: 'DateTime', required: true }),
    endsAt: t.field({ type: 'DateTime', required: true }),
    ...details(t),
  }),
});

const EventUpdateInput = builder.inputType('EventUpdateInput', {
  description: 'Changes to an event. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    title: t.string(),
    startsAt: t.field({ type: 'DateTime' }),
    endsAt: t.field({ type: 'DateTime' }),
    ...details(t),
  }),
});

lifecycle('Event', {
  write: 'communication:write',
  destroy: 'communication:destroy',
  create: EventCreateInput,
  update: EventUpdateInput,
});
