import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { toUuid } from '../../graphql/ids.ts';
import { Money } from '../../graphql/money.ts';

/** The sums in one currency; texts, as they are too long for a number. */
interface Sums {
  readonly currency: string;
  readonly open: string;
  readonly openCount: number;
  readonly overdue: string;
  readonly overdueCount: number;
  readonly paidThisMonth: string;
  readonly uncollectible: string;
}

const Receivables = builder.objectRef<Sums>('Receivables').implement({
  description: 'What clients owe and have paid in one currency. Days and months are those of the UTC calendar.',
  fields: (t) => {
    const sum = (name: 'open' | 'overdue' | 'paidThisMonth' | 'uncollectible', description: string) =>
      t.field({
        type: Money,
        description,
        resolve: (sums) => ({ cents: BigInt(sums[name]), currency: sums.currency }),
      });
    return {
      currency: t.exposeString('currency', { description: 'The ISO 4217 currency.' }),
      open: sum('open', 'What is left to pay on open invoices, overdue ones among them.'),
      openCount: t.exposeInt('openCount', { description: 'How many invoices are open.' }),
      overdue: sum('overdue', 'What is left to pay on open invoices that were due before today.'),
      overdueCount: t.exposeInt('overdueCount', { description: 'How many invoices are overdue.' }),
      paidThisMonth: sum('paidThisMonth', 'What came in since the first day of this month.'),
      uncollectible: sum('uncollectible', 'What is left to pay on invoices that were given up.'),
    };
  },
});

/** All sums in one statement: of invoices, and of this month's payments. */
const sumReceivables = (context: Context, accountId: string | null): Promise<Sums[]> => context.db.$queryRaw`
  with owed as (
    select currency, balance_cents as cents, status = 'open' as is_open,
        status = 'open' and coalesce(due_on < (now() at time zone 'utc')::date, false) as is_overdue, 0::bigint as paid
      from invoices
      where status in ('open', 'uncollectible') and deleted_at is null
        and (${accountId}::uuid is null or account_id = ${accountId}::uuid)
    union all
    select payment.currency, 0, null, null, payment.amount_cents
      from payments payment join invoices on invoices.id = payment.invoice_id
      where payment.received_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
        and (${accountId}::uuid is null or invoices.account_id = ${accountId}::uuid)
  )
  select currency, coalesce(sum(cents) filter (where is_open), 0)::text as open, count(*) filter (where is_open)::integer as "openCount",
      coalesce(sum(cents) filter (where is_overdue), 0)::text as overdue, count(*) filter (where is_overdue)::integer as "overdueCount",
      coalesce(sum(paid), 0)::text as "paidThisMonth", coalesce(sum(cents) filter (where not is_open), 0)::text as uncollectible
    from owed group by currency order by currency`;

builder.queryField('receivables', (t) =>
  t.field({
    type: [Receivables],
    description:
      'What clients owe and have paid, one entry for each currency: currencies are never added up. Needs `finance:read`.',
    extensions: { permission: 'finance:read' },
    args: { accountId: t.arg.id({ description: 'Only invoices to this account.' }) },
    resolve: (_root, { accountId }, context) =>
      sumReceivables(context, accountId ? toUuid('Account', accountId) : null),
  }),
);
