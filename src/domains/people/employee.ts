import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const EmployeeEmploymentType = enumOf('EmployeeEmploymentType', 'The kind of contract.', {
  full_time: 'Employed, with full hours.',
  part_time: 'Employed, with fewer hours.',
  contractor: 'Paid by invoice.',
  intern: 'Here to learn, for a time.',
});

const EmployeeStatus = enumOf('EmployeeStatus', 'Whether an employee is at work.', {
  active: 'Works for the organization.',
  on_leave: 'Away for a longer time.',
  terminated: 'Has left; leads nobody any more.',
});

readable('Employee', {
  permission: 'people:read',
  filter: {
    columns: [
      'userId',
      'employeeNumber',
      'firstName',
      'lastName',
      'email',
      'title',
      'department',
      'managerId',
      'hiredOn',
      'terminatedOn',
    ],
    enums: { employmentType: EmployeeEmploymentType, status: EmployeeStatus },
    relations: ['user', 'manager', 'reports', 'performanceReviews', 'leaveRequests', 'trainingEnrollments'],
  },
  orderBy: {
    columns: [
      'employeeNumber',
      'firstName',
      'lastName',
      'email',
      'title',
      'department',
      'employmentType',
      'status',
      'hiredOn',
      'terminatedOn',
    ],
    relations: ['user', 'manager'],
  },
});

builder.prismaObject('Employee', {
  description:
    'A person who works for the organization. Seen by the person, the managers above, whoever reviews the person, and admins.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    employeeNumber: t.exposeString('employeeNumber', { nullable: true }),
    firstName: t.exposeString('firstName'),
    lastName: t.exposeString('lastName'),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    title: t.exposeString('title', { nullable: true }),
    department: t.exposeString('department', { nullable: true }),
    employmentType: t.expose('employmentType', { type: EmployeeEmploymentType }),
    status: t.expose('status', { type: EmployeeStatus }),
    hiredOn: t.expose('hiredOn', { type: 'Date', nullable: true }),
    terminatedOn: t.expose('terminatedOn', { type: 'Date', nullable: true }),
    user: t.relation('user', { nullable: true }),
    manager: t.relation('manager', {
      nullable: true,
      description: 'Who leads the person directly; null at the top, and for callers who may not see that record.',
    }),
    reports: relatedList(t, 'reports', 'The employees whom the person leads directly.'),
    performanceReviews: relatedList(t, 'performanceReviews', 'What was said about the work of the person.'),
    leaveRequests: relatedList(t, 'leaveRequests', 'The days off that the person asked for.'),
    trainingEnrollments: relatedList(t, 'trainingEnrollments', 'The courses that the person takes or took.'),
  }),
});

builder.queryFields((t) => ({
  employee: byId(t, 'Employee', 'One employee, if the caller may see the record.'),
  employees: list(t, 'Employee', 'The employees whose records the caller may see: all of them for admins.'),
}));

const details = (t: InputFields) => ({
  userId: t.id(),
  employeeNumber: t.string(),
  email: t.field({ type: 'EmailAddress' }),
  title: t.string(),
  department: t.string(),
  managerId: t.id({ description: 'Who leads the person directly. Nobody is above themselves.' }),
  employmentType: t.field({ type: EmployeeEmploymentType }),
  status: t.field({ type: EmployeeStatus }),
  hiredOn: t.field({ type: 'Date' }),
  terminatedOn: t.field({ type: 'Date' }),
});

const EmployeeCreateInput = builder.inputType('EmployeeCreateInput', {
  description: 'A new employee: active and with full hours unless told otherwise.',
  fields: (t) => ({
    id: clientId(t),
    firstName: t.string({ required: true }),
    lastName: t.string({ required: true }),
    ...details(t),
  }),
});

const EmployeeUpdateInput = builder.inputType('EmployeeUpdateInput', {
  description:
    'Changes to an employee. Fields left out stay; null clears. Another manager or member changes who may see the record and what is about it.',
  fields: (t) => ({ ...target(t), firstName: t.string(), lastName: t.string(), ...details(t) }),
});

// The records are kept by admins.
lifecycle('Employee', {
  write: 'people:destroy',
  destroy: 'people:destroy',
  create: EmployeeCreateInput,
  update: EmployeeUpdateInput,
});
