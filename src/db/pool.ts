/**
 * The one pool, guarded. Everything that reaches Postgres goes through it, Prisma included.
 *
 * What must stay true: a connection never carries one caller's transaction into the next caller's.
 * - Once COMMIT or ROLLBACK is queued, the checked-out connection refuses every further statement: a Prisma transaction
 *   that timed out goes on sending, and its statements would land in the next tenant's transaction.
 * - A connection that comes back inside a transaction, or with work under way, is destroyed, not reused.
 * - Statements of one transaction take turns here: parallel fields of a query share one connection.
 * - A transaction that has entered as a caller sends one command at a time, and only commands that read or write rows: no
 *   text can bring a second statement with it, or change a role, a setting or the transaction itself.
 * - When its request is given up, what runs is cancelled, and only the end of the transaction is sent (given-up.ts).
 * Never set pg's `query_timeout`: it gives a connection back in an open transaction. Postgres' own time-outs are used.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Wanted } from '../wanted.ts';
import {
  isAnswer,
  isIdle,
  isRowCommand,
  type Means,
  oneCommand,
  type QueryConfig,
  type StopDatabase,
  textOf,
} from './connection-state.ts';
import { Cancellation } from './given-up.ts';
import { Pipeline, type Row, type Statement } from './pipeline.ts';
import { PoolBusyError, StatementRefusedError, TransactionEndedError } from './pool-errors.ts';
import { watchStatements } from './statement-budget.ts';

/** What opens a transaction: sent in place of BEGIN, in one round trip. Filled in as the transaction goes. */
export interface Opening {
  readonly statements: readonly Statement[];
  /** How long one statement may run, for a database that does not watch over it. */
  readonly statementMs?: number;
  /** The request that this transaction works for. */
  readonly wanted?: Wanted | undefined;
  /** Who sends the statements of this transaction, for the names of prepared ones. */
  readonly owner?: string | null;
  /** Set by the checkout that uses it: another connection taken inside the work begins plainly. */
  taken?: boolean;
  /** The row of the last opening statement. */
  entered?: Row;
  /** The first error that Postgres gave in this transaction, before Prisma dressed it up. The rest are its consequences. */
  failure?: Error;
  /** Set when the connection was lost at COMMIT: nobody knows whether the work was saved. */
  commitLost?: boolean;
}

/** The opening of the transaction that the current call is about to begin. */
export const opening = new AsyncLocalStorage<Opening>();

/** Counters for the metrics and tests. */
export interface PoolEvents {
  refused: number;
  destroyed: number;
  statements: number;
  /** Told the text of every statement, for whoever traces them. */
  onStatement?: (text: string) => void;
}

type Callback = (error: Error | undefined, client?: pg.PoolClient, release?: (error?: Error | boolean) => void) => void;

/** One checkout of a connection. It ends with the first COMMIT or ROLLBACK, or with its release. */
class Lease {
  #client: pg.PoolClient;
  #events: PoolEvents;
  #opening: Opening | undefined;
  #stop: StopDatabase | undefined;
  #ended = false;
  #released = false;
  #underWay = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #cancellation: Cancellation;

