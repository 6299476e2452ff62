import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('TimeEntry', {
  permission: 'delivery:read',
  filter: {
    columns: [
      'taskId',
      'projectId',
      'userId',
      'timesheetId',
      'durationMinutes',
      'description',
      'loggedOn',
      'isBillable',
      'billRateCents',
      'costRateCents',
    ],
    relations: ['task', 'project', 'user', 'timesheet', 'invoiceTimeEntries'],
  },
  orderBy: {
    columns: ['durationMinutes', 'loggedOn', 'isBillable', 'billRateCents', 'costRateCents'],
    relations: ['task', 'project', 'user', 'timesheet'],
  },
});

builder.prismaObject('TimeEntry', {
  description: 'Time spent on a project.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    durationMinutes: t.exposeInt('durationMinutes'),
    description: t.exposeString('description', { nullable: true }),
    loggedOn: t.expose('loggedOn', { type: 'Date' }),
    isBillable: t.exposeBoolean('isBillable'),
    billRate: money(t, 'What an hour costs the client.', 'billRateCents', ['project', 'currency']),
    costRate: money(t, 'What an hour costs the organization.', 'costRateCents', ['project', 'currency']),
    task: t.relation('task', { nullable: true }),
    project: t.relation('project'),
    user: t.relation('user'),
    timesheet: t.relation('timesheet', { nullable: true }),
    invoiceTimeEntries: relatedList(t, 'invoiceTimeEntries', 'The invoice line that bills it, if there is one.'),
  }),
});

builder.queryFields((t) => ({
  timeEntry: byId(t, 'TimeEntry', 'One time entry.'),
  timeEntries: list(t, 'TimeEntry', 'The time entries of the organization.'),
}));

const details = (t: InputFields) => ({
  taskId: t.id(),
  description: t.string(),
  isBillable: t.boolean(),
  billRateCents: t.field({ type: 'BigInt' }),
  costRateCents: t.field({ type: 'BigInt' }),
});

const TimeEntryCreateInput = builder.inputType('TimeEntryCreateInput', {
  description: 'A new time entry.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    userId: t.id({ required: true }),
    durationMinutes: t.int({ required: true }),
    loggedOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const TimeEntryUpdateInput = builder.inputType('TimeEntryUpdateInput', {
  description: 'Changes to a time entry. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    projectId: t.id(),
    userId: t.id(),
    durationMinutes: t.int(),
    loggedOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

lifecycle('TimeEntry', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: TimeEntryCreateInput,
  update: TimeEntryUpdateInput,
});
