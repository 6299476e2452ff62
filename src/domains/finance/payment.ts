import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { formatAmount, money } from '../../graphql/money.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, rowData, type Written } from '../../graphql/rows.ts';
import { demandState } from '../../graphql/status.ts';
import { namedInvoice } from './invoice-line-item.ts';

const PaymentMethod = enumOf('PaymentMethod', 'How an invoice was paid.', {
  card: 'By card, outside Stripe.',
  bank_transfer: 'By bank transfer.',
  cash: 'In cash.',
  check: 'By check.',
  stripe: 'Through Stripe.',
});

readable('Payment', {
  permission: 'finance:read',
  filter: {
    columns: ['invoiceId', 'amountCents', 'currency', 'reference', 'stripePaymentId', 'receivedAt'],
    enums: { method: PaymentMethod },
    relations: ['invoice'],
  },
  orderBy: {
    columns: ['amountCents', 'currency', 'method', 'reference', 'receivedAt'],
    relations: ['invoice'],
  },
  defaultOrder: [{ receivedAt: { direction: 'desc' } }],
});

builder.prismaObject('Payment', {
  description: 'Money received for an invoice. A payment is never changed and never removed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    amount: money(t, 'The amount, in the currency of the invoice.', 'amountCents'),
    method: t.expose('method', { type: PaymentMethod }),
    reference: t.exposeString('reference', { nullable: true }),
    stripePaymentId: t.exposeString('stripePaymentId', { nullable: true }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime' }),
    invoice: t.relation('invoice'),
  }),
});

builder.queryFields((t) => ({
  payment: byId(t, 'Payment', 'One payment.'),
  payments: list(t, 'Payment', 'The payments on all invoices, the latest first.'),
}));

const PaymentRecordInput = builder.inputType('PaymentRecordInput', {
  description: 'Money that came in for an open invoice.',
  fields: (t) => ({
    id: clientId(t),
    invoiceId: t.id({ required: true, description: 'The invoice that it pays, wholly or in part.' }),
    amountCents: t.field({
      type: 'BigInt',
      description: 'The amount in minor units, no more than the balance; the whole balance unless given.',
    }),
    currency: t.string({ description: 'The ISO 4217 currency, which must be that of the invoice.' }),
    method: t.field({ type: PaymentMethod, description: 'How it was paid; by bank transfer unless given.' }),
    reference: t.string({ description: 'What the payer wrote, such as the number of a check.' }),
    stripePaymentId: t.string({ description: 'The payment at Stripe, if it was made there.' }),
    receivedAt: t.field({ type: 'DateTime', description: 'When the money came in; now unless given.' }),
  }),
});

/** The database holds the same rules against whoever else writes; here they are told. */
async function recordPayment(context: Context, input: typeof PaymentRecordInput.$inferInput): Promise<Written> {
  const { invoiceId } = rowData<{ invoiceId: string }>('Payment', { invoiceId: input.invoiceId });
  const { status, currency, balanceCents } = await namedInvoice(context, invoiceId);
  demandState('Invoice', { status }, { from: ['open'], done: 'paid' }, 'invoiceId');
  if ((input.currency ?? currency) !== currency)
    throw new UserError('BAD_USER_INPUT', `This invoice is in ${currency}.`, ['currency']);
  const amountCents = input.amountCents ?? balanceCents;
  const left = `${formatAmount({ cents: balanceCents, currency })} ${currency}`;
  if (amountCents > balanceCents) throw new UserError('CONFLICT', `Only ${left} is left to pay.`, ['amountCents']);
  const { method, receivedAt } = input;
  const given = { ...input, method: method ?? undefined, receivedAt: receivedAt ?? undefined };
  return createRow(context, 'Payment', { ...given, currency, amountCents });
}

mutation({
  name: 'paymentRecord',
  description:
    'Records a payment on an open invoice. It stays as it is. The invoice is paid once nothing is left of its balance, and nobody pays more than that.',
  permission: 'finance:write',
  input: PaymentRecordInput,
  returns: 'Payment',
  run: (input, context) => recordPayment(context, input),
});
