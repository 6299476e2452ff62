/**
 * Prisma over the guarded pool. `Db` is what the rest of the server sees: the client of one org transaction. The root
 * client stays inside `src/db`.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import { type GuardedPool, opening } from './pool.ts';
import { statementNames } from './statement-names.ts';

/** The client of one org transaction. */
export type Db = Prisma.TransactionClient;

/** Makes the root client. Nothing outside `src/db` may hold it: all access goes through an org transaction. */
export function createPrisma(pool: GuardedPool, options: { preparedStatements: boolean }): PrismaClient {
  const nameOf = statementNames();
  const named = options.preparedStatements
    ? { statementNameGenerator: (query: { sql: string }) => nameOf(query.sql, opening.getStore()?.owner) }
    : {};
  return new PrismaClient({ adapter: new PrismaPg(pool, named), errorFormat: 'minimal' });
}
