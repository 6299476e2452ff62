/** Invoices with their lines and payments, and expenses. */
import { expenseRows } from './finance-expenses.ts';
import {
  billedRows,
  type Invoice,
  invoiceRows,
  lineRows,
  paymentRows,
  planInvoices,
  planLines,
} from './finance-invoices.ts';
import { insertRows } from './insert.ts';
import type { Scene } from './scene.ts';

/** Issues invoices in their order: each takes the next number. */
async function issue({ client, org, calendar }: Scene, invoices: readonly Invoice[]): Promise<void> {
  for (const { id, state, age, term } of invoices) {
    if (state === 'draft') continue;
    await client.query(
      `update invoices set status = 'open', issued_on = $3, due_on = $4 where org_id = $1 and id = $2`,
      [org.id, id, calendar.date(-age), calendar.date(term - age)],
    );
  }
}

async function end({ client, org }: Scene, invoices: readonly Invoice[], status: 'void' | 'uncollectible') {
  const ids = invoices.filter(({ state }) => state === status).map(({ id }) => id);
  await client.query('update invoices set status = $3 where org_id = $1 and id = any($2)', [org.id, ids, status]);
}

export async function seedFinance(scene: Scene): Promise<void> {
  const { client } = scene;
  const invoices = await planInvoices(scene);
  const lines = planLines(scene, invoices);
  await insertRows(client, 'invoices', invoiceRows(scene, invoices));
  await insertRows(client, 'invoice_line_items', lineRows(scene, lines));
  await insertRows(client, 'invoice_time_entries', billedRows(scene, lines));
  await issue(scene, invoices);
  await insertRows(client, 'payments', paymentRows(scene, invoices));
  await end(scene, invoices, 'void');
  await end(scene, invoices, 'uncollectible');
  await insertRows(client, 'expenses', await expenseRows(scene));
}
