/**
 * What goes over the wire to Postgres: each statement with its text and bound values, connection by connection. Read from
 * the protocol calls of `pg`, which are the same for a server and for the embedded database.
 */
import type { EventEmitter } from 'node:events';
import type pg from 'pg';

/** How a read that is compiled begins: with settings that make it read-only, in an implicit transaction. */
export const readSettings =
  "select set_config('role', 'gateway', true), set_config('transaction_read_only', 'on', true), set_config('statement_timeout', $1, true)";

/** Whether a statement begins a transaction. */
export const begins = (text: string): boolean => /^begin/i.test(text) || text.startsWith(readSettings);

/** One statement as it was sent. */
export interface Sent {
  /** Counts the connections of the pool. */
  readonly connection: number;
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Protocol extends EventEmitter {
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  query(text: string): void;
  parse(message: { text: string; name?: string }): void;
  bind(message: { statement?: string; values?: readonly unknown[] }): void;
}

/** Listens to one connection. */
function tap(protocol: Protocol, connection: number, sent: Sent[]): () => void {
  const own = { query: protocol.query, parse: protocol.parse, bind: protocol.bind };
  const texts = new Map<string, string>();
  protocol.query = (text) => {
    sent.push({ connection, text, values: [] });
    own.query.call(protocol, text);
  };
  protocol.parse = (message) => {
    texts.set(message.name ?? '', message.text);
    own.parse.call(protocol, message);
  };
  protocol.bind = (message) => {
    const name = message.statement ?? '';
    sent.push({
      connection,
      text: texts.get(name) ?? protocol.parsedStatements[name] ?? '',
      values: message.values ?? [],
    });
    own.bind.call(protocol, message);
  };
  return () => Object.assign(protocol, own);
}

/** Listens to a pool until `stop`; connections are tapped when they are next taken. */
export function listenToWire(pool: pg.Pool): { readonly sent: Sent[]; readonly stop: () => void } {
  const sent: Sent[] = [];
  const taps = new Map<Protocol, () => void>();
  const onAcquire = (client: pg.PoolClient) => {
    const { connection } = client as unknown as { connection: Protocol };
    if (!taps.has(connection)) taps.set(connection, tap(connection, taps.size + 1, sent));
  };
  pool.on('acquire', onAcquire);
  return {
    sent,
    stop() {
      pool.removeListener('acquire', onAcquire);
      for (const untap of taps.values()) untap();
    },
  };
}
