/**
 * Compares servers on queries over one database: statements are counted, answers compared, and requests per second
 * measured in turns. Most parts are such a comparison.
 */
import { type Counts, countQueries } from './count.ts';
import type { BenchDatabase } from './database.ts';
import { type Bench, serverOptions } from './part.ts';
import type { Query } from './queries.ts';
import { type Figures, queryReport, type Report } from './report.ts';
import { type Askers, requestsFor } from './requests.ts';
import { checkSameRows } from './rows.ts';
import { type Server, type ServerName, type ServerOptions, startServer } from './servers.ts';
import { measureInTurns, middleLoad, type Subject } from './turns.ts';

/** Fails when the servers do not do the same; gives how many objects an answer holds. */
export type Check = (servers: readonly Server[], query: Query, askers: Askers) => Promise<number>;

/** Starts servers, lends them to some work, and stops them. */
export async function withServers<T>(
  names: readonly ServerName[],
  options: ServerOptions,
  work: (servers: readonly Server[]) => Promise<T>,
): Promise<T> {
  const servers: Server[] = [];
  try {
    for (const name of names) servers.push(await startServer(name, options));
    return await work(servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Each query on all servers in turn; the note tells them from others of the same names. */
export function subjectsOf(
  servers: readonly Server[],
  queries: readonly Query[],
  askers: Askers,
  note = '',
): Subject[] {
  return queries.flatMap((query) =>
    servers.map((server) => ({
      label: `${query.name}, ${server.name}${note}`,
      query,
      server,
      requests: requestsFor(server.name, query, askers),
      loads: [],
    })),
  );
}

/**
 * Compares the servers of a part.
 *
 * @returns for each query by its name the figures of each server, each the median of the rounds.
 * @throws Error when the check fails, or an answer is not good.
 */
export async function compare(
  bench: Bench,
  database: BenchDatabase,
  queries: readonly Query[],
  check: Check = checkSameRows,
): Promise<Report> {
  const options = serverOptions(bench, database);
  const counts = await countAll(bench, options, queries);
  const sameRows = (check === checkSameRows && bench.servers.length > 1) || undefined;
  return withServers(bench.servers, options, async (servers) => {
    const objects: number[] = [];
    for (const query of queries) objects.push(await check(servers, query, options));
    if (sameRows) bench.say('All answer the same rows.');
    const subjects = subjectsOf(servers, queries, options);
    await measureInTurns(subjects, bench.options, bench.say);
    const reports = queries.map((query, index) => {
      const own = subjects.filter((subject) => subject.query === query);
      return [query.name, queryReport(figuresOf(own, counts), objects[index] ?? 0, sameRows)];
    });
    return Object.fromEntries(reports);
  });
}

type AllCounts = ReadonlyMap<ServerName, Counts>;

async function countAll(
  { servers, say }: Bench,
  options: ServerOptions,
  queries: readonly Query[],
): Promise<AllCounts> {
  const counts = new Map<ServerName, Counts>();
  for (const name of servers) {
    say(`Counting the statements of ${name}.`);
    counts.set(name, await countQueries(name, queries, options));
  }
  return counts;
}

function figuresOf(subjects: readonly Subject[], counts: AllCounts): Partial<Record<ServerName, Figures>> {
  const entries = subjects.map(({ query, server, loads }) => {
    const { statements = 0, roundTrips = 0 } = counts.get(server.name)?.get(query.name) ?? {};
    return [server.name, { ...middleLoad(loads), statements, roundTrips, peakMemoryMiB: server.peakMemory() }];
  });
  return Object.fromEntries(entries);
}
