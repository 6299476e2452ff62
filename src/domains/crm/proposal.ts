import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, updateRow, type Written } from '../../graphql/rows.ts';
import { addLines, ProposalLineItemInput } from './proposal-line-item.ts';

const ProposalStatus = enumOf('ProposalStatus', 'Where a proposal stands.', {
  draft: 'Being written; its lines can change.',
  sent: 'With the customer.',
  accepted: 'The customer said yes.',
  rejected: 'The customer said no.',
  expired: 'The customer said nothing in time.',
});

const ProposalBrainStatus = enumOf('ProposalBrainStatus', 'How far the drafting pipeline is with a proposal.', {
  idle: 'Not at work.',
  queued: 'Waiting for its turn.',
  drafting: 'Writing.',
  review: 'Waiting for somebody to read the draft.',
  ready: 'Done.',
  failed: 'Gave up.',
});

const ProposalDealOutcome = enumOf('ProposalDealOutcome', 'What a decision on a proposal meant for the deal.', {
  won: 'The deal was won.',
  lost: 'The deal was lost.',
});

readable('Proposal', {
  permission: 'crm:read',
  filter: {
    columns: [
      'accountId',
      'dealId',
      'templateId',
      'proposalNumber',
      'title',
      'content',
      'currency',
      'subtotalCents',
      'taxCents',
      'totalCents',
      'validUntilOn',
      'sentAt',
      'decidedAt',
    ],
    enums: { status: ProposalStatus, brainStatus: ProposalBrainStatus, dealOutcome: ProposalDealOutcome },
    relations: ['account', 'deal', 'template', 'lineItems', 'contracts', 'agentRuns'],
  },
  orderBy: {
    columns: [
      'proposalNumber',
      'title',
      'status',
      'brainStatus',
      'currency',
      'subtotalCents',
      'totalCents',
      'validUntilOn',
      'sentAt',
      'decidedAt',
    ],
    relations: ['account', 'deal', 'template'],
  },
});

builder.prismaObject('Proposal', {
  description: 'An offer to a customer. Its totals follow its lines.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    proposalNumber: t.exposeString('proposalNumber'),
    title: t.exposeString('title'),
    status: t.expose('status', { type: ProposalStatus }),
    brainStatus: t.expose('brainStatus', { type: ProposalBrainStatus }),
    dealOutcome: t.expose('dealOutcome', { type: ProposalDealOutcome, nullable: true }),
    content: t.expose('content', { type: 'JSON' }),
    subtotal: money(t, 'The sum of the lines.', 'subtotalCents'),
    tax: money(t, 'The tax.', 'taxCents'),
    total: money(t, 'The sum of the lines and the tax.', 'totalCents'),
    validUntilOn: t.expose('validUntilOn', { type: 'Date', nullable: true }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    account: t.relation('account', { nullable: true }),
    deal: t.relation('deal', { nullable: true }),
    template: t.relation('template', { nullable: true }),
    lineItems: relatedList(t, 'lineItems', 'The lines, by position.'),
    contracts: relatedList(t, 'contracts', 'The contracts made from it.'),
    agentRuns: relatedList(t, 'agentRuns', 'The runs of agents that draft it.'),
  }),
});

builder.queryFields((t) => ({
  proposal: byId(t, 'Proposal', 'One proposal.'),
  proposals: list(t, 'Proposal', 'The proposals of the organization.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  dealId: t.id(),
  templateId: t.id(),
  brainStatus: t.field({ type: ProposalBrainStatus }),
  content: t.field({ type: 'JSON' }),
  currency: t.string(),
  taxCents: t.field({ type: 'BigInt' }),
  validUntilOn: t.field({ type: 'Date' }),
});

const ProposalCreateInput = builder.inputType('ProposalCreateInput', {
  description: 'A new proposal, a draft. Its totals are those of its lines.',
  fields: (t) => ({
    id: clientId(t),
    proposalNumber: t.string({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
    lineItems: t.field({ type: [ProposalLineItemInput], description: 'Its lines, in order.' }),
  }),
});

const ProposalUpdateInput = builder.inputType('ProposalUpdateInput', {
  description:
    'Changes to a proposal. Fields left out stay; null clears. Once it is decided, only title, template and drafting state change.',
  fields: (t) => ({ ...target(t), proposalNumber: t.string(), title: t.string(), ...details(t) }),
});

async function createProposal(
  context: Context,
  { lineItems, ...input }: typeof ProposalCreateInput.$inferInput,
): Promise<Written> {
  const proposal = await createRow(context, 'Proposal', input);
  if (lineItems && lineItems.length > 0) await addLines(context, proposal.id, lineItems);
  return proposal;
}

/** What was agreed on, or turned down, stays on record as it was. */
const commercial = [
  'accountId',
  'dealId',
  'proposalNumber',
  'content',
  'currency',
  'taxCents',
  'validUntilOn',
] as const;

async function updateProposal(context: Context, input: Input): Promise<Written> {
  const field = commercial.find((name) => input[name] !== undefined);
  if (!field) return updateRow(context, 'Proposal', input);
  const { status, version } = await liveRow(context, 'Proposal', input, { status: true });
  if (status !== 'draft' && status !== 'sent') {
    throw new UserError('CONFLICT', `This proposal is ${status}, so its ${field} cannot change.`, [field], version);
  }
  return updateRow(context, 'Proposal', { ...input, expectedVersion: version });
}

mutation({
  name: 'proposalCreate',
  description: 'Makes a proposal with its lines. Numbers are unique among live proposals.',
  permission: 'crm:write',
  input: ProposalCreateInput,
  returns: 'Proposal',
  run: (input, context) => createProposal(context, input),
});

mutation({
  name: 'proposalUpdate',
  description: 'Changes a proposal.',
  permission: 'crm:write',
  input: ProposalUpdateInput,
  returns: 'Proposal',
  run: (input, context) => updateProposal(context, input),
});

lifecycle('Proposal', { write: 'crm:write', destroy: 'crm:destroy' });
