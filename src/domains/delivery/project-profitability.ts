import { builder, type Types } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { Money } from '../../graphql/money.ts';
import { perProject } from './per-project.ts';

type Column = 'invoiced' | 'revenue' | 'paid' | 'labourCost' | 'expenses' | 'margin';

/** Sums in one currency, of a month or of all time; texts, too long for a number. */
interface Sums extends Readonly<Record<Column, string>> {
  readonly projectId: string;
  readonly currency: string;
  readonly month: string | null;
}

/** Labour is rounded for each entry, so that months add up to the whole. */
const sumsOf = perProject<Sums>(
  ({ db }: Context, ids) => db.$queryRaw`
    with wanted as (select id, currency from projects where id = any (${ids}::uuid[])),
    amounts (project_id, currency, day, invoiced, revenue, paid, labour, expense) as (
      select invoice.project_id, invoice.currency, issued_on, total_cents, subtotal_cents, 0, 0, 0
        from invoices invoice join wanted on wanted.id = invoice.project_id
        where invoice.deleted_at is null and status in ('open', 'paid')
      union all
      select invoice.project_id, payment.currency, (received_at at time zone 'UTC')::date, 0, 0, amount_cents, 0, 0
        from invoices invoice join wanted on wanted.id = invoice.project_id join payments payment on payment.invoice_id = invoice.id
        where invoice.deleted_at is null
      union all
      select entry.project_id, wanted.currency, logged_on, 0, 0, 0, round(duration_minutes::numeric * coalesce(cost_rate_cents, 0) / 60), 0
        from time_entries entry join wanted on wanted.id = entry.project_id where entry.deleted_at is null
      union all
      select expense.project_id, expense.currency, spent_on, 0, 0, 0, 0, amount_cents
        from expenses expense join wanted on wanted.id = expense.project_id
        where expense.deleted_at is null and status in ('approved', 'reimbursed')
    )
    select project_id as "projectId", currency, to_char(day, 'YYYY-MM') as month, sum(invoiced)::text as invoiced,
        sum(revenue)::text as revenue, sum(paid)::text as paid, sum(labour)::text as "labourCost", sum(expense)::text as expenses,
        sum(revenue - labour - expense)::text as margin
      from amounts group by grouping sets ((project_id, currency), (project_id, currency, to_char(day, 'YYYY-MM')))
      order by month, currency`,
);

type SumFields = PothosSchemaTypes.ObjectFieldBuilder<Types, Sums>;

const amount = (t: SumFields, column: Column, description: string) =>
  t.field({
    type: Money,
    description,
    resolve: (sums) => ({ cents: BigInt(sums[column]), currency: sums.currency }),
  });

const amounts = (t: SumFields) => ({
  currency: t.exposeString('currency', { description: 'The ISO 4217 currency.' }),
  invoiced: amount(t, 'invoiced', 'The totals of the invoices that are open or paid, with tax, by the day of issue.'),
  revenue: amount(t, 'revenue', 'The same before tax.'),
  paid: amount(t, 'paid', 'What the client has paid on invoices, by the day it came in.'),
  labourCost: amount(t, 'labourCost', 'The time that was logged, at the cost rate of each entry.'),
  expenses: amount(t, 'expenses', 'The expenses that are approved or reimbursed, by the day of spending.'),
  margin: amount(t, 'margin', 'Revenue less labour cost and expenses.'),
});

const ProjectProfitByCurrency = builder.objectRef<Sums>('ProjectProfitByCurrency').implement({
  description: 'What a project earned and cost in one currency.',
  fields: amounts,
});

const ProjectProfitByMonth = builder.objectRef<Sums>('ProjectProfitByMonth').implement({
  description: 'What a project earned and cost in one month, in one currency.',
  fields: (t) => ({
    month: t.string({ description: 'The month, as `2026-03`.', resolve: ({ month }) => month ?? '' }),
    ...amounts(t),
  }),
});

const ProjectProfitability = builder.objectRef<readonly Sums[]>('ProjectProfitability').implement({
  description: 'What a project earned and what it cost. Currencies are never added up.',
  fields: (t) => ({
    byCurrency: t.field({
      type: [ProjectProfitByCurrency],
      description: 'All of it, once for each currency.',
      resolve: (sums) => sums.filter(({ month }) => month === null),
    }),
    byMonth: t.field({
      type: [ProjectProfitByMonth],
      description: 'By month, the oldest first; months without any amount are left out.',
      resolve: (sums) => sums.filter(({ month }) => month !== null),
    }),
  }),
});

builder.prismaObjectField('Project', 'profitability', (t) =>
  t.field({
    type: ProjectProfitability,
    description:
      'What it earned and what it cost, from invoices, payments, time and expenses. Needs `finance:destroy`, as whoever sees the expenses of all, and `rates:read`.',
    extensions: { permission: 'finance:destroy', besides: ['rates:read'] },
    select: { id: true },
    resolve: ({ id }, _args, context) => sumsOf(context, id),
  }),
);
