import type { Gateway } from '../support/gateway.ts';

/** The tables of the schema, for a `from` in parentheses. */
export const tables = `select oid, relname from pg_class
  where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and relname <> '_prisma_migrations'`;

/** The first column of what a statement finds. */
export const firstColumn = async ({ sql }: Gateway, text: string): Promise<string[]> =>
  (await sql(text)).map((row) => String(Object.values(row)[0]));
