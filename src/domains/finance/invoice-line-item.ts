import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { nextPlace } from '../../graphql/place.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import {
  atField,
  createRow,
  type Input,
  liveRow,
  lockRow,
  rowData,
  updateRow,
  type Written,
} from '../../graphql/rows.ts';

readable('InvoiceLineItem', {
  permission: 'finance:read',
  filter: {
    columns: [
      'invoiceId',
      'position',
      'description',
      'quantity',
      'unitPriceCents',
      'taxRateBps',
      'totalCents',
      'taxCents',
    ],
    relations: ['invoice', 'invoiceTimeEntries'],
  },
  orderBy: {
    columns: ['position', 'description', 'quantity', 'unitPriceCents', 'taxRateBps', 'totalCents', 'taxCents'],
    relations: ['invoice'],
  },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

const inInvoiceCurrency = ['invoice', 'currency'];

builder.prismaObject('InvoiceLineItem', {
  description: 'One line of an invoice. It changes only while its invoice is a draft.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    position: t.exposeInt('position'),
    description: t.exposeString('description'),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    unitPrice: money(
      t,
      'The price of one unit, in the currency of the invoice; less than 0 for a discount.',
      'unitPriceCents',
      inInvoiceCurrency,
    ),
    taxRateBps: t.exposeInt('taxRateBps'),
    total: money(t, 'Quantity times price, without tax, rounded to minor units.', 'totalCents', inInvoiceCurrency),
    tax: money(t, 'The tax on it, rounded to minor units.', 'taxCents', inInvoiceCurrency),
    invoice: t.relation('invoice'),
    invoiceTimeEntries: relatedList(t, 'invoiceTimeEntries', 'The time that it bills.'),
  }),
});

builder.queryFields((t) => ({
  invoiceLineItem: byId(t, 'InvoiceLineItem', 'One line of an invoice.'),
  invoiceLineItems: list(t, 'InvoiceLineItem', 'The lines of all invoices, by position.'),
}));

export const InvoiceLineItemInput = builder.inputType('InvoiceLineItemInput', {
  description: 'A line of a new invoice. Its position is its place in the list.',
  fields: (t) => ({
    description: t.string({ required: true, description: 'What is billed, as the client reads it.' }),
    quantity: t.field({ type: 'Decimal', description: 'How many units, with up to three decimals; 1 unless given.' }),
    unitPriceCents: t.field({
      type: 'BigInt',
      description: 'The price of one unit in minor units, less than 0 for a discount; 0 unless given.',
    }),
    taxRateBps: t.int({ description: 'The tax rate in hundredths of a percent: 1900 is 19 %. 0 unless given.' }),
  }),
});

type LineInput = typeof InvoiceLineItemInput.$inferInput;

/** The database would not say which of the lines is at fault. */
function checkLine({ description, quantity, taxRateBps }: LineInput, index: number): void {
  const refuse = (message: string, field: string): never => {
    throw new UserError('BAD_USER_INPUT', message, ['lineItems', String(index), field]);
  };
  if (description === '' || description.includes('\0')) refuse('A line needs a description.', 'description');
  const number = Number(quantity ?? 1);
  if (number < 0.001 || number >= 1e9) refuse('A quantity is 0.001 to 999999999.999.', 'quantity');
  if ((taxRateBps ?? 0) < 0 || (taxRateBps ?? 0) > 10_000) refuse('A tax rate is 0 to 10000.', 'taxRateBps');
}

/** Adds lines to a draft that was just made, in their order; gives their ids in the same order. */
export async function addLines(context: Context, invoiceId: string, lines: readonly LineInput[]): Promise<string[]> {
  lines.forEach(checkLine);
  const made = await context.db.invoiceLineItem.createManyAndReturn({
    data: lines.map(({ description, quantity, unitPriceCents, taxRateBps }, index) => ({
      invoiceId,
      position: index + 1,
      description,
      quantity: quantity ?? undefined,
      unitPriceCents: unitPriceCents ?? undefined,
      taxRateBps: taxRateBps ?? undefined,
    })),
    select: { id: true, position: true },
  });
  return made.sort((a, b) => a.position - b.position).map(({ id }) => id);
}

