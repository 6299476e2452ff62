import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { ownUnlessGiven } from '../../graphql/own.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

const TimesheetStatus = enumOf('TimesheetStatus', 'Where a timesheet stands.', {
  draft: 'Not handed in.',
  submitted: 'Handed in. Its time is locked.',
  approved: 'Found right. Its time is locked.',
  rejected: 'Found wrong. Its time can be changed, and it can be handed in again.',
});

readable('Timesheet', {
  permission: 'delivery:read',
  filter: {
    columns: ['userId', 'periodStartOn', 'periodEndOn', 'submittedAt', 'decidedById', 'decidedAt', 'note'],
    enums: { status: TimesheetStatus },
    relations: ['user', 'decidedBy', 'timeEntries'],
  },
  orderBy: {
    columns: ['periodStartOn', 'periodEndOn', 'status', 'submittedAt', 'decidedAt'],
    relations: ['user', 'decidedBy'],
  },
  defaultOrder: [{ periodStartOn: { direction: 'desc' } }],
});

builder.prismaObject('Timesheet', {
  description:
    'The time of a person in a period of at most 31 days, handed in for approval. The timesheets of a person share no day.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    periodStartOn: t.expose('periodStartOn', { type: 'Date' }),
    periodEndOn: t.expose('periodEndOn', { type: 'Date' }),
    status: t.expose('status', { type: TimesheetStatus }),
    submittedAt: t.expose('submittedAt', { type: 'DateTime', nullable: true }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    note: t.exposeString('note', { nullable: true }),
    user: t.relation('user'),
    decidedBy: t.relation('decidedBy', { nullable: true }),
    timeEntries: relatedList(t, 'timeEntries', 'The time that it took up when it was submitted, the latest day first.'),
  }),
});

builder.queryFields((t) => ({
  timesheet: byId(t, 'Timesheet', 'One timesheet.'),
  timesheets: list(t, 'Timesheet', 'The timesheets of everybody, the latest period first.'),
}));

const TimesheetCreateInput = builder.inputType('TimesheetCreateInput', {
  description: 'A new timesheet, a draft.',
  fields: (t) => ({
    id: clientId(t),
    userId: t.id({ description: 'Whose time it is; your own unless given.' }),
    periodStartOn: t.field({ type: 'Date', required: true }),
    periodEndOn: t.field({ type: 'Date', required: true }),
    note: t.string(),
  }),
});

const TimesheetUpdateInput = builder.inputType('TimesheetUpdateInput', {
  description: 'Changes to a timesheet. Fields left out stay; null clears. The period stays once it is submitted.',
  fields: (t) => ({
    ...target(t),
    periodStartOn: t.field({ type: 'Date' }),
    periodEndOn: t.field({ type: 'Date' }),
    note: t.string(),
  }),
});

mutation({
  name: 'timesheetCreate',
  description: 'Makes a timesheet for a period in which its person has none.',
  permission: 'delivery:write',
  input: TimesheetCreateInput,
  returns: 'Timesheet',
  run: (input, context) => createRow(context, 'Timesheet', ownUnlessGiven(context, input)),
});

lifecycle('Timesheet', { write: 'delivery:write', destroy: 'delivery:destroy', update: TimesheetUpdateInput });
