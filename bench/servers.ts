/**
 * The servers as processes: how each is started, watched and stopped. All get the same database, pool size and
 * environment, and run on the same Node 24.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownOrg } from './caller.ts';
import { type Org, serviceUrlOf } from './database.ts';
import { audience, issuer } from './token.ts';

/** `resolvers` is the gateway with its compiler switched off. */
export const serverNames = ['gateway', 'resolvers', 'postgraphile', 'limit'] as const;
export type ServerName = (typeof serverNames)[number];

export interface Server {
  readonly name: ServerName;
  readonly port: number;
  /** The memory that the process holds now, in MiB. */
  memory(): number;
  /** The most memory it has held so far, in MiB. */
  peakMemory(): number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly node: string;
  readonly databaseUrl: string;
  readonly secret: string;
  readonly orgs: readonly Org[];
}

const root = join(import.meta.dirname, '..');
const poolSize = 10;
const startSeconds = 60;

/**
 * Finds the Node 24 that runs the servers: NODE24, or the Node that runs this.
 *
 * @throws Error with a sentence when neither is one.
 */
export function findNode(given: string | undefined): string {
  const node = given ?? process.execPath;
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  if (Number(/^v(\d+)/.exec(version)?.[1]) >= 24) return node;
  throw new Error(`PostGraphile 5 needs Node 24, and this is ${version}: set NODE24 to the path of a Node 24 binary.`);
}

/** The gateway's built file when there is one, otherwise its source. */
export const gatewayEntry = existsSync(join(root, 'dist/main.js')) ? 'dist/main.js' : 'src/main.ts';

const gatewayCommand = gatewayEntry.endsWith('.ts') ? ['--import', 'tsx', gatewayEntry] : [gatewayEntry];

const commands: Record<ServerName, readonly string[]> = {
  gateway: gatewayCommand,
  resolvers: gatewayCommand,
  postgraphile: ['bench/postgraphile.mjs'],
  limit: ['bench/limit.ts'],
};

function environment(
  name: ServerName,
  { databaseUrl, secret }: ServerOptions,
  port: number,
  orgsFile: string,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    GRAPHILE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SERVICE_DATABASE_URL: serviceUrlOf(databaseUrl),
    DATABASE_POOL_SIZE: String(poolSize),
    MIGRATE_ON_START: 'off',
    LOG_LEVEL: 'warn',
    JWT_SECRET: secret,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    COMPILED_READS: name === 'resolvers' ? 'off' : 'on',
    BENCH_ORGS: orgsFile,
  };
}

/**
 * Starts a server and waits until it listens.
 *
 * @throws Error with the last lines it wrote when it ends before, or is too slow.
 */
export async function startServer(name: ServerName, options: ServerOptions): Promise<Server> {
  const port = await freePort();
  const orgs = writeOrgs(options.orgs);
  try {
    const env = environment(name, options, port, orgs.file);
    const child = spawn(options.node, commands[name], { cwd: root, env });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    await started(name, child, port);
    return { name, port, ...watchMemory(child), stop: () => stop(child) };
  } finally {
    orgs.remove();
  }
}

/** What PostGraphile and the limit know of the organizations: thousands of them are too long for the environment. */
function writeOrgs(orgs: readonly Org[]): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
  const file = join(folder, 'orgs.json');
  const known: KnownOrg[] = orgs.map(({ id, slug, userId }) => ({ id, slug, userId }));
  writeFileSync(file, JSON.stringify(known));
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

async function started(name: ServerName, child: ChildProcess, port: number): Promise<void> {
  const output = keepOutput(child);
  const until = Date.now() + startSeconds * 1000;
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The server ${name} did not start:\n${output()}`);
    }
    await sleep(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Any answer will do: whether it is the right one is checked later. */
const listens = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.text().then(() => true),
    () => false,
  );

function keepOutput(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer) => {
    text = (text + chunk).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => text;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

/** Linux tells the present size and the high-water mark; elsewhere the peak is that of the readings, which `ps` gives. */
function watchMemory({ pid }: ChildProcess): Pick<Server, 'memory' | 'peakMemory'> {
  let peak = 0;
  const read = (key: string): number => {
    const status = `/proc/${pid}/status`;
    const kibibytes = existsSync(status)
      ? new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(readFileSync(status, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
    const size = Number(kibibytes) / 1024;
    peak = Math.max(peak, size);
    return size;
  };
  return {
    memory: () => read('VmRSS'),
    peakMemory: () => {
      read('VmHWM');
      return peak;
    },
  };
}
