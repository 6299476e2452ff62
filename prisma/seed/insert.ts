/** Writes many rows with one statement. */
import type pg from 'pg';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Row = Readonly<Record<string, Json>>;

const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** A row that was made a year ago was not changed today. */
const complete = (row: Row): Row => (row.created_at === undefined ? row : { ...row, updated_at: row.created_at });

/**
 * Inserts rows in their order. The columns are those of the first row, and their types those of the table; every other
 * column takes its default, but `updated_at` that of `created_at`.
 */
export async function insertRows(
  client: pg.ClientBase,
  table: string,
  rows: readonly Row[],
  suffix = '',
): Promise<void> {
  const whole = rows.map(complete);
  const [first] = whole;
  if (first === undefined) return;
  const columns = Object.keys(first).map(name).join(', ');
  const source = `select ${columns} from jsonb_populate_recordset(null::${name(table)}, $1::jsonb)`;
  await client.query(`insert into ${name(table)} (${columns}) ${source} ${suffix}`, [JSON.stringify(whole)]);
}
