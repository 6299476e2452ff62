import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const PerformanceReviewStatus = enumOf('PerformanceReviewStatus', 'Where a performance review stands.', [
  'draft',
  'submitted',
  'acknowledged',
]);

readable('PerformanceReview', {
  permission: 'people:read',
  filter: {
    columns: ['employeeId', 'reviewerId', 'period', 'rating', 'strengths', 'improvements', 'submittedAt'],
    enums: { status: PerformanceReviewStatus },
    relations: ['employee', 'reviewer'],
  },
  orderBy: { columns: ['period', 'rating', 'status', 'submittedAt'], relations: ['employee', 'reviewer'] },
});

builder.prismaObject('PerformanceReview', {
  description: 'What a reviewer says about the work of an employee.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    period: t.exposeString('period', { nullable: true }),
    rating: t.exposeInt('rating', { nullable: true }),
    strengths: t.exposeString('strengths', { nullable: true }),
    improvements: t.exposeString('improvements', { nullable: true }),
    status: t.expose('status', { type: PerformanceReviewStatus }),
    submittedAt: t.expose('submittedAt', { type: 'DateTime', nullable: true }),
    employee: t.relation('employee'),
    reviewer: t.relation('reviewer'),
  }),
});

builder.queryFields((t) => ({
  performanceReview: byId(t, 'PerformanceReview', 'One performance review.'),
  performanceReviews: list(t, 'PerformanceReview', 'The performance reviews of the organization.'),
}));

const details = (t: InputFields) => ({
  period: t.string(),
  rating: t.int(),
  strengths: t.string(),
  improvements: t.string(),
});

const PerformanceReviewCreateInput = builder.inputType('PerformanceReviewCreateInput', {
  description: 'A new performance review.',
  fields: (t) => ({
    id: clientId(t),
    employeeId: t.id({ required: true }),
    reviewerId: t.id({ required: true }),
    ...details(t),
  }),
});

const PerformanceReviewUpdateInput = builder.inputType('PerformanceReviewUpdateInput', {
  description: 'Changes to a performance review. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), employeeId: t.id(), reviewerId: t.id(), ...details(t) }),
});

lifecycle('PerformanceReview', {
  write: 'people:write',
  destroy: 'people:destroy',
  create: PerformanceReviewCreateInput,
  update: PerformanceReviewUpdateInput,
});
