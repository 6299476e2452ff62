import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { enumOf } from '../../graphql/enums.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { createRow, rowData, type Written } from '../../graphql/rows.ts';
import { addLines } from './invoice-line-item.ts';

const TimeGrouping = enumOf('TimeGrouping', 'What becomes one line of an invoice, for each rate.', {
  task: 'The time on one task.',
  person: 'The time of one person.',
});

const InvoiceFromTimeEntriesInput = builder.inputType('InvoiceFromTimeEntriesInput', {
  description: 'Which time is billed, and how. Give the project or the account.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ description: 'The project whose time is billed, to its account.' }),
    accountId: t.id({ description: 'The account; the time on all of its live projects is billed.' }),
    from: t.field({ type: 'Date', required: true, description: 'The first day of the time.' }),
    to: t.field({ type: 'Date', required: true, description: 'The last day of the time.' }),
    groupBy: t.field({ type: TimeGrouping, required: true, description: 'What becomes one line.' }),
    defaultRateCents: t.field({
      type: 'BigInt',
      description: 'What an hour costs where an entry has no rate; such entries are refused unless this is given.',
    }),
    taxRateBps: t.int({ description: 'The tax rate of every line, in hundredths of a percent; 0 unless given.' }),
    dueOn: t.field({ type: 'Date', description: 'The last day to pay it in time.' }),
    notes: t.string({ description: 'Remarks.' }),
  }),
});

type Wishes = typeof InvoiceFromTimeEntriesInput.$inferInput;

interface Payer {
  readonly accountId: string;
  readonly projectId: string | null;
  /** The input field that named it. */
  readonly path: 'projectId' | 'accountId';
}

/** The entries of one task or person at one rate. */
interface Group {
  readonly label: string | null;
  readonly currency: string;
  readonly rate: bigint | null;
  readonly hours: string;
  readonly entries: readonly string[];
}

/** Who pays: the account, or that of the project. */
async function payerOf(context: Context, input: Wishes): Promise<Payer> {
  const { projectId, accountId } = rowData<{ projectId?: string; accountId?: string }>('Invoice', {
    projectId: input.projectId ?? undefined,
    accountId: input.accountId ?? undefined,
  });
  if (Boolean(projectId) === Boolean(accountId))
    throw new UserError('BAD_USER_INPUT', 'Give projectId or accountId, one of them.', ['projectId']);
  if (accountId) return { accountId, projectId: null, path: 'accountId' };
  const project = await context.db.project.findFirst({
    where: { id: projectId, deletedAt: null },
    select: { id: true, accountId: true },
  });
  if (!project) throw new UserError('NOT_FOUND', 'There is no such project.', ['projectId']);
  if (!project.accountId) throw new UserError('CONFLICT', 'This project has no account that could pay.', ['projectId']);
  return { accountId: project.accountId, projectId: project.id, path: 'projectId' };
}

