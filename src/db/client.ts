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

/** A prepared statement lives in the memory of Postgres as long as its connection, so there are only so many. */
const maxNames = 500;
const names = new Map<string, string>();
const seenOnce = new Set<string>();

/** A text that comes again gets a name, always the same, so Postgres plans it once on each connection. No name is ''. */
function statementName(text: string): string {
  const known = names.get(text);
  if (known || names.size >= maxNames) return known ?? '';
  if (!seenOnce.delete(text)) {
    if (seenOnce.size >= 5_000) seenOnce.clear();
    seenOnce.add(text);
    return '';
  }
  const name = `g${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
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
