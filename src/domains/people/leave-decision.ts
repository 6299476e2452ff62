import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn } from '../../graphql/status.ts';
import { type Concern, concern, requirePerson } from './standing.ts';

/** The database refuses decisions on one's own leave, and days that are granted already. */
async function decide(context: Context, input: Input, status: 'approved' | 'rejected'): Promise<Written> {
  const decision = { decidedById: context.scope.userId, decidedAt: new Date() };
  return moveStatus(context, 'LeaveRequest', input, { from: ['pending'], to: status, done: status }, decision);
}

async function cancel(context: Context, input: Input): Promise<Written> {
  const step = { from: ['pending', 'approved'], done: 'canceled' };
  const row = await rowIn<Concern>(context, 'LeaveRequest', input, step, concern);
  requirePerson(context, row);
  return moveRow(context, 'LeaveRequest', row, { status: 'canceled' });
}

const common = { permission: 'people:write', input: TargetInput, returns: 'LeaveRequest' } as const;

mutation({
  ...common,
  name: 'leaveRequestApprove',
  description:
    'Grants a pending leave request: by the managers above and admins, and of their own by nobody but an owner. Granted leave of an employee never overlaps.',
  run: (input, context) => decide(context, input, 'approved'),
});

mutation({
  ...common,
  name: 'leaveRequestReject',
  description:
    'Turns a pending leave request down: by the managers above and admins, and of their own by nobody but an owner.',
  run: (input, context) => decide(context, input, 'rejected'),
});

mutation({
  ...common,
  name: 'leaveRequestCancel',
  description: 'Takes a leave request back, granted or not: by the employee and admins.',
  run: (input, context) => cancel(context, input),
});
