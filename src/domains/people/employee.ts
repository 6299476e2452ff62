import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const EmployeeEmploymentType = enumOf('EmployeeEmploymentType', 'The kind of contract.', [
  'full_time',
  'part_time',
  'contractor',
  'intern',
]);

const EmployeeStatus = enumOf('EmployeeStatus', 'Where an employee stands.', ['active', 'on_leave', 'terminated']);

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
  description: 'A person who works for the organization.',
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
    manager: t.relation('manager', { nullable: true }),
    reports: relatedList(t, 'reports', 'The employees.'),
    performanceReviews: relatedList(t, 'performanceReviews', 'The performance reviews.'),
    leaveRequests: relatedList(t, 'leaveRequests', 'The leave requests.'),
    trainingEnrollments: relatedList(t, 'trainingEnrollments', 'The training enrollments.'),
  }),
});

builder.queryFields((t) => ({
  employee: byId(t, 'Employee', 'One employee.'),
  employees: list(t, 'Employee', 'The employees of the organization.'),
}));

const details = (t: InputFields) => ({
  userId: t.id(),
  employeeNumber: t.string(),
  email: t.field({ type: 'EmailAddress' }),
  title: t.string(),
  department: t.string(),
  managerId: t.id(),
  employmentType: t.field({ type: EmployeeEmploymentType }),
  status: t.field({ type: EmployeeStatus }),
  hiredOn: t.field({ type: 'Date' }),
  terminatedOn: t.field({ type: 'Date' }),
});

const EmployeeCreateInput = builder.inputType('EmployeeCreateInput', {
  description: 'A new employee.',
  fields: (t) => ({
    id: clientId(t),
    firstName: t.string({ required: true }),
    lastName: t.string({ required: true }),
    ...details(t),
  }),
});

const EmployeeUpdateInput = builder.inputType('EmployeeUpdateInput', {
  description: 'Changes to an employee. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), firstName: t.string(), lastName: t.string(), ...details(t) }),
});

lifecycle('Employee', {
  write: 'people:write',
  destroy: 'people:destroy',
  create: EmployeeCreateInput,
  update: EmployeeUpdateInput,
});
