import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow, type Step } from '../../graphql/status.ts';
import { type InvoiceStanding, invoiceStanding } from './invoice-line-item.ts';

const refuse = (message: string, { version }: InvoiceStanding): UserError =>
  new UserError('CONFLICT', message, ['id'], version);

const invoiceIn = (context: Context, input: Input, step: Step) =>
  lockedRowIn<InvoiceStanding>(context, 'Invoice', input, step, invoiceStanding);

const InvoiceIssueInput = builder.inputType('InvoiceIssueInput', {
  description: 'Which draft is issued, and the days on it.',
  fields: (t) => ({
    ...target(t),
    issuedOn: t.field({ type: 'Date', description: 'The day on the invoice; today unless given.' }),
    dueOn: t.field({
      type: 'Date',
      description: 'The last day to pay it in time; that of the draft, else 30 days after it is issued, unless given.',
    }),
  }),
});

/** The database gives number and days, and refuses what the client cannot be asked to pay. */
async function issue(
  { issuedOn, dueOn, ...input }: typeof InvoiceIssueInput.$inferInput,
  context: Context,
): Promise<Written> {
  const invoice = await invoiceIn(context, input, { from: ['draft'], done: 'issued' });
  if (invoice._count.lineItems === 0) throw refuse('This invoice has no lines. Add one first.', invoice);
  if (invoice.totalCents === 0n) throw refuse('This invoice comes to 0, so there is nothing to issue.', invoice);
  return moveRow(context, 'Invoice', invoice, {
    status: 'open',
    issuedOn: issuedOn ?? undefined,
    dueOn: dueOn ?? undefined,
  });
}

const InvoiceVoidInput = builder.inputType('InvoiceVoidInput', {
  description: 'Which invoice is taken back.',
  fields: (t) => ({
    ...target(t),
    releaseTime: t.boolean({
      defaultValue: false,
      description: 'Whether the time that it bills can be billed again. It cannot unless this is true.',
    }),
  }),
});

async function takeBack(
  { releaseTime, ...input }: typeof InvoiceVoidInput.$inferInput,
  context: Context,
): Promise<Written> {
  const invoice = await invoiceIn(context, input, { from: ['open'], done: 'voided' });
  if (invoice.paidCents > 0n) throw refuse('Something was paid on this invoice already, so it stands.', invoice);
  const written = await moveRow(context, 'Invoice', invoice, { status: 'void' });
  if (releaseTime) await context.db.invoiceTimeEntry.deleteMany({ where: { lineItem: { invoiceId: invoice.id } } });
  return written;
}

const common = { permission: 'finance:write', returns: 'Invoice' } as const;

mutation({
  ...common,
  name: 'invoiceIssue',
  description:
    "Issues a draft: it gets the next number of the organization's series, which has no gaps, and is fixed from here on.",
  input: InvoiceIssueInput,
  run: issue,
});

mutation({
  ...common,
  name: 'invoiceVoid',
  description: 'Takes back an open invoice on which nothing was paid. It keeps its number. A draft is deleted instead.',
  input: InvoiceVoidInput,
  run: takeBack,
});

mutation({
  ...common,
  name: 'invoiceMarkUncollectible',
  description: 'Gives up an open invoice: it counts no longer as something that will be paid.',
  input: TargetInput,
  run: async (input, context) =>
    moveRow(context, 'Invoice', await invoiceIn(context, input, { from: ['open'], done: 'given up' }), {
      status: 'uncollectible',
    }),
});
