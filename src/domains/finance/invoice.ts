import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const InvoiceStatus = enumOf('InvoiceStatus', 'Where an invoice stands.', [
  'draft',
  'open',
  'paid',
  'void',
  'uncollectible',
]);

const today = (): Date => new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);

/** Days are those of the UTC calendar. */
const isOverdue: DerivedFilter = {
  description: 'Whether it is open, and was due before today.',
  filter: () => ({ status: { eq: 'open' }, dueOn: { isNull: false, lt: today() } }),
};

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
      'notes',
    ],
    enums: { status: InvoiceStatus },
    relations: ['account', 'project', 'invoiceLineItems', 'payments'],
    derived: { isOverdue },
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
      'stripeInvoiceId',
    ],
    relations: ['account', 'project'],
  },
});

builder.prismaObject('Invoice', {
  description: 'What a client owes, or owed. Its totals follow its lines, its balance its payments.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    invoiceNumber: t.exposeString('invoiceNumber', { nullable: true }),
    status: t.expose('status', { type: InvoiceStatus }),
    subtotal: money(t, 'The sum of the lines.', 'subtotalCents'),
    tax: money(t, 'The tax.', 'taxCents'),
    total: money(t, 'The sum of the lines and the tax.', 'totalCents'),
    paid: money(t, 'What was paid.', 'paidCents'),
    balance: money(t, 'What is left to pay.', 'balanceCents'),
    issuedOn: t.expose('issuedOn', { type: 'Date', nullable: true }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true }),
    stripeInvoiceId: t.exposeString('stripeInvoiceId', { nullable: true }),
    notes: t.exposeString('notes', { nullable: true }),
    account: t.relation('account'),
    project: t.relation('project', { nullable: true }),
    invoiceLineItems: relatedList(t, 'invoiceLineItems', 'The invoice line items.'),
    payments: relatedList(t, 'payments', 'The payments.'),
  }),
});

builder.queryFields((t) => ({
  invoice: byId(t, 'Invoice', 'One invoice.'),
  invoices: list(t, 'Invoice', 'The invoices of the organization.'),
}));

const details = (t: InputFields) => ({
  projectId: t.id(),
  currency: t.string(),
  dueOn: t.field({ type: 'Date' }),
  notes: t.string(),
});

const InvoiceCreateInput = builder.inputType('InvoiceCreateInput', {
  description: 'A new invoice.',
  fields: (t) => ({ id: clientId(t), accountId: t.id({ required: true }), ...details(t) }),
});

const InvoiceUpdateInput = builder.inputType('InvoiceUpdateInput', {
  description: 'Changes to an invoice. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), accountId: t.id(), ...details(t) }),
});

lifecycle('Invoice', {
  write: 'finance:write',
  destroy: 'finance:destroy',
  create: InvoiceCreateInput,
  update: InvoiceUpdateInput,
});