/** Whoever bills an account takes turns with whoever else does: the second finds what the first has left. */
async function lockAccount(context: Context, { accountId, path }: Payer): Promise<void> {
  const found = await context.db.$queryRaw<unknown[]>`
    select id from accounts where id = ${accountId}::uuid and deleted_at is null for no key update`;
  if (found.length === 0) throw new UserError('NOT_FOUND', 'There is no such account.', [path]);
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** The approved time that no line bills yet, in groups. Hours are rounded once, for the whole group. */
const unbilled = (context: Context, { accountId, projectId }: Payer, { groupBy, from, to }: Wishes) =>
  context.db.$queryRaw<Group[]>`
    select case ${groupBy} when 'task' then task.title else coalesce(person.display_name, person.email) end as label,
        project.currency, entry.bill_rate_cents as rate, round(sum(entry.duration_minutes) / 60.0, 3)::text as hours,
        array_agg(entry.id::text) as entries
      from time_entries entry
        join timesheets sheet on sheet.id = entry.timesheet_id and sheet.status = 'approved'
        join projects project on project.id = entry.project_id and project.deleted_at is null
        left join tasks task on task.id = entry.task_id
        left join org_members person on person.user_id = entry.user_id
      where entry.is_billable and entry.deleted_at is null and entry.duration_minutes > 0
        and entry.logged_on between ${day(from)}::date and ${day(to)}::date
        and project.account_id = ${accountId}::uuid and (${projectId}::uuid is null or project.id = ${projectId}::uuid)
        and not exists (select from invoice_time_entries billed where billed.time_entry_id = entry.id)
      group by case ${groupBy} when 'task' then entry.task_id else entry.user_id end, label, project.currency, rate
      order by label nulls last, rate, min(entry.id::text)`;

/** The one currency of all groups; amounts in several are never added up. */
function currencyOf(groups: readonly Group[], path: string): string {
  const currencies = [...new Set(groups.map(({ currency }) => currency))].sort();
  const [currency] = currencies;
  if (!currency) throw new UserError('CONFLICT', 'There is no approved time left to bill.', [path]);
  if (currencies.length > 1)
    throw new UserError('CONFLICT', `The projects are in ${currencies.join(' and ')}. Bill one at a time.`, [path]);
  return currency;
}

/** The rate of every group. */
function priced(groups: readonly Group[], { defaultRateCents }: Wishes) {
  const bare = groups.filter(({ rate }) => rate === null).flatMap(({ entries }) => entries);
  if (bare.length > 0 && typeof defaultRateCents !== 'bigint')
    throw new UserError('BAD_USER_INPUT', `Time entries without a rate: ${bare.length}. Give defaultRateCents.`, [
      'defaultRateCents',
    ]);
  return groups.map((group) => ({ ...group, rate: group.rate ?? defaultRateCents ?? 0n }));
}

function checkWishes({ from, to, taxRateBps, defaultRateCents }: Wishes): void {
  if (to < from) throw new UserError('BAD_USER_INPUT', 'The last day is before the first.', ['to']);
  if ((taxRateBps ?? 0) < 0 || (taxRateBps ?? 0) > 10_000)
    throw new UserError('BAD_USER_INPUT', 'A tax rate is 0 to 10000.', ['taxRateBps']);
  if ((defaultRateCents ?? 0n) < 0n)
    throw new UserError('BAD_USER_INPUT', 'A rate is not less than 0.', ['defaultRateCents']);
}

async function billTime(input: Wishes, context: Context): Promise<Written> {
  checkWishes(input);
  const payer = await payerOf(context, input);
  await lockAccount(context, payer);
  const found = await unbilled(context, payer, input);
  const currency = currencyOf(found, payer.path);
  const groups = priced(found, input);
  const { id, dueOn, notes } = input;
  const { accountId, projectId } = payer;
  const invoice = await createRow(context, 'Invoice', {
    id: id ?? undefined,
    accountId,
    projectId,
    currency,
    dueOn,
    notes,
  });
  const lines = groups.map(({ label, hours, rate }) => ({
    description: label ?? (input.groupBy === 'task' ? 'Other work' : 'Somebody who left'),
    quantity: hours,
    unitPriceCents: rate,
    taxRateBps: input.taxRateBps,
  }));
  const ids = await addLines(context, invoice.id, lines);
  await context.db.invoiceTimeEntry.createMany({
    data: groups.flatMap(({ entries }, index) =>
      entries.map((timeEntryId) => ({ lineItemId: ids[index] ?? '', timeEntryId })),
    ),
  });
  return invoice;
}

mutation({
  name: 'invoiceFromTimeEntries',
  description:
    'Makes a draft that bills the approved, billable time of a period that was not billed before. Each line holds the hours of a task or person at one rate. An entry is billed once, also by two who bill at the same time.',
  permission: 'finance:write',
  besides: ['delivery:read'],
  input: InvoiceFromTimeEntriesInput,
  returns: 'Invoice',
  run: billTime,
});
