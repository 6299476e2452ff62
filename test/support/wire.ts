/**
 * What goes over the wire to Postgres: each statement with its text and bound values, connection by connection. Read from
 * the protocol calls of `pg`, which are the same for a server and for the embedded database.
 */
import type { EventEmitter } from 'node:events';
import type pg from 'pg';

/** How a transaction takes on its role, unless its login has the rights of no other. */
export const takesRole = "select set_config('role', 'gateway', true)";

/** Whether a statement makes the transaction that of its caller. */
export const enters = (text: string): boolean => /^select (\* from app\.enter|app\.limit_transaction)/.test(text);

const begins = (text = ''): boolean => /^begin/i.test(text);

/** Where transactions begin: at `begin`, or at the role or the entry of one that is implicit, as that of a compiled read. */
export const beginnings = (sent: readonly Sent[]): number[] =>
  sent.flatMap(({ text }, at) => {
    const before = sent[at - 1]?.text;
    const implicit =
      (text === takesRole && !begins(before)) || (enters(text) && !begins(before) && before !== takesRole);
    return begins(text) || implicit ? [at] : [];
  });

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

/** Listens to pools until `stop`; connections are tapped when they are next taken. */
export function listenToWire(...pools: pg.Pool[]): { readonly sent: Sent[]; readonly stop: () => void } {
  const sent: Sent[] = [];
  const taps = new Map<Protocol, () => void>();
  const onAcquire = (client: pg.PoolClient) => {
    const { connection } = client as unknown as { connection: Protocol };
    if (!taps.has(connection)) taps.set(connection, tap(connection, taps.size + 1, sent));
  };
  for (const pool of new Set(pools)) pool.on('acquire', onAcquire);
  return {
    sent,
    stop() {
      for (const pool of pools) pool.removeListener('acquire', onAcquire);
      for (const untap of taps.values()) untap();
    },
  };
}
