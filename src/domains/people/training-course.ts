import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, type Outcome, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { liveRow } from '../../graphql/rows.ts';

readable('TrainingCourse', {
  permission: 'people:read',
  filter: { columns: ['title', 'provider', 'url', 'isMandatory'], relations: ['trainingEnrollments'] },
  orderBy: { columns: ['title', 'provider', 'url', 'isMandatory'] },
});

builder.prismaObject('TrainingCourse', {
  description: 'A course that employees take.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    provider: t.exposeString('provider', { nullable: true }),
    url: t.expose('url', { type: 'URL', nullable: true }),
    isMandatory: t.exposeBoolean('isMandatory'),
    trainingEnrollments: relatedList(
      t,
      'trainingEnrollments',
      'Who takes it or took it: of the caller, and of everybody below the caller.',
    ),
  }),
});

builder.queryFields((t) => ({
  trainingCourse: byId(t, 'TrainingCourse', 'One course.'),
  trainingCourses: list(t, 'TrainingCourse', 'The courses that employees can be enrolled in.'),
}));

const details = (t: InputFields) => ({
  provider: t.string(),
  url: t.field({ type: 'URL' }),
  isMandatory: t.boolean(),
});

const TrainingCourseCreateInput = builder.inputType('TrainingCourseCreateInput', {
  description: 'A new course. Nobody is enrolled in it yet, not even if it is mandatory.',
  fields: (t) => ({ id: clientId(t), title: t.string({ required: true }), ...details(t) }),
});

const TrainingCourseUpdateInput = builder.inputType('TrainingCourseUpdateInput', {
  description: 'Changes to a course. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

const TrainingCourseAssignAllInput = builder.inputType('TrainingCourseAssignAllInput', {
  description: 'Which course everybody takes, and by when.',
  fields: (t) => ({
    ...target(t),
    dueOn: t.field({ type: 'Date', description: 'The day by which it has to be completed; none unless given.' }),
  }),
});

async function assignAll(context: Context, input: typeof TrainingCourseAssignAllInput.$inferInput): Promise<Outcome> {
  const course = await liveRow(context, 'TrainingCourse', input, { id: true });
  const id = String(course.id);
  const trainingEnrollmentCount = await context.db.$executeRaw`
    insert into training_enrollments (course_id, employee_id, due_on)
      select ${id}::uuid, id, ${input.dueOn ?? null}::date from employees where status = 'active' and deleted_at is null
      on conflict do nothing`;
  return { id, extra: { trainingEnrollmentCount } };
}

lifecycle('TrainingCourse', {
  write: 'people:write',
  destroy: 'people:destroy',
  create: TrainingCourseCreateInput,
  update: TrainingCourseUpdateInput,
});

mutation({
  name: 'trainingCourseAssignAll',
  description: 'Enrolls all active employees in a course. Who is enrolled already, in whatever state, stays so.',
  permission: 'people:destroy',
  input: TrainingCourseAssignAllInput,
  returns: 'TrainingCourse',
  payload: (t) => ({
    trainingEnrollmentCount: t.int({
      description: 'How many employees were enrolled.',
      resolve: ({ extra }) => Number(extra.trainingEnrollmentCount ?? 0),
    }),
  }),
  run: (input, context) => assignAll(context, input),
});
