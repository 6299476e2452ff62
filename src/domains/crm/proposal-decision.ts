import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, rowId, type Written } from '../../graphql/rows.ts';
import { closeDeal } from './deal-stage.ts';
import { lockProposal } from './proposal-line-item.ts';

interface Standing {
  readonly id: string;
  readonly status: string;
  readonly deal: { readonly id: string; readonly status: string; readonly deletedAt: Date | null } | null;
  readonly _count: { readonly lineItems: number };
  readonly version: number;
}

const columns = {
  id: true,
  status: true,
  deal: { select: { id: true, status: true, deletedAt: true } },
  _count: { select: { lineItems: true } },
};

/** Locks a proposal, and refuses it unless it is in the state that the step begins in. */
async function proposalIn(context: Context, input: Input, wanted: 'draft' | 'sent', step: string): Promise<Standing> {
  await lockProposal(context, rowId('Proposal', input));
  const proposal = (await liveRow(context, 'Proposal', input, columns)) as unknown as Standing;
  if (proposal.status === wanted) return proposal;
  throw new UserError(
    'CONFLICT',
    `This proposal is ${proposal.status}; only one that is ${wanted} can be ${step}.`,
    ['id'],
    proposal.version,
  );
}

const change = (context: Context, { id, version }: Standing, data: Input): Promise<Written> =>
  changeRow(context, 'Proposal', { id, expectedVersion: version, data });

async function send(input: Input, context: Context): Promise<Written> {
  const proposal = await proposalIn(context, input, 'draft', 'sent');
  if (proposal._count.lineItems === 0) {
    throw new UserError('CONFLICT', 'This proposal has no lines. Add one first.', ['id'], proposal.version);
  }
  return change(context, proposal, { status: 'sent', sentAt: new Date() });
}

async function accept(input: Input, context: Context): Promise<Written> {
  const proposal = await proposalIn(context, input, 'sent', 'accepted');
  const { deal } = proposal;
  const written = await change(context, proposal, { status: 'accepted', decidedAt: new Date(), dealOutcome: 'won' });
  if (deal?.status === 'open' && !deal.deletedAt) await closeDeal(context, { id: deal.id }, 'won');
  return written;
}

async function reject(input: Input, context: Context): Promise<Written> {
  const proposal = await proposalIn(context, input, 'sent', 'rejected');
  return change(context, proposal, { status: 'rejected', decidedAt: new Date(), dealOutcome: 'lost' });
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
