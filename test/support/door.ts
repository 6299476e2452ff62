/**
 * The door to the database, opened by a test itself: org transactions over any pool, with their counters in sight.
 */
import type { Caller } from '../../src/auth/scope.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createPrisma } from '../../src/db/client.ts';
import { createOrgTransactions, type OrgTransaction, type TransactionEvents } from '../../src/db/org-transaction.ts';
import type { GuardedPool } from '../../src/db/pool.ts';
import type { Org } from './gateway.ts';

/** A configuration with time-outs of a test's own, in milliseconds. */
export const configWith = (env: Readonly<Record<string, string>>): Config => readConfig({ NODE_ENV: 'test', ...env });

/** A person of an organization, as a verified credential names them. */
export function callerOf(org: Org, role: keyof Org['people'] = 'member'): Caller {
  const { id, email } = org.people[role];
  const claims = { email, verifiedEmail: email, fullName: null, avatarUrl: null };
  return { kind: 'person', userId: id, ...claims, wantedOrg: org.id, claimedOrg: null };
}

type Work<T> = (tx: OrgTransaction) => Promise<T>;

/** Opens the door over a pool. */
export function openDoor(pool: GuardedPool, config: Config) {
  const events: TransactionEvents = { committed: 0, rolledBack: 0, retried: 0 };
  const prisma = createPrisma(pool, config.database);
  const run = createOrgTransactions(prisma, config, events);
  const request = { id: 'test', ip: null, userAgent: null };
  return {
    events,
    prisma,
    run,
    read: <T>(caller: Caller, work: Work<T>) => run({ caller, request, readOnly: true }, work),
    write: <T>(caller: Caller, work: Work<T>) => run({ caller, request, readOnly: false }, work),
    close: () => prisma.$disconnect(),
  };
}
