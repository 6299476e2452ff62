/**
 * Two servers over one database: one compiles the reads that it can, the other leaves them all to the resolvers. Whatever
 * is asked, both must answer with the same text.
 */
import type { Config } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { createGateway, type Gateway as Server } from '../../src/server.ts';
import { startDemo } from '../support/demo.ts';
import type { Gateway } from '../support/gateway.ts';
import { type Callers, makeCallers } from './callers.ts';
import type { Both } from './faults.ts';
import { ask, type Caller, type Operation } from './operation.ts';
import { varyRows } from './varied-rows.ts';

export interface TwoServers {
  readonly gateway: Gateway;
  readonly compiled: Server;
  readonly plain: Server;
  readonly callers: Callers;
  /** How many operations may be under way at once. */
  readonly width: number;
  readonly ask: (caller: Caller, operation: Operation) => Promise<Both>;
  readonly close: () => Promise<void>;
}

/** Two servers are slower than one, and other tests run beside this one. */
const patience = {
  STATEMENT_TIMEOUT_MS: '40000',
  TRANSACTION_TIMEOUT_MS: '50000',
  REQUEST_TIMEOUT_MS: '60000',
  POOL_WAIT_MS: '50000',
};

/** A log that keeps, by request, why a read was left to the resolvers. */
function refusalLog() {
  const refusals = new Map<string, string>();
  const write = (line: string) => {
    const { msg, requestId, field, reason } = JSON.parse(line);
    if (msg === 'read by resolvers') refusals.set(requestId, [field, reason].filter(Boolean).join(' '));
  };
  const take = (requestId: string): string | null => {
    const refusal = refusals.get(requestId) ?? null;
    refusals.delete(requestId);
    return refusal;
  };
  return { logger: createLogger('debug', { write }), take };
}

/** Starts both, on the demo data and more. */
export async function startTwoServers(): Promise<TwoServers> {
  const gateway = await startDemo({ ...patience, COMPILED_READS: process.env.COMPILED_READS ?? 'on' });
  const { config, database } = gateway;
  await varyRows(gateway.sql);
  const refusals = refusalLog();
  const compiled = createGateway(config, database, refusals.logger);
  const plain = createGateway({ ...config, compiledReads: false } as Config, database);
  return {
    gateway,
    compiled,
    plain,
    callers: await makeCallers(gateway),
    width: config.database.url ? 8 : 3,
    async ask(caller, operation) {
      const [first, second] = await Promise.all([ask(compiled, caller, operation), ask(plain, caller, operation)]);
      return { compiled: first, plain: second, refused: refusals.take(first.id) };
    },
    async close() {
      await compiled.close();
      await plain.close();
      await gateway.close();
    },
  };
}

/** Does something with each item, so many at once. After a failure no further one is begun. */
export async function each<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items].reverse();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  const workers = Array.from({ length: width }, () =>
    worker().catch((error: unknown) => {
      left.length = 0;
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(workers)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
