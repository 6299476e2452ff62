import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

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
    trainingEnrollments: relatedList(t, 'trainingEnrollments', 'The training enrollments.'),
  }),
});

builder.queryFields((t) => ({
  trainingCourse: byId(t, 'TrainingCourse', 'One training course.'),
  trainingCourses: list(t, 'TrainingCourse', 'The training courses of the organization.'),
}));

const details = (t: InputFields) => ({
  provider: t.string(),
  url: t.field({ type: 'URL' }),
  isMandatory: t.boolean(),
});

const TrainingCourseCreateInput = builder.inputType('TrainingCourseCreateInput', {
  description: 'A new training course.',
  fields: (t) => ({ id: clientId(t), title: t.string({ required: true }), ...details(t) }),
});

const TrainingCourseUpdateInput = builder.inputType('TrainingCourseUpdateInput', {
  description: 'Changes to a training course. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

lifecycle('TrainingCourse', {
  write: 'people:write',
  destroy: 'people:destroy',
  create: TrainingCourseCreateInput,
  update: TrainingCourseUpdateInput,
});
