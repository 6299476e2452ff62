/**
 * A single read in one round trip: the role, the caller's entry and the statement travel together, and Postgres runs them as
 * one implicit read-only transaction. It keeps what an org transaction promises: the membership is checked by the database
 * before the statement runs, row security holds, time-outs hold, and nothing of it is left on the connection.
 */
import type { Requirement } from '../auth/permissions.ts';
import type { Caller, RequestInfo, Scope } from '../auth/scope.ts';
import type { Config } from '../config.ts';
import { demanding } from './demand.ts';
import { readingStatements, scopeOf } from './enter.ts';
import { type EntryProofs, isProofRefused } from './entry-proofs.ts';
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
 * Creates the runner of single reads.
 *
 * @returns a function that runs one statement as the caller. It throws what Postgres or the pool says, untranslated.
 */
export function createOrgReads(
  pool: GuardedPool,
  config: Config,
  events: TransactionEvents,
  proofs: EntryProofs,
): RunOrgRead {
  async function once(
    caller: Caller,
    request: RequestInfo,
    statement: Statement,
    requirements: ReadonlySet<Requirement>,
  ): Promise<OrgRead> {
    const [enter, ...role] = (await readingStatements(caller, request, config, proofs)).reverse();
    const entering = enter ? [demanding(enter, caller, requirements)] : [];
    const results = await pool.pipeline([...role, ...entering, statement], config.timeouts.statementMs, request.wanted);
    return { rows: results.at(-1) ?? [], scope: scopeOf(results.at(-2)?.[0] ?? {}, caller) };
  }

  return async (caller, request, statement, requirements = nothing) => {
    try {
      const read = await once(caller, request, statement, requirements).catch((error: unknown) => {
        if (!isProofRefused(error)) throw error;
        proofs.renew();
        return once(caller, request, statement, requirements);
      });
      events.committed++;
      return read;
    } catch (error) {
      events.rolledBack++;
      throw error;
    }
  };
}
