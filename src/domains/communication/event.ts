import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, updateRow, type Written } from '../../graphql/rows.ts';
import { findPeople, peopleInput } from './people.ts';
import { checkRecurrence, recurrenceGrammar } from './recurrence.ts';

const EventKind = enumOf('EventKind', 'What takes place.', {
  event: 'Something to be there for, or to know about: a fair, a visit, a holiday.',
  meeting: 'People talk, in one room or online.',
});

const EventStatus = enumOf('EventStatus', 'Whether an event takes place.', {
  scheduled: 'It is planned.',
  canceled: 'It was called off, by `eventCancel`.',
  done: 'It took place, as `eventComplete` noted.',
});

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
  defaultOrder: [{ startsAt: { direction: 'asc' } }],
});

builder.prismaObject('Event', {
  description:
    'An appointment or a meeting, once or again and again. Everybody in the organization sees it; it may stand around an account, a deal or a project.',
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
    eventAttendees: relatedList(t, 'eventAttendees', 'Who is invited, and what they answered.'),
  }),
});

builder.queryFields((t) => ({
  event: byId(t, 'Event', 'One event.'),
  events: list(t, 'Event', 'The calendar of the organization, the earliest first.'),
}));

const details = (t: InputFields) => ({
  kind: t.field({ type: EventKind }),
  description: t.string(),
  isAllDay: t.boolean(),
  location: t.string(),
  meetingUrl: t.field({ type: 'URL' }),
  accountId: t.id(),
  dealId: t.id(),
  projectId: t.id(),
  recurrence: t.string({
    description: `How it repeats, at the same time of day in the organization's time zone: a rule of RFC 5545 made of ${recurrenceGrammar}. Null for once.`,
  }),
});

const EventCreateInput = builder.inputType('EventCreateInput', {
  description: 'A new event.',
  fields: (t) => ({
    id: clientId(t),
    title: t.string({ required: true }),
    startsAt: t.field({ type: 'DateTime', required: true }),
    endsAt: t.field({ type: 'DateTime', required: true }),
    organizerId: t.id({ description: 'The member who organizes it; the caller unless given.' }),
    ...details(t),
    ...peopleInput(t, 'The members who are invited.', 'The contacts who are invited.'),
  }),
});

const EventUpdateInput = builder.inputType('EventUpdateInput', {
  description: 'Changes to an event. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    title: t.string(),
    startsAt: t.field({ type: 'DateTime' }),
    endsAt: t.field({ type: 'DateTime' }),
    organizerId: t.id(),
    ...details(t),
  }),
});

async function createEvent(input: typeof EventCreateInput.$inferInput, context: Context): Promise<Written> {
  checkRecurrence(input.recurrence);
  const people = await findPeople(context, input);
  const event = await createRow(context, 'Event', input);
  if (people.length > 0)
    await context.db.eventAttendee.createMany({ data: people.map((person) => ({ eventId: event.id, ...person })) });
  return event;
}

mutation({
  name: 'eventCreate',
  description: 'Makes an event, and invites people.',
  permission: 'communication:write',
  input: EventCreateInput,
  returns: 'Event',
  run: createEvent,
});

mutation({
  name: 'eventUpdate',
  description: 'Changes an event.',
  permission: 'communication:write',
  input: EventUpdateInput,
  returns: 'Event',
  run: (input, context) => {
    checkRecurrence(input.recurrence);
    return updateRow(context, 'Event', input);
  },
});

lifecycle('Event', { write: 'communication:write', destroy: 'communication:destroy' });
