import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow } from '../../graphql/status.ts';
import { closeDeal } from './deal-stage.ts';

interface Proposal {
  readonly deal: { readonly id: string; readonly status: string; readonly deletedAt: Date | null } | null;
  readonly _count: { readonly lineItems: number };
}

const columns = {
  deal: { select: { id: true, status: true, deletedAt: true } },
  _count: { select: { lineItems: true } },
};

/** The lock keeps its lines as they are while it is decided on. */
const proposalIn = (context: Context, input: Input, from: 'draft' | 'sent', done: string) =>
  lockedRowIn<Proposal>(context, 'Proposal', input, { from: [from], done }, columns);

async function send(input: Input, context: Context): Promise<Written> {
  const proposal = await proposalIn(context, input, 'draft', 'sent');
  if (proposal._count.lineItems === 0) {
    throw new UserError('CONFLICT', 'This proposal has no lines. Add one first.', ['id'], proposal.version);
  }
  return moveRow(context, 'Proposal', proposal, { status: 'sent', sentAt: new Date() });
}

async function accept(input: Input, context: Context): Promise<Written> {
  const proposal = await proposalIn(context, input, 'sent', 'accepted');
  const { deal } = proposal;
  const written = await moveRow(context, 'Proposal', proposal, {
    status: 'accepted',
    decidedAt: new Date(),
    dealOutcome: 'won',
  });
  if (deal?.status === 'open' && !deal.deletedAt) await closeDeal(context, { id: deal.id }, 'won');
  return written;
}

async function reject(input: Input, context: Context): Promise<Written> {
  const proposal = await proposalIn(context, input, 'sent', 'rejected');
  return moveRow(context, 'Proposal', proposal, { status: 'rejected', decidedAt: new Date(), dealOutcome: 'lost' });
}

const common = { permission: 'crm:write', input: TargetInput, returns: 'Proposal' } as const;

mutation({
  ...common,
  name: 'proposalSend',
  description: 'Marks a draft with at least one line as sent. Its lines stay as they are from here on.',
  run: send,
});

mutation({
  ...common,
  name: 'proposalAccept',
  description: 'Marks a sent proposal as accepted. Its deal, if it is open, moves to the won stage of its pipeline.',
  run: accept,
});

mutation({
  ...common,
  name: 'proposalReject',
  description: 'Marks a sent proposal as rejected. Its deal stays where it is.',
  run: reject,
});
