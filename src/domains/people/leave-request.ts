import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, updateRow, type Written } from '../../graphql/rows.ts';
import { rowIn } from '../../graphql/status.ts';
import { type Concern, concern, employeeOf, requirePerson } from './standing.ts';

const LeaveRequestType = enumOf('LeaveRequestType', 'What kind of leave it is.', {
  vacation: 'Paid days of rest.',
  sick: 'Days of illness.',
  parental: 'Time for a child.',
  unpaid: 'Days without pay.',
  other: 'Anything else; the reason says what.',
});

const LeaveRequestStatus = enumOf('LeaveRequestStatus', 'Where a leave request stands.', {
  pending: 'Waits for a manager to decide.',
  approved: 'Granted.',
  rejected: 'Not granted.',
  canceled: 'Taken back.',
});

readable('LeaveRequest', {
  permission: 'people:read',
  filter: {
    columns: ['employeeId', 'startsOn', 'endsOn', 'workingDays', 'reason', 'decidedById', 'decidedAt'],
    enums: { type: LeaveRequestType, status: LeaveRequestStatus },
    relations: ['employee', 'decidedBy'],
  },
  orderBy: {
    columns: ['type', 'startsOn', 'endsOn', 'workingDays', 'status', 'decidedAt'],
    relations: ['employee', 'decidedBy'],
  },
});

builder.prismaObject('LeaveRequest', {
  description: 'Days off that an employee asks for. Seen by the employee, the managers above, and admins.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    type: t.expose('type', { type: LeaveRequestType }),
    startsOn: t.expose('startsOn', { type: 'Date' }),
    endsOn: t.expose('endsOn', { type: 'Date' }),
    workingDays: t.exposeInt('workingDays'),
    reason: t.exposeString('reason', { nullable: true }),
    status: t.expose('status', { type: LeaveRequestStatus }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    employee: t.relation('employee'),
    decidedBy: t.relation('decidedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  leaveRequest: byId(t, 'LeaveRequest', 'One leave request, if the caller may see it.'),
  leaveRequests: list(t, 'LeaveRequest', 'The leave requests of the caller, and of everybody below the caller.'),
}));

const LeaveRequestCreateInput = builder.inputType('LeaveRequestCreateInput', {
  description: 'New days off, pending until a manager decides.',
  fields: (t) => ({
    id: clientId(t),
    employeeId: t.id({ description: 'Who will be away: the caller unless given.' }),
    type: t.field({ type: LeaveRequestType, description: 'What kind of leave it is; VACATION unless given.' }),
    startsOn: t.field({ type: 'Date', required: true }),
    endsOn: t.field({ type: 'Date', required: true, description: 'The last day: the first one or later.' }),
    reason: t.string(),
  }),
});

const LeaveRequestUpdateInput = builder.inputType('LeaveRequestUpdateInput', {
  description: 'Changes to days off that nobody has decided on. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    type: t.field({ type: LeaveRequestType }),
    startsOn: t.field({ type: 'Date' }),
    endsOn: t.field({ type: 'Date' }),
    reason: t.string(),
  }),
});

interface Days {
  readonly startsOn: Date;
  readonly endsOn: Date;
}

/** Nobody has to decide on days that are granted already. The database has the last word when they do. */
async function requireFree(context: Context, employeeId: string, { startsOn, endsOn }: Days): Promise<void> {
  const granted = await context.db.leaveRequest.findFirst({
    where: { employeeId, status: 'approved', startsOn: { lte: endsOn }, endsOn: { gte: startsOn } },
    select: { id: true },
  });
  if (granted) throw new UserError('CONFLICT', 'The employee has approved leave on some of these days.', ['startsOn']);
}

async function ownEmployeeId({ db, scope }: Context): Promise<string> {
  const own = scope.userId
    ? await db.employee.findFirst({ where: { userId: scope.userId, deletedAt: null }, select: { id: true } })
    : null;
  if (!own) throw new UserError('BAD_USER_INPUT', 'You are no employee here. Name one.', ['employeeId']);
  return own.id;
}

async function request(context: Context, input: typeof LeaveRequestCreateInput.$inferInput): Promise<Written> {
  const employee = await employeeOf(context, { employeeId: input.employeeId ?? (await ownEmployeeId(context)) });
  await requireFree(context, employee.id, input);
  return createRow(context, 'LeaveRequest', { ...input, type: input.type ?? undefined, employeeId: employee.id });
}

async function change(context: Context, input: Input): Promise<Written> {
  const step = { from: ['pending'], done: 'changed' };
  const columns = { ...concern, startsOn: true, endsOn: true };
  const row = await rowIn<Concern & Days>(context, 'LeaveRequest', input, step, columns);
  requirePerson(context, row);
  const days = { startsOn: input.startsOn ?? row.startsOn, endsOn: input.endsOn ?? row.endsOn } as Days;
  await requireFree(context, row.employeeId, days);
  return updateRow(context, 'LeaveRequest', { ...input, expectedVersion: row.version });
}

mutation({
  name: 'leaveRequestCreate',
  description: 'Asks for days off: for oneself, for somebody below, or, as an admin, for anybody.',
  permission: 'people:write',
  input: LeaveRequestCreateInput,
  returns: 'LeaveRequest',
  run: (input, context) => request(context, input),
});

mutation({
  name: 'leaveRequestUpdate',
  description: 'Changes a pending leave request: by the employee and admins.',
  permission: 'people:write',
  input: LeaveRequestUpdateInput,
  returns: 'LeaveRequest',
  run: (input, context) => change(context, input),
});

lifecycle('LeaveRequest', { write: 'people:destroy', destroy: 'people:destroy' });