  constructor(client: pg.PoolClient, events: PoolEvents, opened: Opening | undefined, means: Means) {
    this.#stop = means.stop;
    this.#cancellation = new Cancellation(
      client,
      means.request,
      () => means.cancels && this.#underWay > 0 && !this.#ended,
    );
    this.#client = client;
    this.#events = events;
    this.#opening = opened;
  }

  query(query: QueryConfig, ...rest: unknown[]): unknown {
    const text = textOf(query);
    const callback = rest.find((argument): argument is (error: Error) => void => typeof argument === 'function');
    const givenUp = this.#cancellation.happened && text !== 'ROLLBACK';
    if (givenUp && text === 'COMMIT' && !this.#ended && !callback) return this.#rollBack();
    if (this.#ended || this.#released || givenUp)
      return this.#refuse(new TransactionEndedError('This transaction has ended.'), callback);
    if (text === 'COMMIT' || text === 'ROLLBACK') this.#ended = true;
    else if (this.#opening?.entered) {
      if (!isRowCommand(text))
        return this.#refuse(new StatementRefusedError('Not a command that reads or writes rows.'), callback);
      query = oneCommand(query);
    }
    this.#events.statements++;
    this.#events.onStatement?.(text);
    if (callback) return this.#client.query(query as never, ...(rest as never[]));
    const run = () => (text === 'BEGIN' && this.#opening ? this.#open(this.#opening) : this.#send(query, rest));
    return this.#takeTurn(run).catch((error: unknown) => this.#note(error, text));
  }

  #refuse(error: Error, callback: ((error: Error) => void) | undefined): unknown {
    this.#events.refused++;
    if (this.#opening) this.#opening.failure ??= error;
    if (!callback) return Promise.reject(error);
    return queueMicrotask(() => callback(error));
  }

  /** Nothing is saved of a request that was given up, and its connection stays good. */
  async #rollBack(): Promise<never> {
    this.#ended = true;
    await this.#takeTurn(() => this.#send('ROLLBACK', []));
    throw new TransactionEndedError('The request was given up.');
  }

  #send(query: QueryConfig, rest: unknown[]): Promise<unknown> {
    return this.#watch(this.#client.query(query as never, ...(rest as never[])) as unknown as Promise<unknown>);
  }

  /** Stops a database that knows no time-out, when a request's statement outlives its own. */
  #watch(result: Promise<unknown>): Promise<unknown> {
    const opened = this.#opening;
    const stop = this.#stop;
    if (!opened?.statementMs || !stop) return result;
    const timer = setTimeout(() => {
      opened.failure ??= new TransactionEndedError('The statement took too long.');
      stop().catch(() => {});
    }, opened.statementMs);
    return result.finally(() => clearTimeout(timer));
  }

  /** Runs a statement, unless its request was given up while it waited for its turn. */
  #start(run: () => Promise<unknown>): Promise<unknown> {
    const { happened, under } = this.#cancellation;
    if (happened && !this.#ended) return Promise.reject(new TransactionEndedError('The request was given up.'));
    return under ? under.then(run) : run();
  }

  #takeTurn(run: () => Promise<unknown>): Promise<unknown> {
    this.#underWay++;
    const result = this.#turn.then(() => this.#start(run));
    this.#turn = result.then(
      () => this.#underWay--,
      () => this.#underWay--,
    );
    return result;
  }

  #note(error: unknown, text: string): never {
    if (this.#opening && error instanceof Error) {
      this.#opening.failure ??= error;
      if (text === 'COMMIT' && !isAnswer(error)) this.#opening.commitLost = true;
    }
    throw error;
  }

  /** Several statements in one implicit transaction, which is over when they are. */
  async pipeline(statements: readonly Statement[]): Promise<Row[][]> {
    this.#events.statements += statements.length;
    for (const { text } of statements) this.#events.onStatement?.(text);
    return (await this.#takeTurn(() => this.#watch(this.#submit(statements)))) as Row[][];
  }

  #submit(statements: readonly Statement[]): Promise<Row[][]> {
    const pipeline = new Pipeline(statements);
    this.#client.query(pipeline);
    return pipeline.done;
  }

  /** Begins and enters in one round trip. A refusal is rolled back here, so that the connection stays good. */
  async #open(opened: Opening): Promise<unknown> {
    this.#events.statements += opened.statements.length - 1;
    try {
      opened.entered = (await this.#submit(opened.statements)).at(-1)?.[0];
      return { rows: [], fields: [], rowCount: 0 };
    } catch (error) {
      this.#ended = true;
      await this.#cancellation.under;
      await this.#client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  release(error?: Error | boolean): void {
    if (this.#released) return;
    this.#released = true;
    this.#cancellation.end();
    const { under } = this.#cancellation;
    if (under) under.then((good) => this.#giveBack(good ? error : true));
    else this.#giveBack(error);
  }

  #giveBack(error?: Error | boolean): void {
    const refusedAtTheDoor =
      (this.#ended || this.#cancellation.happened) &&
      this.#opening !== undefined &&
      this.#opening.entered === undefined;
    const clean = this.#underWay === 0 && isIdle(this.#client) && (!error || refusedAtTheDoor);
    if (!clean) this.#events.destroyed++;
    this.#client.release(clean ? undefined : error || true);
  }
}

function takeOpening(): Opening | undefined {
  const opened = opening.getStore();
  if (!opened || opened.taken) return undefined;
  opened.taken = true;
  return opened;
}

const leaseOf = (client: pg.PoolClient, lease: Lease): pg.PoolClient => {
  return new Proxy(client, {
    get(target, key) {
      if (key === 'query') return lease.query.bind(lease);
      if (key === 'release') return lease.release.bind(lease);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};

const busy = () => new PoolBusyError('The queue for a connection is full.');

function refuse(callback: Callback | undefined): Promise<pg.PoolClient> | undefined {
  if (!callback) return Promise.reject(busy());
  queueMicrotask(() => callback(busy()));
  return undefined;
}

export interface GuardedPoolOptions {
  /** How many callers may wait for a connection; one more is refused. */
  readonly maxWaiting?: number;
  /** Stops a database that runs in this process and ends no statement by itself. */
  readonly stop?: StopDatabase;
}

/** A `pg.Pool` whose connections cannot carry a transaction from one caller to the next, with a bounded queue. */
export class GuardedPool extends pg.Pool {
  readonly events: PoolEvents = { refused: 0, destroyed: 0, statements: 0 };
  readonly maxWaiting: number;
  readonly #stop: StopDatabase | undefined;

  constructor(config: pg.PoolConfig, options: GuardedPoolOptions = {}) {
    super(config);
    this.maxWaiting = options.maxWaiting ?? Math.max(200, (config.max ?? 10) * 50);
    this.#stop = options.stop;
    // A connection that dies while it is lent tells so by an event, and an event that nobody hears ends the process.
    this.on('connect', (client) => client.on('error', () => {}));
    this.on('connect', watchStatements);
    this.on('error', () => {});
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    if (this.waitingCount >= this.maxWaiting) return refuse(callback);
    const opened = takeOpening();
    const means = this.#means(opened?.wanted);
    if (callback) {
      this.#connectThen(callback, opened, means);
      return undefined;
    }
    return super.connect().then((client) => this.#lend(client, opened, means));
  }

  /**
   * Runs statements in one round trip, as one implicit transaction, on a connection that is borrowed for just that long.
   *
   * @returns the rows of each statement.
   * @throws what Postgres says of the first statement that fails; nothing after it has run, and nothing is kept.
   */
  async pipeline(statements: readonly Statement[], statementMs: number, request?: Wanted): Promise<Row[][]> {
    if (this.waitingCount >= this.maxWaiting) throw busy();
    const opened: Opening = { statements, statementMs };
    const means = this.#means(request);
    const client = await super.connect();
    const lease = new Lease(client, this.events, opened, means);
    try {
      const results = await lease.pipeline(statements);
      lease.release();
      return results;
    } catch (error) {
      const isGood = error instanceof TransactionEndedError || (error instanceof Error && isAnswer(error));
      lease.release(isGood ? undefined : true);
      throw opened.failure ?? error;
    }
  }

  #means(request: Wanted | undefined): Means {
    return { stop: this.#stop, cancels: this.options.stream === undefined, request };
  }

  #lend(client: pg.PoolClient, opened: Opening | undefined, means: Means): pg.PoolClient {
    return leaseOf(client, new Lease(client, this.events, opened, means));
  }

  #connectThen(callback: Callback, opened: Opening | undefined, means: Means): void {
    super.connect((error, client) => {
      if (error || !client) return callback(error ?? new Error('No connection.'));
      const lent = this.#lend(client, opened, means);
      callback(undefined, lent, (failure) => lent.release(failure));
    });
  }
}
