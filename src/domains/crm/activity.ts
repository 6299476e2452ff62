import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields, entityIdInput, findEntity } from '../../graphql/entity.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { ModelName } from '../../graphql/model.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, type Written } from '../../graphql/rows.ts';

const ActivityType = enumOf('ActivityType', 'What happened.', {
  call: 'A call.',
  email: 'A mail.',
  meeting: 'A meeting.',
  message: 'A short message or chat.',
  note: 'A note was taken.',
  task: 'A task was done.',
  status_change: 'The record went to another state.',
});

readable('Activity', {
  permission: 'crm:read',
  filter: {
    columns: ['entityType', 'entityId', 'subject', 'body', 'occurredAt', 'durationMinutes', 'userId'],
    enums: { type: ActivityType },
    relations: ['user'],
  },
  orderBy: {
    columns: ['entityType', 'type', 'subject', 'occurredAt', 'durationMinutes'],
    relations: ['user'],
  },
});

builder.prismaObject('Activity', {
  description: 'An entry in the history of any record. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ...entityFields(t),
    type: t.expose('type', { type: ActivityType }),
    subject: t.exposeString('subject', { nullable: true }),
    body: t.exposeString('body', { nullable: true }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    durationMinutes: t.exposeInt('durationMinutes', { nullable: true }),
    user: t.relation('user', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  activity: byId(t, 'Activity', 'One activity.'),
  activities: list(t, 'Activity', 'The history of all records, newest first.'),
}));

/** What has a history. */
const subjects: readonly ModelName[] = [
  'Account',
  'Contact',
  'Deal',
  'Lead',
  'Proposal',
  'Contract',
  'Property',
  'Document',
  'Project',
  'Task',
  'Invoice',
  'Ticket',
  'Event',
];
const ActivityCreateInput = builder.inputType('ActivityCreateInput', {
  description: 'A new entry in the history of a record. It stays as it is.',
  fields: (t) => ({
    id: clientId(t),
    entityId: entityIdInput(t, subjects),
    type: t.field({ type: ActivityType, required: true }),
    subject: t.string(),
    body: t.string(),
    occurredAt: t.field({ type: 'DateTime' }),
    durationMinutes: t.int(),
  }),
});

async function createActivity(context: Context, { entityId, ...input }: Input): Promise<Written> {
  const about = await findEntity(context, entityId, subjects);
  return createRow(context, 'Activity', input, { ...about, userId: context.scope.userId });
}

mutation({
  name: 'activityCreate',
  description: 'Adds an entry to the history of a record.',
  permission: 'crm:write',
  input: ActivityCreateInput,
  returns: 'Activity',
  run: (input, context) => createActivity(context, input),
});
