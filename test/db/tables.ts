/** The tables of the schema, for a `from` in parentheses. */
export const tables = `select oid, relname from pg_class
  where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and relname <> '_prisma_migrations'`;
