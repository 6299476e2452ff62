/**
 * What a connection and its answers say of themselves, and what a checkout of one can do.
 */
import type pg from 'pg';
import type { Wanted } from '../wanted.ts';

export type StopDatabase = () => Promise<void>;

/** What a checkout can do about statements that nobody waits for any more. */
export interface Means {
  readonly stop: StopDatabase | undefined;
  /** Whether statements can be cancelled. */
  readonly cancels: boolean;
  readonly request: Wanted | undefined;
}

/** A statement, as `pg` takes it. */
export type QueryConfig = string | { readonly text?: string; readonly queryMode?: 'extended' };

export const textOf = (query: QueryConfig): string => (typeof query === 'string' ? query : (query.text ?? ''));

/** Whether a text reads or writes rows, and does nothing to the connection, its role or its transaction. */
export const isRowCommand = (text: string): boolean => /^\s*(select|insert|update|delete|with|values)\b/i.test(text);

/** The same query by the extended protocol, whose statements are single commands. */
export const oneCommand = (query: QueryConfig): QueryConfig => ({
  ...(typeof query === 'string' ? { text: query } : query),
  queryMode: 'extended',
});

/** Whether a connection is outside any transaction. A new one has not said anything yet. */
export function isIdle(client: pg.PoolClient): boolean {
  const status = (client as pg.PoolClient & { getTransactionStatus(): string | null }).getTransactionStatus();
  return status === 'I' || status === null;
}

/** Whether Postgres itself refused a statement and lives on; a lost connection or a server going down is no answer. */
export const isAnswer = (error: Error): boolean => 'severity' in error && error.severity === 'ERROR';
