import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';

const submission: StatusMove = { from: ['draft', 'rejected'], to: 'in_review', done: 'submitted' };
const delivery: StatusMove = { from: ['approved'], to: 'delivered', done: 'delivered' };

/** The database notes who and when, and watches over who decides: nobody on what they handed in, but an owner. */
const decide = (input: Input, context: Context, status: 'approved' | 'rejected'): Promise<Written> =>
  moveStatus(context, 'Deliverable', input, { from: ['in_review'], to: status, done: status });

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
    'Approves a deliverable that is in review. For admins and the manager of the project, and not for whoever handed it in, unless an owner. Its content stays as it is from here on.',
  run: (input, context) => decide(input, context, 'approved'),
});

mutation({
  ...common,
  name: 'deliverableReject',
  description:
    'Rejects a deliverable that is in review. For admins and the manager of the project, and not for whoever handed it in, unless an owner.',
  run: (input, context) => decide(input, context, 'rejected'),
});

mutation({
  ...common,
  name: 'deliverableDeliver',
  description: 'Marks a deliverable that is approved as handed over to the client.',
  run: (input, context) => moveStatus(context, 'Deliverable', input, delivery),
});
