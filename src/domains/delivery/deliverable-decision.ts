import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn, type StatusMove } from '../../graphql/status.ts';
import { demandDecider } from './decider.ts';

interface Managed {
  readonly project: { readonly managerId: string | null };
}

const submission: StatusMove = { from: ['draft', 'rejected'], to: 'in_review', done: 'submitted' };
const delivery: StatusMove = { from: ['approved'], to: 'delivered', done: 'delivered' };

/** The database notes the moment. */
async function decide(input: Input, context: Context, status: 'approved' | 'rejected'): Promise<Written> {
  const step = { from: ['in_review'], done: status };
  const columns = { project: { select: { managerId: true } } };
  const deliverable = await rowIn<Managed>(context, 'Deliverable', input, step, columns);
  demandDecider(context, [deliverable.project.managerId]);
  const approvedById = status === 'approved' ? context.scope.userId : null;
  return moveRow(context, 'Deliverable', deliverable, { status, approvedById });
}

const common = { permission: 'delivery:write', input: TargetInput, returns: 'Deliverable' } as const;

mutation({
  ...common,
  name: 'deliverableSubmit',
  description: 'Hands a deliverable in for review: a draft, or one that was rejected.',
  run: (input, context) => moveStatus(context, 'Deliverable', input, submission),
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
  run: (input, context) => moveStatus(context, 'Deliverable', input, delivery),
});
