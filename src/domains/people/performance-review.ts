import { isCaller } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowData, updateRow, type Written } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn, type Standing, type StatusMove } from '../../graphql/status.ts';
import { employeeOf, isAdmin } from './standing.ts';

const PerformanceReviewStatus = enumOf('PerformanceReviewStatus', 'Where a performance review stands.', {
  draft: 'Being written; the employee does not see it.',
  submitted: 'The employee sees it; it stays as it is.',
  acknowledged: 'The employee has read it.',
});

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
  description:
    'What a reviewer says about the work of an employee. Seen by the reviewer, the managers above the employee, admins, and the employee once it is submitted.',
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
  performanceReview: byId(t, 'PerformanceReview', 'One performance review, if the caller may see it.'),
  performanceReviews: list(
    t,
    'PerformanceReview',
    'The reviews by and of the caller, and of everybody below the caller.',
  ),
}));

const details = (t: InputFields) => ({
  period: t.string(),
  rating: t.int(),
  strengths: t.string(),
  improvements: t.string(),
});

const PerformanceReviewCreateInput = builder.inputType('PerformanceReviewCreateInput', {
  description: 'A new review, a draft.',
  fields: (t) => ({
    id: clientId(t),
    employeeId: t.id({ required: true }),
    reviewerId: t.id({ description: 'Who reviews: the caller unless given. Only admins name somebody else.' }),
    ...details(t),
  }),
});

const PerformanceReviewUpdateInput = builder.inputType('PerformanceReviewUpdateInput', {
  description: 'Changes to a review that is a draft. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

function reviewerOf(context: Context, input: Input): string {
  const { reviewerId } = rowData<{ reviewerId?: string }>('PerformanceReview', {
    reviewerId: input.reviewerId ?? context.scope.userId ?? undefined,
  });
  if (!reviewerId) throw new UserError('BAD_USER_INPUT', 'Name a reviewer.', ['reviewerId']);
  if (!isCaller(context.scope, reviewerId) && !isAdmin(context))
    throw new UserError('FORBIDDEN', 'Only admins name another reviewer.', ['reviewerId']);
  return reviewerId;
}

async function create(context: Context, input: Input): Promise<Written> {
  const employee = await employeeOf(context, input);
  const reviewerId = reviewerOf(context, input);
  if (employee.userId === reviewerId)
    throw new UserError('BAD_USER_INPUT', 'Nobody reviews themselves.', ['employeeId']);
  return createRow(context, 'PerformanceReview', input, { reviewerId });
}

/** A draft is in the hands of its reviewer and of admins; managers read along. */
async function ownDraft(context: Context, input: Input, done: string): Promise<Standing> {
  const step = { from: ['draft'], done };
  const row = await rowIn<{ reviewerId: string }>(context, 'PerformanceReview', input, step, { reviewerId: true });
  if (isCaller(context.scope, row.reviewerId) || isAdmin(context)) return row;
  throw new UserError('FORBIDDEN', 'Only the reviewer and admins do this.', ['id'], row.version);
}

async function update(context: Context, input: Input): Promise<Written> {
  const { version } = await ownDraft(context, input, 'changed');
  return updateRow(context, 'PerformanceReview', { ...input, expectedVersion: version });
}

async function submit(context: Context, input: Input): Promise<Written> {
  const row = await ownDraft(context, input, 'submitted');
  return moveRow(context, 'PerformanceReview', row, { status: 'submitted', submittedAt: new Date() });
}

const acknowledgement: StatusMove = { from: ['submitted'], to: 'acknowledged', done: 'acknowledged' };

async function requireOwnDraft(input: Input, context: Context): Promise<void> {
  await ownDraft(context, input, 'removed');
}

const common = { permission: 'people:write', returns: 'PerformanceReview' } as const;

mutation({
  ...common,
  name: 'performanceReviewCreate',
  description: 'Makes a draft of a review: by the managers above the employee and admins.',
  input: PerformanceReviewCreateInput,
  run: (input, context) => create(context, input),
});

mutation({
  ...common,
  name: 'performanceReviewUpdate',
  description: 'Changes a draft: by the reviewer and admins.',
  input: PerformanceReviewUpdateInput,
  run: (input, context) => update(context, input),
});

mutation({
  ...common,
  name: 'performanceReviewSubmit',
  description:
    'Shows a draft with a rating to the employee: by the reviewer and admins. It stays as it is from here on.',
  input: TargetInput,
  run: (input, context) => submit(context, input),
});

mutation({
  ...common,
  name: 'performanceReviewAcknowledge',
  description: 'Says that the employee has read a submitted review: by the employee alone, if they can sign in.',
  input: TargetInput,
  run: (input, context) => moveStatus(context, 'PerformanceReview', input, acknowledgement),
});

lifecycle('PerformanceReview', { write: 'people:write', destroy: 'people:destroy', before: requireOwnDraft });
