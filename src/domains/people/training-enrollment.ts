import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const TrainingEnrollmentStatus = enumOf('TrainingEnrollmentStatus', 'Where a training enrollment stands.', [
  'assigned',
  'in_progress',
  'completed',
  'expired',
]);

readable('TrainingEnrollment', {
  permission: 'people:read',
  filter: {
    columns: ['courseId', 'employeeId', 'dueOn', 'completedAt', 'score'],
    enums: { status: TrainingEnrollmentStatus },
    relations: ['course', 'employee'],
  },
  orderBy: { columns: ['status', 'dueOn', 'completedAt', 'score'], relations: ['course', 'employee'] },
});

builder.prismaObject('TrainingEnrollment', {
  description: 'A course that an employee takes.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    status: t.expose('status', { type: TrainingEnrollmentStatus }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    score: t.exposeInt('score', { nullable: true }),
    course: t.relation('course'),
    employee: t.relation('employee'),
  }),
});

builder.queryFields((t) => ({
  trainingEnrollment: byId(t, 'TrainingEnrollment', 'One training enrollment.'),
  trainingEnrollments: list(t, 'TrainingEnrollment', 'The training enrollments of the organization.'),
}));

const details = (t: InputFields) => ({
  status: t.field({ type: TrainingEnrollmentStatus }),
  dueOn: t.field({ type: 'Date' }),
  score: t.int(),
});

const TrainingEnrollmentCreateInput = builder.inputType('TrainingEnrollmentCreateInput', {
  description: 'A new training enrollment.',
  fields: (t) => ({
    id: clientId(t),
    courseId: t.id({ required: true }),
    employeeId: t.id({ required: true }),
    ...details(t),
  }),
});

const TrainingEnrollmentUpdateInput = builder.inputType('TrainingEnrollmentUpdateInput', {
  description: 'Changes to a training enrollment. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), courseId: t.id(), employeeId: t.id(), ...details(t) }),
});

lifecycle('TrainingEnrollment', {
  write: 'people:write',
  destroy: 'people:destroy',
  create: TrainingEnrollmentCreateInput,
  update: TrainingEnrollmentUpdateInput,
});
