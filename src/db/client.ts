/**
 * Prisma over the guarded pool. `Db` is what the rest of the server sees: the client of one org transaction. The root
 * client stays inside `src/db`.
 */
import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import type { GuardedPool } from './pool.ts';

/** The client of one org transaction. */
export type Db = Prisma.TransactionClient;

const names = new Map<string, string>();

/** The same text always gets the same name, so Postgres plans it once on each connection. Bounded: shapes are finite. */
function statementName(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = `g${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
  if (names.size >= 5_000) names.clear();
  names.set(text, name);
  return name;
}

/** Makes the root client. Nothing outside `src/db` may hold it: all access goes through an org transaction. */
export function createPrisma(pool: GuardedPool, options: { preparedStatements: boolean }): PrismaClient {
  const named = options.preparedStatements
    ? { statementNameGenerator: (query: { sql: string }) => statementName(query.sql) }
    : {};
  return new PrismaClient({ adapter: new PrismaPg(pool, named), errorFormat: 'minimal' });
}
