import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { ownUnlessGiven } from '../../graphql/own.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, updateRow } from '../../graphql/rows.ts';
import { demandOpenProject } from './open-project.ts';
import { rate } from './rate.ts';

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
  defaultOrder: [{ loggedOn: { direction: 'desc' } }],
});

builder.prismaObject('TimeEntry', {
  description: 'Time that a person spent on a project on one day, at the rates of that day.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    durationMinutes: t.exposeInt('durationMinutes'),
    description: t.exposeString('description', { nullable: true }),
    loggedOn: t.expose('loggedOn', { type: 'Date' }),
    isBillable: t.exposeBoolean('isBillable'),
    billRate: rate(t, 'What an hour cost the client when it was logged.', 'billRateCents'),
    costRate: rate(t, 'What an hour cost the organization when it was logged.', 'costRateCents'),
    task: t.relation('task', { nullable: true }),
    project: t.relation('project'),
    user: t.relation('user'),
    timesheet: t.relation('timesheet', { nullable: true }),
    invoiceTimeEntries: relatedList(t, 'invoiceTimeEntries', 'The invoice line that bills it, if there is one.'),
  }),
});

builder.queryFields((t) => ({
  timeEntry: byId(t, 'TimeEntry', 'One time entry.'),
  timeEntries: list(t, 'TimeEntry', 'The time of everybody, the latest day first.'),
}));

const rateInput = (t: InputFields, of: string) =>
  t.field({
    type: 'BigInt',
    description: `${of}; the rate of the person in the project unless given. Needs \`rates:write\`.`,
  });

const details = (t: InputFields) => ({
  taskId: t.id(),
  description: t.string(),
  isBillable: t.boolean(),
  billRateCents: rateInput(t, 'What an hour costs the client, in minor units'),
  costRateCents: rateInput(t, 'What an hour costs the organization, in minor units'),
});

const TimeEntryCreateInput = builder.inputType('TimeEntryCreateInput', {
  description: 'Time to be logged.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    userId: t.id({ description: 'Whose time it is; your own unless given.' }),
    durationMinutes: t.int({ required: true }),
    loggedOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const TimeEntryUpdateInput = builder.inputType('TimeEntryUpdateInput', {
  description:
    'Changes to a time entry. Fields left out stay; null clears. Time that goes to another project takes the rates there, unless new ones are given.',
  fields: (t) => ({
    ...target(t),
    projectId: t.id(),
    durationMinutes: t.int(),
    loggedOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

mutation({
  name: 'timeEntryCreate',
  description:
    'Logs time on a project, at the rates that the person has there. For the person, the manager of the project and admins.',
  permission: 'delivery:write',
  input: TimeEntryCreateInput,
  returns: 'TimeEntry',
  run: async (input, context) => {
    await demandOpenProject(context, 'TimeEntry', input);
    return createRow(context, 'TimeEntry', ownUnlessGiven(context, input));
  },
});

mutation({
  name: 'timeEntryUpdate',
  description:
    'Changes time that was logged, unless its timesheet is submitted or approved. For its person, the manager of the project and admins.',
  permission: 'delivery:write',
  input: TimeEntryUpdateInput,
  returns: 'TimeEntry',
  run: async (input, context) => {
    await demandOpenProject(context, 'TimeEntry', input);
    return updateRow(context, 'TimeEntry', input);
  },
});

lifecycle('TimeEntry', { write: 'delivery:write', destroy: 'delivery:destroy' });
