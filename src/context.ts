/**
 * What a resolver sees of its request. The database is the client of the operation's own org transaction; outside of one
 * (introspection, a request that was refused) it is not there.
 */
import type { Scope } from './auth/scope.ts';
import type { Credentials } from './credentials/credentials.ts';
import type { Db } from './db/client.ts';
import type { Files } from './files/store.ts';
import type { Cursors } from './graphql/sealed-cursors.ts';
import type { Embedder } from './search/embedder.ts';

/** What the server has beside the database, the same for every request. */
export interface Services {
  readonly embedder: Embedder;
  readonly files: Files;
  readonly credentials: Credentials;
  readonly cursors: Cursors;
  readonly production: boolean;
  /** Lets owners choose a plan without paying; null where the payment provider has the word. */
  readonly plans: PlanProofs | null;
}

/** Proves to the database that the server lets an owner choose a plan. */
export interface PlanProofs {
  readonly ofPlan: (orgId: string, plan: string, seats: number) => Promise<string>;
}

export interface Context extends Services {
  readonly requestId: string;
  readonly scope: Scope;
  /** The address that the issuer of the caller's token vouches for. */
  readonly verifiedEmail: string | null;
  /** The client of this operation's transaction. Everything it reads and writes is the caller's own. */
  readonly db: Db;
  /** Has something done outside of the database once the transaction is saved; never when it is rolled back. */
  readonly afterCommit: (work: () => Promise<void>) => void;
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
