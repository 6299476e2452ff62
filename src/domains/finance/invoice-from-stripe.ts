/**
 * Invoices in step with Stripe. Events come more than once and in any order: each carries its moment, and one that is older
 * than the newest taken over says nothing new.
 */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, type Payload } from '../../graphql/mutation.ts';
import { changeRow, createRow, type Input, rowData } from '../../graphql/rows.ts';
import { InvoiceStatus } from './invoice.ts';

const InvoiceUpsertFromStripeInput = builder.inputType('InvoiceUpsertFromStripeInput', {
  description: 'An invoice as Stripe describes it in an event.',
  fields: (t) => ({
    stripeInvoiceId: t.string({ required: true, description: "Stripe's id of the invoice: `in_…`." }),
    eventAt: t.field({ type: 'DateTime', required: true, description: 'When Stripe made the event.' }),
    status: t.field({ type: InvoiceStatus, required: true, description: 'The status at Stripe.' }),
    accountId: t.id({ required: true, description: 'The account whose customer it is at Stripe.' }),
    currency: t.string({ required: true, description: 'The ISO 4217 currency.' }),
    subtotalCents: t.field({ type: 'BigInt', required: true, description: 'The sum without tax, in minor units.' }),
    taxCents: t.field({ type: 'BigInt', required: true, description: 'The tax in minor units.' }),
    paidCents: t.field({ type: 'BigInt', required: true, description: 'What was paid so far, in minor units.' }),
    number: t.string({
      description: "Stripe's own number of the invoice; the next one of the organization unless given.",
    }),
    issuedOn: t.field({ type: 'Date', description: 'The day it was finalized at Stripe; today unless given.' }),
    dueOn: t.field({ type: 'Date', description: 'The day it is due; 30 days after it was issued unless given.' }),
    stripePaymentId: t.string({ description: 'The payment that the event tells of: `pi_…`.' }),
  }),
});

type Event = typeof InvoiceUpsertFromStripeInput.$inferInput;

interface Known {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly subtotalCents: bigint;
  readonly taxCents: bigint;
  readonly paidCents: bigint;
  readonly stripeEventAt: Date | null;
}

/** How far a status is on the way of an invoice: of two events of one second, the one that is further tells the end. */
const progress: Readonly<Record<string, number>> = { draft: 0, open: 1, uncollectible: 2, paid: 3, void: 3 };

/** Whether an event says nothing new: there was a newer one, or one of the same moment that was as far. */
function isStale({ stripeEventAt, status }: Known, event: Event): boolean {
  if (!stripeEventAt || stripeEventAt < event.eventAt) return false;
  return stripeEventAt > event.eventAt || (progress[event.status] ?? 0) <= (progress[status] ?? 0);
}

/** The invoice of an id at Stripe, locked; made as a draft when it is new. Two first events make one. */
async function invoiceOf(context: Context, { stripeInvoiceId, accountId, currency }: Event): Promise<Known> {
  const data = rowData<{ accountId: string }>('Invoice', { stripeInvoiceId, accountId, currency });
  await context.db.$queryRaw`
    insert into invoices (stripe_invoice_id, account_id, currency) values (${stripeInvoiceId}, ${data.accountId}::uuid, ${currency})
      on conflict do nothing`;
  const [known] = await context.db.$queryRaw<Known[]>`
    select id, status, currency, subtotal_cents as "subtotalCents", tax_cents as "taxCents", paid_cents as "paidCents",
        stripe_event_at as "stripeEventAt"
      from invoices where stripe_invoice_id = ${stripeInvoiceId} for update`;
  if (!known) throw new UserError('NOT_FOUND', 'There is no such invoice.', ['stripeInvoiceId']);
  return known;
}

/** What is fixed from the day it was issued must be as Stripe has it, and nothing goes back. */
function checkFixed(known: Known, event: Event): void {
  for (const field of ['currency', 'subtotalCents', 'taxCents'] as const) {
    if (known[field] !== event[field])
      throw new UserError('CONFLICT', `This invoice is ${known.status}, so its ${field} cannot change.`, [field]);
  }
  if ((progress[event.status] ?? 0) < (progress[known.status] ?? 0))
    throw new UserError('CONFLICT', `This invoice is ${known.status}; it is not ${event.status} again.`, ['status']);
}

function checkSense({ status, subtotalCents, taxCents, paidCents }: Event): void {
  const refuse = (message: string): never => {
    throw new UserError('BAD_USER_INPUT', message, ['paidCents']);
  };
  const total = subtotalCents + taxCents;
  if (paidCents < 0n || paidCents > total) refuse('What was paid is between 0 and the total.');
  if (paidCents > 0n && (status === 'draft' || status === 'void')) refuse(`Nothing is paid on one that is ${status}.`);
  if ((paidCents === total) !== (status === 'paid') && status !== 'draft' && status !== 'void')
    refuse('An invoice is paid when its whole total is.');
}

/** The draft as the event has it; issued, unless it is a draft at Stripe too. A deleted one is there again. */
const draftData = ({ status, number, issuedOn, dueOn, ...event }: Event): Input => ({
  ...rowData<Input>('Invoice', { accountId: event.accountId, currency: event.currency }),
  subtotalCents: event.subtotalCents,
  taxCents: event.taxCents,
  dueOn: dueOn ?? undefined,
  deletedAt: null,
  ...(status === 'draft'
    ? {}
    : { status: 'open', invoiceNumber: number ?? undefined, issuedOn: issuedOn ?? undefined }),
});

/** Records what came in since the last event. */
async function pay(context: Context, { id, paidCents }: Known, event: Event): Promise<void> {
  const amountCents = event.paidCents - paidCents;
  if (amountCents < 0n) throw new UserError('CONFLICT', 'More is recorded as paid here.', ['paidCents']);
  if (amountCents === 0n) return;
  const { stripePaymentId, eventAt: receivedAt, currency } = event;
  const payment = { invoiceId: id, amountCents, currency, method: 'stripe', stripePaymentId, receivedAt };
  await createRow(context, 'Payment', payment);
}

/** Brings an invoice to where the event says that it stands. The database refuses ways back. */
async function takeOver(context: Context, known: Known, event: Event): Promise<void> {
  // The invoice may be deleted: `undefined` is no condition, yet stands in for the usual one.
  const change = (data: Input) =>
    changeRow(context, 'Invoice', { id: known.id, data, where: { deletedAt: undefined } });
  if (known.status !== 'draft') checkFixed(known, event);
  await change({ stripeEventAt: event.eventAt, ...(known.status === 'draft' ? draftData(event) : {}) });
  await pay(context, known, event);
  const isEnd = event.status === 'void' || event.status === 'uncollectible';
  if (isEnd && event.status !== known.status) await change({ status: event.status });
}

async function upsert(event: Event, context: Context) {
  checkSense(event);
  const known = await invoiceOf(context, event);
  const isApplied = !isStale(known, event);
  if (isApplied) await takeOver(context, known, event);
  return { id: known.id, extra: { isApplied } };
}

mutation({
  name: 'invoiceUpsertFromStripe',
  description:
    'Takes over what an event of Stripe says of an invoice: makes the invoice, issues it, records what was paid, or ends it. The same event again changes nothing, nor does one that is older than the newest taken over.',
  permission: 'finance:write',
  input: InvoiceUpsertFromStripeInput,
  returns: 'Invoice',
  payload: (t) => ({
    isApplied: t.boolean({
      description: 'Whether the event said something new; false when it was passed over.',
      resolve: ({ extra }: Payload) => extra.isApplied === true,
    }),
  }),
  run: upsert,
});
