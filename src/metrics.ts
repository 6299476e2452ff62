/**
 * The numbers for Prometheus: requests, latency, errors, pool, transactions, retries. Nothing in them names a tenant.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { TransactionEvents } from './db/org-transaction.ts';
import type { GuardedPool } from './db/pool.ts';
import type { RequestLogEvents } from './request-log.ts';

export interface Metrics {
  readonly registry: Registry;
  /** Notes who answers a read. */
  countRead(by: 'compiler' | 'resolvers'): void;
  /** Notes a read that was answered on the short way. */
  countKnown(): void;
  /** Notes an answered request; `seconds` from its arrival. */
  observeRequest(outcome: {
    readonly status: number;
    readonly codes: readonly string[];
    readonly seconds: number;
  }): void;
}

const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Read = () => number;

/** What counts for itself. */
export interface Counted {
  readonly pool: GuardedPool;
  readonly transactions: TransactionEvents;
  readonly requestLog: RequestLogEvents;
}

/** Numbers that others count, read when Prometheus asks. */
function addReadings(registers: Registry[], { pool, transactions, requestLog }: Counted): void {
  const gauge = (name: string, help: string, read: Read) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: Read) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  gauge('gateway_pool_connections', 'Connections open.', () => pool.totalCount);
  gauge('gateway_pool_idle', 'Connections idle.', () => pool.idleCount);
  gauge('gateway_pool_waiting', 'Callers waiting for a connection.', () => pool.waitingCount);
  counter(
    'gateway_pool_destroyed_total',
    'Connections destroyed because they came back unclean.',
    () => pool.events.destroyed,
  );
  counter(
    'gateway_pool_refused_total',
    'Statements refused after the end of their transaction.',
    () => pool.events.refused,
  );
  counter('gateway_statements_total', 'SQL statements sent.', () => pool.events.statements);
  counter('gateway_transactions_committed_total', 'Transactions committed.', () => transactions.committed);
  counter('gateway_transactions_rolled_back_total', 'Transactions rolled back.', () => transactions.rolledBack);
  counter('gateway_transactions_retried_total', 'Transactions run again after a conflict.', () => transactions.retried);
  counter('gateway_request_logs_written_total', 'Requests written to the log of requests.', () => requestLog.written);
  counter(
    'gateway_request_logs_dropped_total',
    'Requests that are missing in the log of requests: the database did not take them.',
    () => requestLog.dropped,
  );
}

/** Makes a registry of its own, so that several servers in one process do not mix their numbers. */
export function createMetrics(counted: Counted): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'gateway_requests_total',
    help: 'GraphQL requests by HTTP status.',
    labelNames: ['status'],
    registers,
  });
  const errors = new Counter({
    name: 'gateway_errors_total',
    help: 'Errors answered, by code.',
    labelNames: ['code'],
    registers,
  });
  const latency = new Histogram({
    name: 'gateway_request_seconds',
    help: 'Time to answer a GraphQL request.',
    buckets,
    registers,
  });
  const reads = new Counter({
    name: 'gateway_reads_total',
    help: 'Queries by who answers them: one compiled statement, or resolvers.',
    labelNames: ['by'],
    registers,
  });
  const known = new Counter({
    name: 'gateway_known_reads_total',
    help: 'Queries answered on the short way, because the same document was answered before.',
    registers,
  });
  addReadings(registers, counted);
  return {
    registry,
    countRead: (by) => reads.inc({ by }),
    countKnown: () => known.inc(),
    observeRequest({ status, codes, seconds }) {
      requests.inc({ status: String(status) });
      latency.observe(seconds);
      for (const code of codes) errors.inc({ code });
    },
  };
}
