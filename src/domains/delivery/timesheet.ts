import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const TimesheetStatus = enumOf('TimesheetStatus', 'Where a timesheet stands.', [
  'draft',
  'submitted',
  'approved',
  'rejected',
]);

readable('Timesheet', {
  permission: 'delivery:read',
  filter: {
    columns: ['userId', 'periodStartOn', 'periodEndOn', 'submittedAt', 'decidedById', 'decidedAt', 'note'],
    enums: { status: TimesheetStatus },
    relations: ['user', 'decidedBy', 'timeEntries'],
  },
  orderBy: {
    columns: ['periodStartOn', 'periodEndOn', 'status', 'submittedAt', 'decidedAt', 'note'],
    relations: ['user', 'decidedBy'],
  },
});

builder.prismaObject('Timesheet', {
  description: 'The time of a person in a period, handed in for approval.',
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
    timeEntries: relatedList(t, 'timeEntries', 'The time entries.'),
  }),
});

builder.queryFields((t) => ({
  timesheet: byId(t, 'Timesheet', 'One timesheet.'),
  timesheets: list(t, 'Timesheet', 'The timesheets of the organization.'),
}));

const details = (t: InputFields) => ({
  note: t.string(),
});

const TimesheetCreateInput = builder.inputType('TimesheetCreateInput', {
  description: 'A new timesheet.',
  fields: (t) => ({
    id: clientId(t),
    userId: t.id({ required: true }),
    periodStartOn: t.field({ type: 'Date', required: true }),
    periodEndOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const TimesheetUpdateInput = builder.inputType('TimesheetUpdateInput', {
  description: 'Changes to a timesheet. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    userId: t.id(),
    periodStartOn: t.field({ type: 'Date' }),
    periodEndOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

lifecycle('Timesheet', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: TimesheetCreateInput,
  update: TimesheetUpdateInput,
});
