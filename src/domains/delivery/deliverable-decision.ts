import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, type Written } from '../../graphql/rows.ts';
import { demandDecider, rowIn, type Step } from './state.ts';

type Deliverable = Awaited<ReturnType<typeof deliverableIn>>;

const deliverableIn = (context: Context, input: Input, step: Step) =>
  rowIn<{ readonly project: { readonly managerId: string | null } }>(context, 'Deliverable', input, step, {
    project: { select: { managerId: true } },
  });

const change = (context: Context, { id, version }: Deliverable, data: Input): Promise<Written> =>
  changeRow(context, 'Deliverable', { id, expectedVersion: version, data });

async function submit(input: Input, context: Context): Promise<Written> {
  const step = { from: ['draft', 'rejected'], done: 'submitted' };
  return change(context, await deliverableIn(context, input, step), { status: 'in_review' });
}

/** The database notes the moment. */
async function decide(input: Input, context: Context, status: 'approved' | 'rejected'): Promise<Written> {
  const deliverable = await deliverableIn(context, input, { from: ['in_review'], done: status });
  demandDecider(context, [deliverable.project.managerId]);
  const approvedById = status === 'approved' ? context.scope.userId : null;
  return change(context, deliverable, { status, approvedById });
}

async function deliver(input: Input, context: Context): Promise<Written> {
  const deliverable = await deliverableIn(context, input, { from: ['approved'], done: 'delivered' });
  return change(context, deliverable, { status: 'delivered' });
}

const common = { permission: 'delivery:write', input: TargetInput, returns: 'Deliverable' } as const;

mutation({
  ...common,
  name: 'deliverableSubmit',
  description: 'Hands a deliverable in for review: a draft, or one that was rejected.',
  run: submit,
});

mutation({
  ...common,
  name: 'deliverableApprove',
  description:
    'Approves a deliverable that is in review. For admins and the manager of the project. Its content stays as it is from here on.',
  run: (input, context) => decide(input, context, 'approved'),
});

mutation({
  ...common,
  name: 'deliverableReject',
  description: 'Rejects a deliverable that is in review. For admins and the manager of the project.',
  run: (input, context) => decide(input, context, 'rejected'),
});

mutation({
  ...common,
  name: 'deliverableDeliver',
  description: 'Marks a deliverable that is approved as handed over to the client.',
  run: deliver,
});
