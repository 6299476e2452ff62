/**
 * `npm run bench`: the gateway, PostGraphile 5 and the limit on the same rows, one measured at a time, in turns.
 * bench/README.md says how to read what it prints. Progress goes to stderr, the result alone to stdout.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Counts, countQueries } from './count.ts';
import { prepareDatabase } from './database.ts';
import { type Load, runLoad } from './load.ts';
import { type Options, readOptions } from './options.ts';
import type { QueryName } from './queries.ts';
import { type Figures, median, printTable, type QueryReport, queryReport, type Report } from './report.ts';
import { requestsFor, toBytes } from './requests.ts';
import { checkSameRows } from './rows.ts';
import { findNode, gatewayEntry, type Server, type ServerName, type ServerOptions, startServer } from './servers.ts';

const connections = 16;
const warmUpSeconds = 2;

/** What was measured of one server. */
interface Measured {
  readonly counts: Counts;
  readonly loads: Map<QueryName, Load[]>;
  peakMemoryMiB: number;
}
type Results = Map<ServerName, Measured>;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const serverUrl = process.env.DATABASE_URL;
  if (!serverUrl) {
    throw new Error('DATABASE_URL is missing: the benchmark needs a PostgreSQL server with pgvector, and a superuser.');
  }
  const node = findNode(process.env.NODE24);
  installPackages();
  const { url, orgs } = await prepareDatabase(serverUrl, options.fresh, say);
  const { queries, servers, seconds, rounds } = options;
  say(
    `${availableParallelism()} processors, ${connections} connections, ${seconds} s, ${rounds} rounds, gateway: ${gatewayEntry}.`,
  );
  const serverOptions = { node, databaseUrl: url, secret: randomBytes(32).toString('hex'), orgs };
  const results: Results = new Map();
  for (const name of servers) {
    say(`Counting the statements of ${name}.`);
    const counts = await countQueries(name, queries, serverOptions);
    results.set(name, { counts, loads: new Map(), peakMemoryMiB: 0 });
  }
  await measureAll(options, serverOptions, results);
  const report: Report = Object.fromEntries(queries.map((query) => [query, summarize(query, results)]));
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : printTable(report)}\n`);
}

function installPackages(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/postgraphile'))) return;
  say('Installing what only the benchmark needs.');
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('npm ci in bench/ failed.');
}

async function measureAll(options: Options, serverOptions: ServerOptions, results: Results): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const name of options.servers) servers.push(await startServer(name, serverOptions));
    for (const query of options.queries) await checkSameRows(servers, query, serverOptions);
    if (servers.length > 1) say('All answer the same rows.');
    for (let round = 1; round <= options.rounds; round += 1) {
      say(`Round ${round}`);
      await runRound(servers, options, serverOptions, results);
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** One query after the other, and each on all servers in turn, so that a slow minute of the machine meets all of them. */
async function runRound(servers: Server[], options: Options, serverOptions: ServerOptions, results: Results) {
  for (const query of options.queries) {
    for (const server of servers) {
      const load = await measure(server, query, options.seconds, serverOptions);
      say(`  ${query}, ${server.name}: ${load.rps.toFixed(0)} requests/s`);
      const measured = results.get(server.name);
      if (!measured) continue;
      measured.loads.set(query, [...(measured.loads.get(query) ?? []), load]);
      measured.peakMemoryMiB = Math.max(measured.peakMemoryMiB, server.peakMemory());
    }
  }
}

async function measure(server: Server, query: QueryName, seconds: number, { orgs, secret }: ServerOptions) {
  const requests = requestsFor(server.name, query, orgs, secret).map(toBytes);
  const load = { port: server.port, connections, requests };
  await runLoad({ ...load, seconds: Math.min(warmUpSeconds, seconds) });
  return runLoad({ ...load, seconds });
}

/** Each figure is the median of its rounds. */
function summarize(query: QueryName, results: Results): QueryReport {
  const figures: Partial<Record<ServerName, Figures>> = {};
  for (const [name, { counts, loads, peakMemoryMiB }] of results) {
    const middle = (key: keyof Load) => median((loads.get(query) ?? []).map((load) => load[key]));
    const { statements = 0, roundTrips = 0 } = counts.get(query) ?? {};
    figures[name] = {
      rps: middle('rps'),
      p50: middle('p50'),
      p99: middle('p99'),
      statements,
      roundTrips,
      peakMemoryMiB,
    };
  }
  return queryReport(figures, results.size > 1 || undefined);
}

// Leaving through `exit` ends the servers, too.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

main().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
