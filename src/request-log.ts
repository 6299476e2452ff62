/**
 * The log of requests that tenants read (`api_request_logs`): written by the server in batches, after the answers, as the
 * service role. It never holds a request up, and never more than a bounded number of rows: what the database does not take
 * is dropped, and counted. A request is noted once the database has let its caller into an organization.
 */
import { createHash } from 'node:crypto';
import type { Config } from './config.ts';
import type { GuardedPool } from './db/pool.ts';
import { serviceTransaction } from './db/service.ts';
import type { Logger } from './log.ts';
import type { RequestState } from './request.ts';

/** Counters for the metrics. */
export interface RequestLogEvents {
  written: number;
  dropped: number;
}

export interface RequestLog {
  /** Notes an answered request, if its kind is logged. */
  note(state: RequestState): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

export interface RequestLogOptions {
  readonly pool: GuardedPool;
  readonly which: Config['requestLog'];
  readonly events: RequestLogEvents;
  readonly logger: Logger;
}

const batchSize = 200;
const flushMs = 2_000;
/** As many rows may wait for the database. */
const mostHeld = 10_000;

const columns = [
  'org_id',
  'user_id',
  'api_key_id',
  'operation_name',
  'document_hash',
  'status',
  'duration_ms',
  'cost',
  'request_id',
  'ip',
  'created_at',
] as const;

type Row = Readonly<Record<(typeof columns)[number], unknown>>;

const insert = `insert into api_request_logs (${columns.join(', ')})
  select ${columns.join(', ')} from jsonb_populate_recordset(null::api_request_logs, $1::jsonb)`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const rowOf = ({ id, ip, scope, document, operation, cost, codes, startedAt }: RequestState): Row => ({
  org_id: scope?.orgId,
  user_id: scope?.userId,
  api_key_id: scope?.apiKeyId,
  operation_name: operation,
  document_hash: document === null ? null : sha256(document),
  status: codes[0] ?? 'ok',
  duration_ms: Math.round(performance.now() - startedAt),
  cost,
  request_id: id,
  ip,
  created_at: new Date().toISOString(),
});

/** Makes an empty log. */
export function createRequestLog({ pool, which, events, logger }: RequestLogOptions): RequestLog {
  let rows: Row[] = [];
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  async function write(batch: readonly Row[]): Promise<void> {
    try {
      await serviceTransaction(pool, (client) => client.query(insert, [JSON.stringify(batch)]));
      events.written += batch.length;
    } catch (error) {
      events.dropped += batch.length;
      logger.warn({ err: error, rows: batch.length }, 'requests were not logged');
    }
    held -= batch.length;
  }

  function flush(): Promise<unknown> {
    clearTimeout(timer);
    timer = undefined;
    const batch = rows;
    rows = [];
    if (batch.length > 0) writing = writing.then(() => write(batch));
    return writing;
  }

  const isLogged = ({ scope }: RequestState): boolean =>
    Boolean(scope?.orgId && (which === 'all' || (which === 'keys' && scope.apiKeyId)));

  return {
    note(state) {
      if (!isLogged(state)) return;
      if (held >= mostHeld) {
        events.dropped++;
        return;
      }
      held++;
      rows.push(rowOf(state));
      if (rows.length >= batchSize) flush();
      else timer ??= setTimeout(flush, flushMs).unref();
    },
    async close() {
      await flush();
    },
  };
}