const details = (t: InputFields) => ({
  quantity: t.field({ type: 'Decimal' }),
  unitPriceCents: t.field({ type: 'BigInt' }),
  taxRateBps: t.int(),
});

const InvoiceLineItemCreateInput = builder.inputType('InvoiceLineItemCreateInput', {
  description: 'A new line of an invoice that is a draft.',
  fields: (t) => ({
    id: clientId(t),
    invoiceId: t.id({ required: true }),
    description: t.string({ required: true }),
    position: t.int({ description: 'The place in the order, lowest first; the last place unless given.' }),
    ...details(t),
  }),
});

const InvoiceLineItemUpdateInput = builder.inputType('InvoiceLineItemUpdateInput', {
  description: 'Changes to a line of an invoice that is a draft. Fields left out stay.',
  fields: (t) => ({ ...target(t), description: t.string(), position: t.int(), ...details(t) }),
});

/** What a rule must know of an invoice before it changes. */
export interface InvoiceStanding {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly stripeInvoiceId: string | null;
  readonly totalCents: bigint;
  readonly paidCents: bigint;
  readonly balanceCents: bigint;
  readonly _count: { readonly lineItems: number };
  readonly version: number;
}

export const invoiceStanding = {
  id: true,
  status: true,
  currency: true,
  stripeInvoiceId: true,
  totalCents: true,
  paidCents: true,
  balanceCents: true,
  _count: { select: { lineItems: true } },
};

/**
 * Locks an invoice and reads it, so that what is true of it, its lines and its payments stays true until the end of the
 * transaction.
 *
 * @throws UserError NOT_FOUND, or CONFLICT with the current version: as `liveRow` does.
 */
export async function lockedInvoice(context: Context, id: string, input: Input = {}): Promise<InvoiceStanding> {
  await lockRow(context, 'Invoice', { id });
  return (await liveRow(context, 'Invoice', { ...input, id }, invoiceStanding)) as unknown as InvoiceStanding;
}

/** Lines change in drafts that are written here; those that follow Stripe have theirs there. */
function demandOwnDraft({ status, stripeInvoiceId }: InvoiceStanding, path: string, version?: number): void {
  const refuse = (message: string): never => {
    throw new UserError('CONFLICT', message, [path], version);
  };
  if (status !== 'draft') refuse(`This invoice is ${status}; lines change only while it is a draft.`);
  if (stripeInvoiceId) refuse('This invoice follows the one at Stripe; its lines are there.');
}

/** Locks the invoice that an input names by another field than `id`. */
export const namedInvoice = (context: Context, id: string): Promise<InvoiceStanding> =>
  lockedInvoice(context, id).catch(atField('invoiceId'));

async function createLine(context: Context, input: Input): Promise<Written> {
  const { invoiceId } = rowData<{ invoiceId: string }>('InvoiceLineItem', { invoiceId: input.invoiceId });
  demandOwnDraft(await namedInvoice(context, invoiceId), 'invoiceId');
  const position = input.position ?? (await nextPlace(context, 'InvoiceLineItem', { invoiceId }));
  return createRow(context, 'InvoiceLineItem', { ...input, position });
}

async function demandDraft(input: Input, context: Context): Promise<void> {
  const { invoiceId, version } = await liveRow(context, 'InvoiceLineItem', input, { invoiceId: true });
  demandOwnDraft(await lockedInvoice(context, String(invoiceId)), 'id', version);
}

mutation({
  name: 'invoiceLineItemCreate',
  description: 'Adds a line to an invoice that is a draft. The totals of the invoice follow.',
  permission: 'finance:write',
  input: InvoiceLineItemCreateInput,
  returns: 'InvoiceLineItem',
  run: (input, context) => createLine(context, input),
});

mutation({
  name: 'invoiceLineItemUpdate',
  description: 'Changes a line of an invoice that is a draft. The totals of the invoice follow.',
  permission: 'finance:write',
  input: InvoiceLineItemUpdateInput,
  returns: 'InvoiceLineItem',
  run: async (input, context) => {
    await demandDraft(input, context);
    return updateRow(context, 'InvoiceLineItem', input);
  },
});

lifecycle('InvoiceLineItem', { write: 'finance:write', destroy: 'finance:destroy', before: demandDraft });
