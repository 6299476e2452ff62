/**
 * Several statements in one round trip: all are written to the socket before a single Sync, and awaited once.
 *
 * Takes statements, gives the rows of each. An error in one skips all that follow it. Outside of a transaction Postgres
 * runs the whole as one implicit transaction: settings made by the first hold for the last, and are gone afterwards.
 * It is a `Submittable` for `pg`, as pg-cursor's queries are.
 * Protocol: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
import type { Connection, Submittable } from 'pg';
import pg from 'pg';
import { budgetOf } from './statement-budget.ts';

/** One statement of a pipeline. A named one is parsed once on each connection. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly (string | null)[];
  readonly name?: string;
}

export type Row = Record<string, unknown>;

/** What `pg` keeps on a connection, besides its published type: the names already parsed there, and the protocol calls. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Record<string, string | undefined>;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly (string | null)[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
  on(event: 'parseComplete', listener: () => void): void;
  removeListener(event: 'parseComplete', listener: () => void): void;
}

type Field = { name: string; dataTypeID: number };

/** A batch of statements on its way; `done` settles with the rows of each statement, or the first error. */
export class Pipeline implements Submittable {
  readonly done: Promise<Row[][]>;
  #statements: readonly Statement[];
  #parsing: Statement[] = [];
  #fields: readonly Field[] = [];
  #rows: Row[] = [];
  #results: Row[][] = [];
  #wire: Wire | undefined;
  #resolve!: (results: Row[][]) => void;
  #reject!: (error: Error) => void;

  constructor(statements: readonly Statement[]) {
    this.#statements = statements;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever drops the promise has been told through the query queue already.
    this.done.catch(() => {});
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    this.#wire = wire;
    wire.on('parseComplete', this.#parsed);
    wire.stream.cork?.();
    try {
      budgetOf(connection)?.reserve(this.#statements);
      for (const statement of this.#statements) this.#write(wire, statement);
      wire.sync();
    } finally {
      wire.stream.uncork?.();
    }
  }

  #write(wire: Wire, { text, values = [], name = '' }: Statement): void {
    if (!name || wire.parsedStatements[name] !== text) this.#parse(wire, { text, name });
    wire.bind({ statement: name, values });
    wire.describe({ type: 'P', name: '' });
    wire.execute({ portal: '', rows: 0 });
  }

  #parse(wire: Wire, statement: { text: string; name: string }): void {
    wire.parse(statement);
    this.#parsing.push(statement);
  }

  /** A name counts as parsed only once the server says so: after an error some were, and some were not. */
  #parsed = (): void => {
    const statement = this.#parsing.shift();
    if (statement?.name && this.#wire) this.#wire.parsedStatements[statement.name] = statement.text;
  };

  handleRowDescription(message: { fields: readonly Field[] }): void {
    this.#fields = message.fields;
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    const row: Row = {};
    this.#fields.forEach((field, index) => {
      const value = message.fields[index] ?? null;
      row[field.name] = value === null ? null : pg.types.getTypeParser(field.dataTypeID, 'text')(value);
    });
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    this.#results.push(this.#rows);
    this.#rows = [];
  }

  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  handleReadyForQuery(): void {
    this.#wire?.removeListener('parseComplete', this.#parsed);
    this.#resolve(this.#results);
  }

  /** `pg` forgets the query before ReadyForQuery arrives, so an error settles here or never. */
  handleError(error: Error): void {
    this.#wire?.removeListener('parseComplete', this.#parsed);
    this.#reject(error);
  }
}
