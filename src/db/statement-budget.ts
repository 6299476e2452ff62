/**
 * The prepared statements of one connection, bounded in number and in bytes: those that were not used for longest are closed
 * when a new one needs their room. Whatever prepares a statement is seen here, Prisma through `pg` and our own pipelines.
 *
 * A Close goes out before all else that follows a Sync: between other messages an error would skip it, and the name would
 * stay taken on the server.
 */
import type pg from 'pg';

const maxStatements = 600;
const maxBytes = 262_144;

interface Named {
  readonly text: string;
  readonly name?: string | undefined;
}

/** What `pg` keeps on a connection, besides its published type. */
interface Wire {
  readonly parsedStatements: Record<string, string | undefined>;
  parse(message: Named): void;
  bind(message: { readonly statement?: string }): void;
  close(message: { type: 'S'; name: string }): void;
}

export class StatementBudget {
  readonly #wire: Wire;
  /** The bytes of each name, the least recently used first. */
  readonly #held = new Map<string, number>();
  #bytes = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** What is held, for tests and metrics. */
  get held(): { readonly statements: number; readonly bytes: number } {
    return { statements: this.#held.size, bytes: this.#bytes };
  }

  /** Makes room for the statements of one exchange that are not prepared yet. */
  reserve(statements: readonly Named[]): void {
    if (statements.every(({ name }) => !name || this.#held.has(name))) return;
    for (const { name } of statements) if (name) this.use(name);
    for (const { name, text } of statements)
      if (name && !this.#held.has(name)) {
        this.#held.set(name, text.length);
        this.#bytes += text.length;
      }
    const kept = new Set(statements.map(({ name }) => name));
    for (const name of this.#held.keys()) {
      if (this.#bytes <= maxBytes && this.#held.size <= maxStatements) return;
      if (!kept.has(name)) this.#close(name);
    }
  }

  use(name: string): void {
    const bytes = this.#held.get(name);
    if (bytes === undefined) return;
    this.#held.delete(name);
    this.#held.set(name, bytes);
  }

  #close(name: string): void {
    this.#bytes -= this.#held.get(name) ?? 0;
    this.#held.delete(name);
    this.#wire.close({ type: 'S', name });
    delete this.#wire.parsedStatements[name];
  }
}

const budgets = new WeakMap<object, StatementBudget>();

/** The budget of a connection that `watchStatements` has seen. */
export const budgetOf = (connection: object): StatementBudget | undefined => budgets.get(connection);

/** Holds a new connection to the budget. */
export function watchStatements(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection: Wire };
  const budget = new StatementBudget(connection);
  budgets.set(connection, budget);
  const { parse, bind } = connection;
  connection.parse = (message) => {
    // In a pipeline everything is reserved before, and this changes nothing.
    budget.reserve([message]);
    parse.call(connection, message);
  };
  connection.bind = (message) => {
    if (message.statement) budget.use(message.statement);
    bind.call(connection, message);
  };
}
