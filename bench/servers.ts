/**
 * The three servers as processes: how each is started, asked and stopped. All get the same database, pool size and
 * environment, and run on the same Node 24.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Org } from './database.ts';
import { audience, issuer } from './token.ts';

export const serverNames = ['gateway', 'postgraphile', 'limit'] as const;
export type ServerName = (typeof serverNames)[number];

export interface Server {
  readonly name: ServerName;
  readonly port: number;
  /** The most memory the process has held so far, in MiB. */
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

const commands: Record<ServerName, readonly string[]> = {
  gateway: gatewayEntry.endsWith('.ts') ? ['--import', 'tsx', gatewayEntry] : [gatewayEntry],
  postgraphile: ['bench/postgraphile.mjs'],
  limit: ['bench/limit.ts'],
};

function environment({ databaseUrl, secret, orgs }: ServerOptions, port: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    GRAPHILE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(poolSize),
    MIGRATE_ON_START: 'off',
    LOG_LEVEL: 'warn',
    JWT_SECRET: secret,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    BENCH_ORGS: JSON.stringify(orgs),
  };
}

/**
 * Starts a server and waits until it listens.
 *
 * @throws Error with the last lines it wrote when it ends before, or is too slow.
 */
export async function startServer(name: ServerName, options: ServerOptions): Promise<Server> {
  const port = await freePort();
  const child = spawn(options.node, commands[name], { cwd: root, env: environment(options, port) });
  process.once('exit', () => child.kill('SIGKILL'));
  const output = keepOutput(child);
  const until = Date.now() + startSeconds * 1000;
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The server ${name} did not start:\n${output()}`);
    }
    await sleep(100);
  }
  return { name, port, peakMemory: () => peakMemory(child), stop: () => stop(child) };
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

/** Linux keeps the high-water mark; elsewhere `ps` tells the present size, which is then the peak of the readings. */
function peakMemory({ pid }: ChildProcess): number {
  const status = `/proc/${pid}/status`;
  const kibibytes = existsSync(status)
    ? /^VmHWM:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kibibytes) / 1024;
}
