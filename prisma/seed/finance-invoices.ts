/** Invoices: for the approved time of projects, and for services; in every state, with what was paid on them. */
import type { Row } from './insert.ts';
import { remarks } from './phrases/finance.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

type State = 'draft' | 'open' | 'part' | 'overdue' | 'paid' | 'void' | 'uncollectible';

interface Line {
  readonly description: string;
  readonly quantity: string;
  readonly cents: number;
  readonly taxed: boolean;
  /** The time that it bills. */
  readonly entries: readonly string[];
}

/** What is to be billed, before it is known what becomes of it. */
interface Bill {
  readonly accountId: string;
  readonly projectId: string | null;
  readonly currency: string;
  /** Days since it was written. */
  readonly age: number;
  readonly lines: readonly Line[];
  readonly viaStripe: boolean;
}

export interface Invoice extends Bill {
  readonly id: string;
  readonly state: State;
  /** Days to pay it. */
  readonly term: number;
  /** Follows an invoice at Stripe: its lines are there. */
  readonly stripeId: string | null;
}

interface Time extends Omit<Line, 'taxed'> {
  readonly projectId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly age: number;
}

/** Approved time of more than a month ago, by project, task and rate. */
const approvedTime = `select entry.project_id as "projectId", project.account_id as "accountId", project.currency,
    coalesce(task.title, 'Other work') as description, entry.bill_rate_cents::int as cents,
    round(sum(entry.duration_minutes) / 60.0, 3)::text as quantity, array_agg(entry.id::text order by entry.id) as entries,
    current_date - max(entry.logged_on) as age
  from time_entries entry
    join timesheets sheet on sheet.org_id = entry.org_id and sheet.id = entry.timesheet_id and sheet.status = 'approved'
    join projects project on project.org_id = entry.org_id and project.id = entry.project_id and project.account_id is not null
    left join tasks task on task.org_id = entry.org_id and task.id = entry.task_id
  where entry.org_id = $1 and entry.is_billable and entry.deleted_at is null and entry.bill_rate_cents > 0
    and entry.logged_on < current_date - 35
  group by entry.project_id, project.account_id, project.currency, task.id, task.title, entry.bill_rate_cents
  order by entry.project_id, task.title, cents`;

async function billsForTime({ client, org }: Scene): Promise<Bill[]> {
  const { rows } = await client.query<Time>(approvedTime, [org.id]);
  const projects = [...new Set(rows.map(({ projectId }) => projectId))];
  return projects.flatMap((projectId) => {
    const times = rows.filter((time) => time.projectId === projectId);
    const [first] = times;
    if (!first) return [];
    const age = Math.max(2, Math.min(...times.map((time) => time.age)) - 3);
    const { accountId, currency } = first;
    return [
      { accountId, projectId, currency, age, lines: times.map((time) => ({ ...time, taxed: true })), viaStripe: false },
    ];
  });
}

interface Payer {
  readonly accountId: string;
  readonly projectId: string | null;
}

/** Projects, else clients. */
const payers = `select account_id as "accountId", id as "projectId" from projects
    where org_id = $1 and account_id is not null and currency = $2 and status in ('active', 'completed') and deleted_at is null
  union all select id, null from accounts where org_id = $1 and lifecycle = 'client' and deleted_at is null
  order by "projectId" nulls last, "accountId"`;

const quantities = { hour: [4, 40], day: [1, 8], item: [1, 2], month: [1, 3] } as const;

function serviceLines({ business }: Scene, random: Random): Line[] {
  const offers = business.trade.services.filter(({ isActive }) => isActive !== false);
  return random.some(offers, random.int(1, 4)).map(({ name, unit, cents }) => {
    const [low, high] = quantities[unit];
    const half = unit === 'hour' && random.chance(0.4) ? '.5' : '';
    return {
      description: name,
      quantity: `${random.int(low, high)}${half}`,
      cents,
      taxed: !random.chance(0.1),
      entries: [],
    };
  });
}

async function billsForServices(scene: Scene): Promise<Bill[]> {
  const random = scene.random('invoices');
  const { rows } = await scene.client.query<Payer>(payers, [scene.org.id, scene.org.currency]);
  if (rows.length === 0) return [];
  const count = scene.org.plan === 'free' ? 5 : 32;
  return Array.from({ length: count }, (_, index) => ({
    ...at(rows, index * 3),
    currency: scene.org.currency,
    age: 2 + Math.round(340 * ((count - index) / count) ** 2) + random.int(0, 5),
    lines: serviceLines(scene, random),
    viaStripe: index % 6 === 3,
  }));
}

/** What becomes of older invoices, in turn. */
const fates: readonly State[] = [
  'paid',
  'uncollectible',
  'paid',
  'paid',
  'void',
  'paid',
  'paid',
  'paid',
  'overdue',
  'paid',
  'paid',
  'part',
  'paid',
  'paid',
  'paid',
];

/** Nobody gives up before months have passed. */
function stateOf(age: number, index: number, later: number): State {
  if (later < 3) return 'draft';
  const fate = at(fates, index);
  if (age > 36) return fate === 'uncollectible' && age < 150 ? 'overdue' : fate;
  return index % 4 === 0 ? 'paid' : index % 4 === 2 ? 'part' : 'open';
}

