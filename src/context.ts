/**
 * What a resolver sees of its request. The database is the client of the operation's own org transaction; outside of one
 * (introspection, a request that was refused) it is not there.
 */
import type { Scope } from './auth/scope.ts';
import type { Db } from './db/client.ts';
import type { Embedder } from './search/embedder.ts';

export interface Context {
  readonly requestId: string;
  readonly scope: Scope;
  /** The client of this operation's transaction. Everything it reads and writes is the caller's own. */
  readonly db: Db;
  readonly embedder: Embedder;
  /** What Postgres said last in this transaction, when a statement failed. */
  readonly failure: () => Error | undefined;
  /** What the mutations of this document were refused for, by response key; anything here rolls the document back. */
  readonly refusals: Map<string, readonly Refusal[]>;
  /** Set when the document was rolled back and is answered again: nothing runs, the refusals are told. */
  readonly replay: boolean;
}

/** One entry of `userErrors`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly currentVersion: number | null;
}
