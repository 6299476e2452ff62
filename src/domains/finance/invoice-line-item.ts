import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

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
      'timeEntryId',
    ],
    relations: ['invoice', 'timeEntry'],
  },
  orderBy: {
    columns: ['position', 'quantity', 'unitPriceCents', 'taxRateBps', 'totalCents'],
    relations: ['invoice', 'timeEntry'],
  },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('InvoiceLineItem', {
  description: 'One line of an invoice.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    position: t.exposeInt('position'),
    description: t.exposeString('description'),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    unitPrice: money(t, 'The price of one unit.', 'unitPriceCents', ['invoice', 'currency']),
    taxRateBps: t.exposeInt('taxRateBps'),
    total: money(t, 'Quantity times price, without tax.', 'totalCents', ['invoice', 'currency']),
    invoice: t.relation('invoice'),
    timeEntry: t.relation('timeEntry', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  invoiceLineItem: byId(t, 'InvoiceLineItem', 'One invoice line item.'),
  invoiceLineItems: list(t, 'InvoiceLineItem', 'The invoice line items of the organization.'),
}));

const details = (t: InputFields) => ({
  position: t.int(),
  quantity: t.field({ type: 'Decimal' }),
  unitPriceCents: t.field({ type: 'BigInt' }),
  taxRateBps: t.int(),
});

const InvoiceLineItemCreateInput = builder.inputType('InvoiceLineItemCreateInput', {
  description: 'A new invoice line item.',
  fields: (t) => ({
    id: clientId(t),
    invoiceId: t.id({ required: true }),
    description: t.string({ required: true }),
    ...details(t),
  }),
});

const InvoiceLineItemUpdateInput = builder.inputType('InvoiceLineItemUpdateInput', {
  description: 'Changes to an invoice line item. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), description: t.string(), ...details(t) }),
});

lifecycle('InvoiceLineItem', {
  write: 'finance:write',
  destroy: 'finance:destroy',
  create: InvoiceLineItemCreateInput,
  update: InvoiceLineItemUpdateInput,
});