/** All invoices, the oldest first: their numbers go with their days. */
export async function planInvoices(scene: Scene): Promise<Invoice[]> {
  const bills = [...(await billsForTime(scene)), ...(await billsForServices(scene))];
  bills.sort((a, b) => b.age - a.age);
  return bills.map((bill, index) => {
    const state = stateOf(bill.age, index, bills.length - 1 - index);
    return {
      ...bill,
      id: scene.id('invoices', index),
      state,
      term: index % 4 === 1 ? 14 : 30,
      stripeId: bill.viaStripe && state !== 'draft' ? `in_demo_${scene.org.slug}_${index}` : null,
    };
  });
}

const totalOf = ({ quantity, cents }: Line): number => Math.round((Math.round(Number(quantity) * 1000) * cents) / 1000);

function taxBps({ business }: Scene, { taxed }: Line): number {
  return taxed ? Math.round(business.taxRate * 10_000) : 0;
}

const taxOf = (scene: Scene, line: Line): number => Math.round((totalOf(line) * taxBps(scene, line)) / 10_000);

const sum = (list: readonly number[]): number => list.reduce((total, item) => total + item, 0);

/** Drafts, as all invoices begin. Those that follow Stripe have totals without lines. */
export function invoiceRows(scene: Scene, invoices: readonly Invoice[]): Row[] {
  return invoices.map(({ id, accountId, projectId, currency, age, state, stripeId, lines }) => ({
    org_id: scene.org.id,
    id,
    account_id: accountId,
    project_id: projectId,
    currency,
    subtotal_cents: stripeId ? sum(lines.map(totalOf)) : 0,
    tax_cents: stripeId ? sum(lines.map((line) => taxOf(scene, line))) : 0,
    stripe_invoice_id: stripeId,
    stripe_event_at: stripeId && scene.calendar.workday(age, 90),
    notes: state in remarks ? remarks[state as keyof typeof remarks] : null,
    created_at: scene.calendar.workday(age + 1, 60 + (age % 7) * 30),
  }));
}

interface PlannedLine extends Line {
  readonly id: string;
  readonly invoice: Invoice;
  readonly position: number;
}

export function planLines(scene: Scene, invoices: readonly Invoice[]): PlannedLine[] {
  const lines = invoices
    .filter(({ stripeId }) => stripeId === null)
    .flatMap((invoice) => invoice.lines.map((line, index) => ({ ...line, invoice, position: index + 1 })));
  return lines.map((line, index) => ({ ...line, id: scene.id('invoice_line_items', index) }));
}

export const lineRows = (scene: Scene, lines: readonly PlannedLine[]): Row[] =>
  lines.map((line) => ({
    org_id: scene.org.id,
    id: line.id,
    invoice_id: line.invoice.id,
    position: line.position,
    description: line.description,
    quantity: line.quantity,
    unit_price_cents: line.cents,
    tax_rate_bps: taxBps(scene, line),
    created_at: scene.calendar.workday(line.invoice.age + 1, 240),
  }));

export const billedRows = (scene: Scene, lines: readonly PlannedLine[]): Row[] =>
  lines
    .flatMap(({ id, entries, invoice }) => entries.map((entry) => ({ id, entry, age: invoice.age })))
    .map(({ id, entry, age }, index) => ({
      org_id: scene.org.id,
      id: scene.id('invoice_time_entries', index),
      line_item_id: id,
      time_entry_id: entry,
      created_at: scene.calendar.workday(age + 1, 240),
    }));

const methods = ['bank_transfer', 'card', 'bank_transfer', 'check', 'bank_transfer', 'cash'] as const;

/** The shares that were paid: all at once, in two parts, or a part of it. */
function partsOf({ state }: Invoice, index: number, total: number): number[] {
  const part = Math.round(total * 0.4);
  if (state === 'part') return [part];
  if (state !== 'paid') return [];
  return index % 7 === 0 ? [part, total - part] : [total];
}

export function paymentRows(scene: Scene, invoices: readonly Invoice[]): Row[] {
  const random = scene.random('payments');
  const payments = invoices.flatMap((invoice, index) => {
    const total = sum(invoice.lines.map((line) => totalOf(line) + taxOf(scene, line)));
    return partsOf(invoice, index, total).map((cents, part) => ({ invoice, cents, part }));
  });
  return payments.map(({ invoice: { id, currency, age, stripeId }, cents, part }, index) => {
    const method = stripeId ? 'stripe' : at(methods, index);
    const received = Math.max(1, age - random.int(4, 30) - part * 9);
    return {
      org_id: scene.org.id,
      id: scene.id('payments', index),
      invoice_id: id,
      amount_cents: cents,
      currency,
      method,
      reference: method === 'check' ? `Check no. ${random.int(1000, 9999)}` : null,
      stripe_payment_id: stripeId && `pi_demo_${scene.org.slug}_${index}`,
      received_at: scene.calendar.workday(received, 180),
      created_at: scene.calendar.workday(received, 180),
    };
  });
}
