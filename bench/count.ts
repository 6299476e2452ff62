/** What one request costs in statements and round trips, counted on a server of its own: the proxy takes time. */
import type { Query } from './queries.ts';
import { median } from './report.ts';
import { type Askers, ask, requestsFor } from './requests.ts';
import { type Server, type ServerName, type ServerOptions, startServer } from './servers.ts';
import { startWireCounter, type WireCount, type WireCounter } from './wire-counter.ts';

/** The first requests open the connection, prepare statements and fill caches. */
const unsettled = 5;
const counted = 5;

/** By the names of the queries. */
export type Counts = ReadonlyMap<string, WireCount>;

/** Starts a server behind the proxy, counts each query and stops it. */
export async function countQueries(
  name: ServerName,
  queries: readonly Query[],
  options: ServerOptions,
): Promise<Counts> {
  const counter = await startWireCounter(options.databaseUrl);
  const counts = new Map<string, WireCount>();
  try {
    const server = await startServer(name, { ...options, databaseUrl: counter.url });
    try {
      for (const query of queries) counts.set(query.name, await countQuery(server, query, options, counter));
    } finally {
      await server.stop();
    }
  } finally {
    counter.close();
  }
  return counts;
}

async function countQuery(server: Server, query: Query, askers: Askers, counter: WireCounter): Promise<WireCount> {
  const counts: WireCount[] = [];
  const requests = requestsFor(server.name, query, askers);
  for (let n = 0; n < unsettled + counted; n += 1) {
    counter.take();
    await ask(server.port, requests(n));
    counts.push(counter.take());
  }
  const settled = counts.slice(unsettled);
  return {
    statements: median(settled.map(({ statements }) => statements)),
    roundTrips: median(settled.map(({ roundTrips }) => roundTrips)),
  };
}
