import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { nextPlace } from '../../graphql/place.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, rowData, updateRow, uuidAt, type Written } from '../../graphql/rows.ts';

readable('ProposalLineItem', {
  permission: 'crm:read',
  filter: {
    columns: ['proposalId', 'serviceId', 'position', 'description', 'quantity', 'unitPriceCents', 'totalCents'],
    relations: ['proposal', 'service'],
  },
  orderBy: {
    columns: ['position', 'description', 'quantity', 'unitPriceCents', 'totalCents'],
    relations: ['proposal', 'service'],
  },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('ProposalLineItem', {
  description: 'One line of a proposal.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    position: t.exposeInt('position'),
    description: t.exposeString('description'),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    unitPrice: money(t, 'The price of one unit, in the currency of the proposal.', 'unitPriceCents', [
      'proposal',
      'currency',
    ]),
    total: money(t, 'Quantity times price, in the currency of the proposal, rounded to minor units.', 'totalCents', [
      'proposal',
      'currency',
    ]),
    proposal: t.relation('proposal'),
    service: t.relation('service', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  proposalLineItem: byId(t, 'ProposalLineItem', 'One line of a proposal.'),
  proposalLineItems: list(t, 'ProposalLineItem', 'The lines of all proposals, by position.'),
}));

export const ProposalLineItemInput = builder.inputType('ProposalLineItemInput', {
  description: 'A line of a new proposal. Its position is its place in the list.',
  fields: (t) => ({
    serviceId: t.id({ description: 'The service that it offers.' }),
    description: t.string({ required: true, description: 'What is offered.' }),
    quantity: t.field({ type: 'Decimal', description: 'How many units, with up to three decimals; 1 unless given.' }),
    unitPriceCents: t.field({ type: 'BigInt', description: 'The price of one unit in minor units; 0 unless given.' }),
  }),
});

type LineInput = typeof ProposalLineItemInput.$inferInput;

/** The database would not say which of the lines is at fault. */
function checkLine({ description, quantity }: LineInput, index: number): void {
  const at = (field: string) => ['lineItems', String(index), field];
  if (description === '' || description.includes('\0'))
    throw new UserError('BAD_USER_INPUT', 'A line needs a description.', at('description'));
  const number = Number(quantity ?? 1);
  if (number < 0.001 || number >= 1e9)
    throw new UserError('BAD_USER_INPUT', 'A quantity is 0.001 to 999999999.999.', at('quantity'));
}

/** The services that lines name, each looked for, in one statement. */
async function servicesOf(context: Context, lines: readonly LineInput[]): Promise<(string | null)[]> {
  const at = (index: number) => ['lineItems', String(index), 'serviceId'];
  const wanted = lines.map(({ serviceId }, index) => (serviceId ? uuidAt('Service', serviceId, at(index)) : null));
  const ids = wanted.filter((id) => id !== null);
  const found =
    ids.length > 0 ? await context.db.service.findMany({ where: { id: { in: ids } }, select: { id: true } }) : [];
  const missing = wanted.findIndex((id) => id !== null && !found.some((service) => service.id === id));
  if (missing >= 0) throw new UserError('NOT_FOUND', 'There is no such service.', at(missing));
  return wanted;
}

/** Adds lines to a proposal that was just made, in their order. */
export async function addLines(context: Context, proposalId: string, lines: readonly LineInput[]): Promise<void> {
  lines.forEach(checkLine);
  const services = await servicesOf(context, lines);
  const data = lines.map(({ description, quantity, unitPriceCents }, index) => ({
    proposalId,
    serviceId: services[index],
    position: index + 1,
    description,
    quantity: quantity ?? undefined,
    unitPriceCents: unitPriceCents ?? undefined,
  }));
  await context.db.proposalLineItem.createMany({ data });
}

const details = (t: InputFields) => ({
  serviceId: t.id(),
  quantity: t.field({ type: 'Decimal' }),
  unitPriceCents: t.field({ type: 'BigInt' }),
});

const ProposalLineItemCreateInput = builder.inputType('ProposalLineItemCreateInput', {
  description: 'A new line of a proposal that is a draft.',
  fields: (t) => ({
    id: clientId(t),
    proposalId: t.id({ required: true }),
    description: t.string({ required: true }),
    position: t.int({ description: 'The place in the order, lowest first; the last place unless given.' }),
    ...details(t),
  }),
});

const ProposalLineItemUpdateInput = builder.inputType('ProposalLineItemUpdateInput', {
  description: 'Changes to a line of a proposal that is a draft. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), description: t.string(), position: t.int(), ...details(t) }),
});

/** Locks a proposal, so that what is true of it and its lines stays true until the end of the transaction. */
export async function lockProposal(context: Context, id: string): Promise<string | undefined> {
  const [row] = await context.db.$queryRaw<{ status: string }[]>`
    select case when deleted_at is null then status else 'deleted' end as status from proposals where id = ${id}::uuid for update`;
  return row?.status;
}

const fixed = (status: string) => `This proposal is ${status}; lines change only while it is a draft.`;

async function createLine(context: Context, input: Input): Promise<Written> {
  const { proposalId } = rowData<{ proposalId: string }>('ProposalLineItem', input);
  const status = await lockProposal(context, proposalId);
  if (!status) throw new UserError('NOT_FOUND', 'There is no such proposal.', ['proposalId']);
  if (status !== 'draft') throw new UserError('CONFLICT', fixed(status), ['proposalId']);
  return createRow(context, 'ProposalLineItem', {
    ...input,
    position: input.position ?? (await nextPlace(context, 'ProposalLineItem', { proposalId })),
  });
}

async function demandDraft(input: Input, context: Context): Promise<void> {
  const { proposalId, version } = await liveRow(context, 'ProposalLineItem', input, { proposalId: true });
  const status = await lockProposal(context, String(proposalId));
  if (status && status !== 'draft') throw new UserError('CONFLICT', fixed(status), ['id'], version);
}

mutation({
  name: 'proposalLineItemCreate',
  description: 'Adds a line to a proposal that is a draft. The totals of the proposal follow.',
  permission: 'crm:write',
  input: ProposalLineItemCreateInput,
  returns: 'ProposalLineItem',
  run: (input, context) => createLine(context, input),
});

mutation({
  name: 'proposalLineItemUpdate',
  description: 'Changes a line of a proposal that is a draft. The totals of the proposal follow.',
  permission: 'crm:write',
  input: ProposalLineItemUpdateInput,
  returns: 'ProposalLineItem',
  run: async (input, context) => {
    await demandDraft(input, context);
    return updateRow(context, 'ProposalLineItem', input);
  },
});

lifecycle('ProposalLineItem', { write: 'crm:write', destroy: 'crm:destroy', before: demandDraft });
