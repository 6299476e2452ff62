/**
 * A single read in one round trip: settings, the caller's entry and the statement travel together, and Postgres runs them as
 * one implicit read-only transaction. It keeps what an org transaction promises: the membership is checked by the database
 * before the statement runs, row security holds, time-outs hold, and nothing of it is left on the connection.
 */
import type { Caller, RequestInfo, Scope } from '../auth/scope.ts';
import type { Config } from '../config.ts';
import { enterStatement, readSettings, scopeOf } from './enter.ts';
import type { TransactionEvents } from './org-transaction.ts';
import type { Row, Statement } from './pipeline.ts';
import type { GuardedPool } from './pool.ts';

/** What a read gave: its rows, and the scope that the database gave the caller. */
export interface OrgRead {
  readonly rows: readonly Row[];
  readonly scope: Scope;
}

export type RunOrgRead = (caller: Caller, request: RequestInfo, statement: Statement) => Promise<OrgRead>;

/**
 * Makes the door for single reads.
 *
 * @returns a function that runs one statement as the caller. It throws what Postgres or the pool says, untranslated.
 */
export function createOrgReads(pool: GuardedPool, config: Config, events: TransactionEvents): RunOrgRead {
  const settings = readSettings(config);
  return async (caller, request, statement) => {
    const statements = [settings, enterStatement(caller, request, config), statement];
    try {
      const [, entered, rows = []] = await pool.pipeline(statements, config.timeouts.statementMs, request.wanted);
      events.committed++;
      return { rows, scope: scopeOf(entered?.[0] ?? {}, caller) };
    } catch (error) {
      events.rolledBack++;
      throw error;
    }
  };
}
