/**
 * `npm run bench`: the gateway, PostGraphile 5 and the limit on the same rows, one measured at a time, part by part.
 * bench/README.md says how to read what it prints. Progress goes to stderr, the result alone to stdout.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { benchDatabases } from './database.ts';
import { type Options, readOptions } from './options.ts';
import type { Bench, Part, PartName, Result } from './part.ts';
import { compile } from './parts/compile.ts';
import { depth } from './parts/depth.ts';
import { mutations } from './parts/mutations.ts';
import { orgs } from './parts/orgs.ts';
import { pages } from './parts/pages.ts';
import { reads } from './parts/reads.ts';
import { seal } from './parts/seal.ts';
import { soak } from './parts/soak.ts';
import { findNode, gatewayEntry, type ServerName } from './servers.ts';
import { connections } from './turns.ts';

const parts: Record<PartName, Part> = { reads, mutations, soak, depth, pages, orgs, seal, compile };

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const serverUrl = process.env.DATABASE_URL;
  if (!serverUrl) {
    throw new Error('DATABASE_URL is missing: the benchmark needs a PostgreSQL server with pgvector, and a superuser.');
  }
  const servers = new Map(options.parts.map((name) => [name, serversOf(name, options)]));
  const node = findNode(process.env.NODE24);
  installPackages();
  const { seconds, rounds } = options;
  say(
    `${availableParallelism()} processors, ${connections} connections, ${seconds} s, ${rounds} rounds, gateway: ${gatewayEntry}.`,
  );
  const databases = benchDatabases(serverUrl, options.fresh, say);
  const shared = { options, databases, node, secret: randomBytes(32).toString('hex'), say };
  const results = new Map<PartName, Result>();
  for (const [name, measured] of servers) results.set(name, await runPart(name, { ...shared, servers: measured }));
  if (options.json) print(JSON.stringify(jsonOf(results), null, 2));
}

/**
 * The servers that a part measures, out of those that were asked for.
 *
 * @throws Error with a sentence when it can measure none of them.
 */
function serversOf(name: PartName, { servers }: Options): readonly ServerName[] {
  const { able, servers: usual } = parts[name];
  const chosen = servers?.filter((server) => able.includes(server)) ?? usual;
  if (chosen.length > 0) return chosen;
  throw new Error(`--part ${name} measures ${able.join(', ')}, and none of them is in --only ${servers?.join(',')}.`);
}

/** Prints the table as soon as the part is done: a later one may fail. */
async function runPart(name: PartName, bench: Bench): Promise<Result> {
  const { title, run } = parts[name];
  say(`Part ${name}: ${title}.`);
  const result = await run(bench);
  if (!bench.options.json) print(`${name}: ${title}\n\n${result.table}\n`);
  return result;
}

/** The report of the only part, or those of all by their names. */
function jsonOf(results: ReadonlyMap<PartName, Result>): unknown {
  const reports = [...results].map(([name, { report }]) => [name, report] as const);
  return reports.length === 1 ? reports[0]?.[1] : Object.fromEntries(reports);
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

// Leaving through `exit` ends the servers, too.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

main().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
