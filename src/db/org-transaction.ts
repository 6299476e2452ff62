/**
 * The only way of requests to the database: begin, one statement that checks proof and membership and seals the context,
 * work, commit. Begin and entering travel together; queries are read-only; the work runs again on a conflict.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Caller, ownerOf, type RequestInfo, type Scope } from '../auth/scope.ts';
import type { Config } from '../config.ts';
import type { Db } from './client.ts';
import { openingStatements, scopeOf } from './enter.ts';
import { type EntryProofs, isProofRefused } from './entry-proofs.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import { type Opening, opening } from './pool.ts';
import { isRetryable, outcomeUnknown, translateError } from './postgres-errors.ts';

/** One org transaction under way. */
export interface OrgTransaction {
  readonly db: Db;
  readonly scope: Scope;
  /** What Postgres said of the first statement that failed. */
  failure(): Error | undefined;
}

/** Thrown by the work to roll back and still give an answer. */
export class Rollback<T> {
  readonly result: T;

  constructor(result: T) {
    this.result = result;
  }
}

export interface TransactionOptions {
  readonly caller: Caller;
  readonly request: RequestInfo;
  readonly readOnly: boolean;
}

export type RunOrgTransaction = <T>(
  options: TransactionOptions,
  work: (tx: OrgTransaction) => Promise<T>,
) => Promise<T>;

/** Counters for the metrics. */
export interface TransactionEvents {
  committed: number;
  rolledBack: number;
  retried: number;
}

/**
 * Creates the transaction runner.
 *
 * @returns a function that runs work in one org transaction and gives what the work gave, once it is committed.
 * @throws GatewayError FORBIDDEN for a non-member, UNAUTHENTICATED for a bad key, TIMEOUT, UNAVAILABLE; UserError for a
 *   broken constraint; anything else is a bug. On an error everything is rolled back.
 */
export function createOrgTransactions(
  prisma: PrismaClient,
  config: Config,
  events: TransactionEvents,
  proofs: EntryProofs,
): RunOrgTransaction {
  const limits = { timeout: config.timeouts.transactionMs, maxWait: config.timeouts.poolWaitMs };

  async function once<T>(options: TransactionOptions, work: (tx: OrgTransaction) => Promise<T>): Promise<T> {
    const { caller, request, readOnly } = options;
    const opened: Opening = {
      statementMs: config.timeouts.statementMs,
      owner: ownerOf(caller),
      wanted: request.wanted,
      statements: await openingStatements(caller, request, readOnly, config, proofs),
    };
    const failure = () => opened.failure;
    const enter = (db: Db) => {
      if (!opened.entered) throw new Error('The transaction began without its context.');
      return work({ db, scope: scopeOf(opened.entered, caller), failure });
    };
    try {
      const result = await opening.run(opened, () => prisma.$transaction(enter, limits));
      events.committed++;
      return result;
    } catch (error) {
      events.rolledBack++;
      if (error instanceof Rollback) return error.result as T;
      if (opened.commitLost && !readOnly) throw outcomeUnknown();
      if (isProofRefused(opened.failure)) proofs.renew();
      throw isProofRefused(opened.failure) || isRetryable(error) || isRetryable(opened.failure)
        ? new Conflict(error, opened.failure)
        : translateError(error, opened.failure);
    }
  }

  return async (options, work) => {
    const deadline = Date.now() + config.timeouts.transactionMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(options, work);
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        if (attempt === 3 || Date.now() > deadline) throw translateError(error.thrown, error.failure);
        events.retried++;
        await sleep(20 + Math.random() * 60 * attempt);
      }
    }
  };
}

/** A conflict with another transaction; the whole may run again. */
class Conflict {
  readonly thrown: unknown;
  readonly failure: Error | undefined;

  constructor(thrown: unknown, failure: Error | undefined) {
    this.thrown = thrown;
    this.failure = failure;
  }
}
