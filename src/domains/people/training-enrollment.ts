import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, updateRow, type Written } from '../../graphql/rows.ts';
import { rowIn } from '../../graphql/status.ts';
import { today } from '../../graphql/today.ts';
import { type Concern, concern, employeeOf, requireManager } from './standing.ts';

const TrainingEnrollmentStatus = enumOf('TrainingEnrollmentStatus', 'How far an employee is with a course.', {
  assigned: 'Has not begun.',
  in_progress: 'Has begun.',
  completed: 'Has finished it.',
  expired: 'Did not finish it in time.',
});

/** The states in which there is something left to do. */
export const unfinished = ['assigned', 'in_progress'] as const;

/** Days are those of the UTC calendar. */
const isOverdue: DerivedFilter = {
  description: 'Whether it is not finished, and was due before today.',
  filter: () => ({ status: { in: [...unfinished] }, dueOn: { isNull: false, lt: today() } }),
};

const isOverdueSql: DerivedJson = (column) =>
  `to_json(${column('status')} in ('assigned', 'in_progress') and coalesce(${column('dueOn')} < (now() at time zone 'UTC')::date, false))`;

readable('TrainingEnrollment', {
  permission: 'people:read',
  filter: {
    columns: ['courseId', 'employeeId', 'dueOn', 'completedAt', 'score'],
    enums: { status: TrainingEnrollmentStatus },
    relations: ['course', 'employee'],
    derived: { isOverdue },
  },
  orderBy: { columns: ['status', 'dueOn', 'completedAt', 'score'], relations: ['course', 'employee'] },
});

builder.prismaObject('TrainingEnrollment', {
  description: 'A course that an employee takes. Seen by the employee, the managers above, and admins.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    status: t.expose('status', { type: TrainingEnrollmentStatus }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    isOverdue: t.boolean({
      description: 'Whether it is not finished, and was due before today, in UTC.',
      select: { status: true, dueOn: true },
      extensions: { derived: isOverdueSql },
      resolve: ({ status, dueOn }) => unfinished.some((state) => state === status) && dueOn !== null && dueOn < today(),
    }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    score: t.exposeInt('score', { nullable: true }),
    course: t.relation('course'),
    employee: t.relation('employee'),
  }),
});

builder.queryFields((t) => ({
  trainingEnrollment: byId(t, 'TrainingEnrollment', 'One enrollment in a course, if the caller may see it.'),
  trainingEnrollments: list(
    t,
    'TrainingEnrollment',
    'The courses that the caller takes, and everybody below the caller.',
  ),
}));

const TrainingEnrollmentCreateInput = builder.inputType('TrainingEnrollmentCreateInput', {
  description: 'Who takes which course, and by when.',
  fields: (t) => ({
    id: clientId(t),
    courseId: t.id({ required: true }),
    employeeId: t.id({ required: true }),
    dueOn: t.field({ type: 'Date' }),
  }),
});

const TrainingEnrollmentUpdateInput = builder.inputType('TrainingEnrollmentUpdateInput', {
  description: 'Another day by which an unfinished course has to be completed; null for none.',
  fields: (t) => ({ ...target(t), dueOn: t.field({ type: 'Date' }) }),
});

async function enroll(context: Context, input: Input): Promise<Written> {
  await employeeOf(context, input);
  return createRow(context, 'TrainingEnrollment', input);
}

async function postpone(context: Context, input: Input): Promise<Written> {
  const step = { from: unfinished, done: 'changed' };
  const row = await rowIn<Concern>(context, 'TrainingEnrollment', input, step, concern);
  requireManager(context, row);
  return updateRow(context, 'TrainingEnrollment', { ...input, expectedVersion: row.version });
}

async function requireLeading(input: Input, context: Context): Promise<void> {
  const row = await liveRow(context, 'TrainingEnrollment', input, concern);
  requireManager(context, row as unknown as Concern);
}

mutation({
  name: 'trainingEnrollmentCreate',
  description: 'Enrolls an employee in a course: by the managers above and admins.',
  permission: 'people:write',
  input: TrainingEnrollmentCreateInput,
  returns: 'TrainingEnrollment',
  run: (input, context) => enroll(context, input),
});

mutation({
  name: 'trainingEnrollmentUpdate',
  description: 'Moves the day by which a course has to be completed: by the managers above and admins.',
  permission: 'people:write',
  input: TrainingEnrollmentUpdateInput,
  returns: 'TrainingEnrollment',
  run: (input, context) => postpone(context, input),
});

lifecycle('TrainingEnrollment', { write: 'people:write', destroy: 'people:destroy', before: requireLeading });
