import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

const PaymentMethod = enumOf('PaymentMethod', 'How it was paid.', ['card', 'bank_transfer', 'cash', 'check', 'stripe']);

readable('Payment', {
  permission: 'finance:read',
  filter: {
    columns: ['invoiceId', 'amountCents', 'currency', 'reference', 'stripePaymentId', 'receivedAt'],
    enums: { method: PaymentMethod },
    relations: ['invoice'],
  },
  orderBy: {
    columns: ['amountCents', 'currency', 'method', 'reference', 'stripePaymentId', 'receivedAt'],
    relations: ['invoice'],
  },
});

builder.prismaObject('Payment', {
  description: 'Money received for an invoice. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    amount: money(t, 'The amount.', 'amountCents'),
    method: t.expose('method', { type: PaymentMethod }),
    reference: t.exposeString('reference', { nullable: true }),
    stripePaymentId: t.exposeString('stripePaymentId', { nullable: true }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', nullable: true }),
    invoice: t.relation('invoice'),
  }),
});

builder.queryFields((t) => ({
  payment: byId(t, 'Payment', 'One payment.'),
  payments: list(t, 'Payment', 'The payments of the organization.'),
}));

const details = (t: InputFields) => ({
  currency: t.string(),
  method: t.field({ type: PaymentMethod }),
  reference: t.string(),
  stripePaymentId: t.string(),
  receivedAt: t.field({ type: 'DateTime' }),
});

const PaymentCreateInput = builder.inputType('PaymentCreateInput', {
  description: 'A new payment.',
  fields: (t) => ({
    id: clientId(t),
    invoiceId: t.id({ required: true }),
    amountCents: t.field({ type: 'BigInt', required: true }),
    ...details(t),
  }),
});

mutation({
  name: 'paymentCreate',
  description: 'Adds a payment. It stays as it is.',
  permission: 'finance:write',
  input: PaymentCreateInput,
  returns: 'Payment',
  run: (input, context) => createRow(context, 'Payment', input),
});
