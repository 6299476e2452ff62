/**
 * The transaction runner, created by a test itself: org transactions over any pool, with their counters in sight.
 */
import type { Caller } from '../../src/auth/scope.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createPrisma } from '../../src/db/client.ts';
import type { Database } from '../../src/db/database.ts';
import { openingStatements } from '../../src/db/enter.ts';
import { createOrgTransactions, type OrgTransaction, type TransactionEvents } from '../../src/db/org-transaction.ts';
import type { Gateway, Org } from './gateway.ts';

/** A configuration with time-outs of a test's own, in milliseconds. */
export const configWith = (env: Readonly<Record<string, string>>): Config => readConfig({ NODE_ENV: 'test', ...env });

/** A person of an organization, as a verified credential names them. */
export function callerOf(org: Org, role: keyof Org['people'] = 'member'): Caller {
  const { id, email } = org.people[role];
  const claims = { email, verifiedEmail: email, fullName: null, avatarUrl: null };
  return { kind: 'person', userId: id, ...claims, wantedOrg: org.id, claimedOrg: null };
}

/** SQL for which of our roles the current one has the rights of. */
export const rightsOfGateway =
  "(select string_agg(rolname, ',') from pg_roles where rolname in ('gateway', 'gateway_owner', 'gateway_service') and pg_has_role(current_user, oid, 'usage'))";

type Send = (text: string, values: unknown[]) => Promise<unknown>;

/** Enters on a connection of a test's own, inside of its transaction, as the transaction runner does it. */
export async function enter(send: Send, { config, database }: Pick<Gateway, 'config' | 'database'>, caller: Caller) {
  const request = { id: 'test', ip: null, userAgent: null };
  const [, ...statements] = await openingStatements(caller, request, false, config, database.proofs);
  for (const { text, values = [] } of statements) await send(text, [...values]);
}

/** SQL by which an administrator takes on the context of a person with a role, and the role of requests. */
export const becomeSql = (org: Org, role: keyof Org['people']): string =>
  `perform app.write_context('${org.id}', '${org.people[role].id}', null, '${role}', null, null, null, null); set local role gateway;`;

type Work<T> = (tx: OrgTransaction) => Promise<T>;

/** Creates the transaction runner over a pool. */
export function openDoor({ pool, proofs }: Pick<Database, 'pool' | 'proofs'>, config: Config) {
  const events: TransactionEvents = { committed: 0, rolledBack: 0, retried: 0 };
  const prisma = createPrisma(pool, config.database);
  const run = createOrgTransactions(prisma, config, events, proofs);
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
