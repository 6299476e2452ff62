/** What one request costs in statements and round trips, counted on a server of its own: the proxy takes time. */
import type { Org } from './database.ts';
import type { QueryName } from './queries.ts';
import { median } from './report.ts';
import { ask, requestsFor } from './requests.ts';
import { type Server, type ServerName, type ServerOptions, startServer } from './servers.ts';
import { startWireCounter, type WireCount, type WireCounter } from './wire-counter.ts';

/** The first requests open the connection, prepare statements and fill caches. */
const unsettled = 5;
const counted = 5;

export type Counts = ReadonlyMap<QueryName, WireCount>;

/** Starts a server behind the proxy, counts each query and stops it. */
export async function countQueries(
  name: ServerName,
  queries: readonly QueryName[],
  options: ServerOptions,
): Promise<Counts> {
  const counter = await startWireCounter(options.databaseUrl);
  const counts = new Map<QueryName, WireCount>();
  try {
    const server = await startServer(name, { ...options, databaseUrl: counter.url });
    try {
      for (const query of queries) counts.set(query, await countQuery(server, query, options, counter));
    } finally {
      await server.stop();
    }
  } finally {
    counter.close();
  }
  return counts;
}

async function countQuery(
  server: Server,
  query: QueryName,
  { orgs, secret }: { orgs: readonly Org[]; secret: string },
  counter: WireCounter,
): Promise<WireCount> {
  const counts: WireCount[] = [];
  for (const request of requestsFor(server.name, query, orgs, secret).slice(0, unsettled + counted)) {
    counter.take();
    await ask(server.port, request);
    counts.push(counter.take());
  }
  const settled = counts.slice(unsettled);
  return {
    statements: median(settled.map(({ statements }) => statements)),
    roundTrips: median(settled.map(({ roundTrips }) => roundTrips)),
  };
}
