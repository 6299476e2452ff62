/**
 * A single read in one round trip: settings, the caller's entry and the statement travel together, and Postgres runs them as
 * one implicit read-only transaction. It keeps what an org transaction promises: the membership is checked by the database
 * before the statement runs, row security holds, time-outs hold, and nothing of it is left on the connection.
 */
import type { Requirement } from '../auth/permissions.ts';
import type { Caller, RequestInfo, Scope } from '../auth/scope.ts';
import type { Config } from '../config.ts';
import { demanding } from './demand.ts';
import { enterStatement, readSettings, scopeOf } from './enter.ts';
import type { TransactionEvents } from './org-transaction.ts';
import type { Row, Statement } from './pipeline.ts';
import type { GuardedPool } from './pool.ts';

/** What a read gave: its rows, and the scope that the database gave the caller. */
export interface OrgRead {
  readonly rows: readonly Row[];
  readonly scope: Scope;
}

/** Runs a statement as a caller who has all that it requires; for others it does not run, and GW022 is thrown. */
export type RunOrgRead = (
  caller: Caller,
  request: RequestInfo,
  statement: Statement,
  requirements?: ReadonlySet<Requirement>,
) => Promise<OrgRead>;

const nothing: ReadonlySet<Requirement> = new Set();

/**
 * Makes the door for single reads.
 *
 * @returns a function that runs one statement as the caller. It throws what Postgres or the pool says, untranslated.
 */
export function createOrgReads(pool: GuardedPool, config: Config, events: TransactionEvents): RunOrgRead {
  const settings = readSettings(config);
  return async (caller, request, statement, requirements = nothing) => {
    const enter = demanding(enterStatement(caller, request, config), caller, requirements);
    const statements = [settings, enter, statement];
    try {
      const [, entered, rows = []] = await pool.pipeline(statements, config.timeouts.statementMs);
      events.committed++;
      return { rows, scope: scopeOf(entered?.[0] ?? {}, caller) };
    } catch (error) {
      events.rolledBack++;
      throw error;
    }
  };
}
