import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const LeaveRequestType = enumOf('LeaveRequestType', 'What kind of leave it is.', [
  'vacation',
  'sick',
  'parental',
  'unpaid',
  'other',
]);

const LeaveRequestStatus = enumOf('LeaveRequestStatus', 'Where a leave request stands.', [
  'pending',
  'approved',
  'rejected',
  'canceled',
]);

readable('LeaveRequest', {
  permission: 'people:read',
  filter: {
    columns: ['employeeId', 'startsOn', 'endsOn', 'reason', 'decidedById', 'decidedAt'],
    enums: { type: LeaveRequestType, status: LeaveRequestStatus },
    relations: ['employee', 'decidedBy'],
  },
  orderBy: { columns: ['type', 'startsOn', 'endsOn', 'status', 'decidedAt'], relations: ['employee', 'decidedBy'] },
});

builder.prismaObject('LeaveRequest', {
  description: 'Days off that an employee asks for.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    type: t.expose('type', { type: LeaveRequestType }),
    startsOn: t.expose('startsOn', { type: 'Date' }),
    endsOn: t.expose('endsOn', { type: 'Date' }),
    reason: t.exposeString('reason', { nullable: true }),
    status: t.expose('status', { type: LeaveRequestStatus }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    employee: t.relation('employee'),
    decidedBy: t.relation('decidedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  leaveRequest: byId(t, 'LeaveRequest', 'One leave request.'),
  leaveRequests: list(t, 'LeaveRequest', 'The leave requests of the organization.'),
}));

const details = (t: InputFields) => ({
  type: t.field({ type: LeaveRequestType }),
  reason: t.string(),
});

const LeaveRequestCreateInput = builder.inputType('LeaveRequestCreateInput', {
  description: 'A new leave request.',
  fields: (t) => ({
    id: clientId(t),
    employeeId: t.id({ required: true }),
    startsOn: t.field({ type: 'Date', required: true }),
    endsOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const LeaveRequestUpdateInput = builder.inputType('LeaveRequestUpdateInput', {
  description: 'Changes to a leave request. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    employeeId: t.id(),
    startsOn: t.field({ type: 'Date' }),
    endsOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

lifecycle('LeaveRequest', {
  write: 'people:write',
  destroy: 'people:destroy',
  create: LeaveRequestCreateInput,
  update: LeaveRequestUpdateInput,
});
