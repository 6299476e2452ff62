import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { changeRow, type Input, liveRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';

const answers = { accepted: 'Comes.', declined: 'Does not come; the time stays free.', tentative: 'Comes perhaps.' };

const EventAttendeeStatus = enumOf('EventAttendeeStatus', 'What an invited person answered.', {
  invited: 'Nothing so far.',
  ...answers,
});

const EventAnswer = enumOf('EventAnswer', 'What an invited person can answer.', answers);

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
  description: 'A member or a contact who is invited to an event, and what they answered.',
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
  eventAttendee: byId(t, 'EventAttendee', 'One invitation to an event.'),
  eventAttendees: list(t, 'EventAttendee', 'Who is invited to the events of the organization.'),
}));

const EventAttendeeCreateInput = builder.inputType('EventAttendeeCreateInput', {
  description: 'Who is invited to an event: a member or a contact, one of the two.',
  fields: (t) => ({ id: clientId(t), eventId: t.id({ required: true }), userId: t.id(), contactId: t.id() }),
});

const EventAttendeeUpdateInput = builder.inputType('EventAttendeeUpdateInput', {
  description: 'What an invited contact answered. Members answer for themselves, with `eventRespond`.',
  fields: (t) => ({ ...target(t), status: t.field({ type: EventAttendeeStatus }) }),
});

const EventRespondInput = builder.inputType('EventRespondInput', {
  description: "The caller's own answer to an invitation.",
  fields: (t) => ({
    eventId: t.id({ required: true, description: 'The event that you are invited to.' }),
    status: t.field({ type: EventAnswer, required: true, description: 'The answer; it can be changed again.' }),
  }),
});

async function respond(input: Input, context: Context): Promise<Written> {
  const userId = demandPerson(context.scope);
  const { eventId } = rowData<{ eventId: string }>('EventAttendee', { eventId: input.eventId });
  const event = await context.db.event.findFirst({
    where: { id: eventId, deletedAt: null },
    select: { status: true, eventAttendees: { where: { userId }, select: { id: true } } },
  });
  if (!event) throw new UserError('NOT_FOUND', 'There is no such event.', ['eventId']);
  const [own] = event.eventAttendees;
  if (!own) throw new UserError('FORBIDDEN', 'You are not invited to this event.', ['eventId']);
  if (event.status !== 'scheduled') throw new UserError('CONFLICT', `This event is ${event.status}.`, ['eventId']);
  return changeRow(context, 'EventAttendee', { id: own.id, data: { status: input.status } });
}

/** The database would not say why a member's answer stays as it is. */
async function answerForContact(input: Input, context: Context): Promise<Written> {
  const { contactId, version } = await liveRow(context, 'EventAttendee', input, { contactId: true });
  if (!contactId)
    throw new UserError('FORBIDDEN', 'Members answer for themselves, with eventRespond.', ['id'], version);
  return updateRow(context, 'EventAttendee', { ...input, expectedVersion: version });
}

mutation({
  name: 'eventRespond',
  description: 'Answers an invitation to a scheduled event, as the member who is invited.',
  permission: 'communication:read',
  input: EventRespondInput,
  returns: 'EventAttendee',
  run: respond,
});

mutation({
  name: 'eventAttendeeUpdate',
  description: 'Notes what an invited contact answered.',
  permission: 'communication:write',
  input: EventAttendeeUpdateInput,
  returns: 'EventAttendee',
  run: answerForContact,
});

lifecycle('EventAttendee', {
  write: 'communication:write',
  destroy: 'communication:destroy',
  create: EventAttendeeCreateInput,
});
