/** Invoices, and time that they bill, for tests. */
import { randomUUID } from 'node:crypto';
import type { Client, Data, Gateway, Org } from '../../support/gateway.ts';
import { make, uuidOf, write } from '../../support/write.ts';

export const line = { description: 'Work', quantity: '1.5', unitPriceCents: '333', taxRateBps: 1900 };

const accounts = new WeakMap<Client, Promise<string>>();

/** The one account that a client bills. */
export function account(client: Client): Promise<string> {
  const known = accounts.get(client) ?? make(client, 'Account', { name: 'Payer' });
  accounts.set(client, known);
  return known;
}

/** Makes a draft of 5.95 USD, and gives its id. */
export const draft = async (client: Client, more: object = {}): Promise<string> =>
  make(client, 'Invoice', { accountId: await account(client), lineItems: [line], ...more });

/** Makes an invoice and issues it; gives its id. */
export async function issued(client: Client, more: object = {}, days: object = {}): Promise<string> {
  const id = await draft(client, more);
  await write(client, 'invoiceIssue', { id, ...days });
  return id;
}

/** Fields of an invoice. */
export const read = async (client: Client, id: string, selection: string): Promise<Data> =>
  (await client.ok(`query ($id: ID!) { row: invoice(id: $id) { ${selection} } }`, { id })).row;

/** A day counted from today. */
export const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

interface Time {
  readonly minutes: number;
  readonly rate: number | null;
  readonly task?: string;
  readonly user?: string;
  readonly on?: string;
}

const quoted = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? 'null' : `'${value}'`;

/** Runs statements without triggers: what they would guard is prepared here. */
export const prepare = (gateway: Gateway, statements: readonly string[]): Promise<unknown> =>
  gateway.sql(`do $$ begin set local session_replication_role = replica; ${statements.join('; ')}; end $$`);

/** Time on a project, each entry on an approved timesheet; gives the ids of the entries. */
export async function approvedTime(
  gateway: Gateway,
  org: Org,
  projectId: string,
  entries: readonly Time[],
): Promise<string[]> {
  const ids = entries.map(() => randomUUID());
  const rows = entries.map(({ minutes, rate, task, user = org.people.member.id, on = '2026-03-10' }, index) => {
    const sheet = randomUUID();
    return [
      `insert into timesheets (org_id, id, user_id, period_start_on, period_end_on, status)
        select '${org.id}', '${sheet}', '${user}', start, start + 6, 'approved'
        from (select date '2020-01-06' + 7 * count(*)::int as start from timesheets where org_id = '${org.id}') next`,
      `insert into time_entries (org_id, id, project_id, user_id, timesheet_id, task_id, duration_minutes, bill_rate_cents, logged_on)
        values ('${org.id}', '${ids[index]}', '${uuidOf(projectId)}', '${user}', '${sheet}', ${quoted(task && uuidOf(task))},
          ${minutes}, ${quoted(rate)}, '${on}')`,
    ];
  });
  await prepare(gateway, rows.flat());
  return ids;
}
