/**
 * Asking for a decision, and deciding. Who may decide, and that it happens once, the database watches over (the trigger
 * `guard` of approvals); it also tells the people who should know.
 */
import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { findEntity } from '../../graphql/entity.ts';
import { clientId, mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { createRow, type Input, rowData, type Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow } from '../../graphql/status.ts';

const ApprovalRequestInput = builder.inputType('ApprovalRequestInput', {
  description: 'What shall be decided on, and by whom.',
  fields: (t) => ({
    id: clientId(t),
    entityId: t.id({ required: true, description: 'The global id of the record; it may be of any type.' }),
    approverId: t.id({
      description:
        'The member who shall decide: no viewer. Any admin unless given; needed for records that admins do not see, such as private conversations.',
    }),
    reason: t.string({ description: 'Why it is asked for.' }),
    payload: t.field({ type: 'JSON', description: 'What is asked for in particular: a JSON object.' }),
  }),
});

const ApprovalDecideInput = builder.inputType('ApprovalDecideInput', {
  description: 'Which approval is decided, and why so.',
  fields: (t) => ({
    ...target(t),
    reason: t.string({ description: 'Why it is decided so; the member who asked reads it.' }),
  }),
});

/** An approver has to be able to decide: somebody else, still here, and no viewer. */
async function checkApprover({ db }: Context, approverId: string | null | undefined, me: string): Promise<void> {
  if (!approverId) return;
  const refuse = (message: string) => new UserError('BAD_USER_INPUT', message, ['approverId']);
  if (approverId === me) throw refuse('Ask somebody else: nobody is asked to approve a request of their own.');
  const approver = await db.member.findFirst({
    where: { userId: approverId, status: 'active' },
    select: { role: true },
  });
  if (!approver) throw new UserError('NOT_FOUND', 'There is no such member.', ['approverId']);
  if (approver.role === 'viewer') throw refuse('A viewer cannot decide: ask somebody with another role.');
}

async function request(input: typeof ApprovalRequestInput.$inferInput, context: Context): Promise<Written> {
  const requestedById = demandPerson(context.scope);
  const { approverId } = rowData<{ approverId?: string | null }>('Approval', { approverId: input.approverId });
  await checkApprover(context, approverId, requestedById);
  const entity = await findEntity(context, input.entityId);
  return createRow(context, 'Approval', input, { ...entity, requestedById });
}

/** Of two who decide at once, the second is told what the first decided. */
const decide =
  (status: 'approved' | 'rejected' | 'canceled') =>
  async (input: Input, context: Context): Promise<Written> => {
    demandPerson(context.scope);
    const approval = await lockedRowIn(context, 'Approval', input, { from: ['pending'], done: status });
    const { reason: decisionReason } = rowData<Input>('Approval', { reason: input.reason });
    return moveRow(context, 'Approval', approval, { status, decisionReason });
  };

const common = { permission: 'platform:write', returns: 'Approval' } as const;
const whoDecides =
  'The approver decides, or an admin; who asked does not, unless that is an owner. API keys cannot. The member who asked is notified.';

mutation({
  ...common,
  name: 'approvalRequest',
  description:
    'Asks for a decision on a record, of which one may be pending at a time. The approver is notified, or all admins. API keys cannot.',
  input: ApprovalRequestInput,
  run: request,
});

mutation({
  ...common,
  name: 'approvalApprove',
  description: `Agrees to what was asked for. ${whoDecides}`,
  input: ApprovalDecideInput,
  run: decide('approved'),
});

mutation({
  ...common,
  name: 'approvalReject',
  description: `Declines what was asked for. ${whoDecides}`,
  input: ApprovalDecideInput,
  run: decide('rejected'),
});

mutation({
  ...common,
  name: 'approvalCancel',
  description: 'Calls a pending request off: the member who asked does, or an admin.',
  input: TargetInput,
  run: decide('canceled'),
});
