import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowData, rowId, updateRow, type Written } from '../../graphql/rows.ts';
import { today } from '../../graphql/today.ts';
import { addLines, InvoiceLineItemInput, lockedInvoice } from './invoice-line-item.ts';

export const InvoiceStatus = enumOf('InvoiceStatus', 'Where an invoice stands.', {
  draft: 'Being written: it has no number, and its lines can change.',
  open: 'Issued, with something left to pay.',
  paid: 'Paid in full.',
  void: 'Taken back before anything was paid. It keeps its number.',
  uncollectible: 'Given up: nobody expects it to be paid.',
});

/** Days are those of the UTC calendar. */
const overdue: DerivedFilter = {
  description: 'Whether it is open, and was due before today.',
  filter: () => ({ status: { eq: 'open' }, dueOn: { isNull: false, lt: today() } }),
};

const overdueSql: DerivedJson = (column) =>
  `(${column('status')} = 'open' and coalesce(${column('dueOn')} < (now() at time zone 'utc')::date, false))::text`;

readable('Invoice', {
  permission: 'finance:read',
  filter: {
    columns: [
      'accountId',
      'projectId',
      'invoiceNumber',
      'currency',
      'subtotalCents',
      'taxCents',
      'totalCents',
      'paidCents',
      'balanceCents',
      'issuedOn',
      'dueOn',
      'paidAt',
      'stripeInvoiceId',
      'stripeEventAt',
      'notes',
    ],
    enums: { status: InvoiceStatus },
    relations: ['account', 'project', 'lineItems', 'payments'],
    derived: { isOverdue: overdue },
  },
  orderBy: {
    columns: [
      'invoiceNumber',
      'status',
      'currency',
      'subtotalCents',
      'taxCents',
      'totalCents',
      'paidCents',
      'balanceCents',
      'issuedOn',
      'dueOn',
      'paidAt',
    ],
    relations: ['account', 'project'],
  },
});

builder.prismaObject('Invoice', {
  description:
    'What a client is asked to pay. Its totals follow its lines, what is paid follows its payments. Once it is issued, nothing else of it changes but its notes.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    invoiceNumber: t.exposeString('invoiceNumber', { nullable: true }),
    status: t.expose('status', { type: InvoiceStatus }),
    isOverdue: t.field({
      type: 'Boolean',
      description: 'Whether it is open, and was due before today by the UTC calendar.',
      select: { status: true, dueOn: true },
      extensions: { derived: overdueSql },
      resolve: ({ status, dueOn }) => status === 'open' && dueOn !== null && dueOn < today(),
    }),
    subtotal: money(t, 'The sum of the lines, without tax.', 'subtotalCents'),
    tax: money(t, 'The sum of the taxes of the lines, each rounded for itself.', 'taxCents'),
    total: money(t, 'What is to be paid in all.', 'totalCents'),
    paid: money(t, 'What was paid so far.', 'paidCents'),
    balance: money(t, 'What is left to pay.', 'balanceCents'),
    issuedOn: t.expose('issuedOn', { type: 'Date', nullable: true }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true }),
    stripeInvoiceId: t.exposeString('stripeInvoiceId', { nullable: true }),
    stripeEventAt: t.expose('stripeEventAt', { type: 'DateTime', nullable: true }),
    notes: t.exposeString('notes', { nullable: true }),
    account: t.relation('account'),
    project: t.relation('project', { nullable: true }),
    lineItems: relatedList(t, 'lineItems', 'The lines, by position.'),
    payments: relatedList(t, 'payments', 'What was paid on it, the latest first.'),
  }),
});

builder.queryFields((t) => ({
  invoice: byId(t, 'Invoice', 'One invoice.'),
  invoices: list(t, 'Invoice', 'The invoices of the organization, drafts among them.'),
}));

const details = (t: InputFields) => ({
  projectId: t.id(),
  currency: t.string({
    description: "The ISO 4217 currency; that of the project, else the organization's, unless given.",
  }),
  dueOn: t.field({ type: 'Date' }),
  notes: t.string(),
});

const InvoiceCreateInput = builder.inputType('InvoiceCreateInput', {
  description: 'A new invoice, a draft. Its totals are those of its lines.',
  fields: (t) => ({
    id: clientId(t),
    accountId: t.id({ required: true }),
    ...details(t),
    lineItems: t.field({ type: [InvoiceLineItemInput], description: 'Its lines, in order.' }),
  }),
});

const InvoiceUpdateInput = builder.inputType('InvoiceUpdateInput', {
  description: 'Changes to an invoice. Fields left out stay; null clears. Once it is issued, only its notes change.',
  fields: (t) => ({ ...target(t), accountId: t.id(), ...details(t), currency: t.string() }),
});

/** The currency of the project, else that of the organization. */
async function usualCurrency(context: Context, projectId: string | null | undefined): Promise<string | undefined> {
  const select = { currency: true };
  const project = projectId ? await context.db.project.findFirst({ where: { id: projectId }, select }) : null;
  if (project) return project.currency;
  const own = await context.db.organization.findFirst({ select: { defaultCurrency: true } });
  return own?.defaultCurrency;
}

async function createInvoice(
  context: Context,
  { lineItems, ...input }: typeof InvoiceCreateInput.$inferInput,
): Promise<Written> {
  const { projectId } = rowData<{ projectId?: string | null }>('Invoice', { projectId: input.projectId });
  const currency = input.currency ?? (await usualCurrency(context, projectId));
  const invoice = await createRow(context, 'Invoice', { ...input, currency });
  if (lineItems && lineItems.length > 0) await addLines(context, invoice.id, lineItems);
  return invoice;
}

const fixed = ['accountId', 'projectId', 'currency', 'dueOn'] as const;

async function updateInvoice(context: Context, input: Input): Promise<Written> {
  const field = fixed.find((name) => input[name] !== undefined);
  if (!field) return updateRow(context, 'Invoice', input);
  const { status, version } = await lockedInvoice(context, rowId('Invoice', input), input);
  if (status !== 'draft')
    throw new UserError('CONFLICT', `This invoice is ${status}, so its ${field} cannot change.`, [field], version);
  return updateRow(context, 'Invoice', { ...input, expectedVersion: version });
}

mutation({
  name: 'invoiceCreate',
  description: 'Makes a draft with its lines.',
  permission: 'finance:write',
  input: InvoiceCreateInput,
  returns: 'Invoice',
  run: (input, context) => createInvoice(context, input),
});

mutation({
  name: 'invoiceUpdate',
  description: 'Changes an invoice.',
  permission: 'finance:write',
  input: InvoiceUpdateInput,
  returns: 'Invoice',
  run: (input, context) => updateInvoice(context, input),
});

lifecycle('Invoice', { write: 'finance:write', destroy: 'finance:destroy' });
