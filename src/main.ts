/**
 * The process: reads the configuration, opens the database, listens, and drains on SIGTERM. A mistake of the person who
 * starts it is one sentence and exit code 1; a second signal ends it at once; a bug that nobody caught is logged, what is
 * under way is finished, and the exit code is 1.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLoopback } from './addresses.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { type Database, openDatabase, UnsafeDatabaseError } from './db/database.ts';
import { FolderInUseError } from './db/folder-lock.ts';
import { MigrationError } from './db/migrate.ts';
import { offeredTokens, seedDemo, usesDevelopmentSecret } from './demo.ts';
import { createLogger, type Logger } from './log.ts';
import { createGateway, endpoint, type Gateway } from './server.ts';

interface Running {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly gateway: Gateway;
  readonly server: Server;
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function listen(server: Server, { host, port }: Config): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

const openToEveryone =
  '\nJWT_SECRET is not set, so tokens are signed with the development secret, which everyone can read. Whoever reaches this ' +
  'address can sign in as anyone: keep strangers away from it, or set JWT_SECRET.';

async function printWelcome(config: Config, database: Database, port: number): Promise<void> {
  const base = `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`;
  say(`\nGraphQL   ${base}${endpoint}`);
  if (config.graphiql) say(`GraphiQL  ${base}/graphiql`);
  if (usesDevelopmentSecret(config) && !isLoopback(config.host)) say(openToEveryone);
  const tokens = await offeredTokens(config, database);
  if (tokens.length === 0) return;
  say('\nDemo people (send "Authorization: Bearer <token>" and "X-Org: <org>"; good for a day):');
  for (const { email, org, role, token } of tokens) say(`  ${email}  ${role} of ${org}\n    ${token}`);
}

/** Closes connections as they fall idle, until none is left. */
async function closeConnections(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, sleep(withinMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
}

/** Says no to new work, finishes what is under way, and lets go of everything. */
async function drain({ config, gateway, server, database }: Running): Promise<void> {
  gateway.drain();
  await sleep(config.drainDelayMs);
  await closeConnections(server, config.drainTimeoutMs);
  await gateway.close();
  await database.close();
}

/** What is left when everything was told to close and something does not. */
const lastResortMs = 2_000;

function drainOnce(running: Running): (exitCode: number) => void {
  let draining = false;
  return (exitCode) => {
    if (draining) process.exit(1);
    draining = true;
    const { drainDelayMs, drainTimeoutMs } = running.config;
    setTimeout(() => process.exit(1), drainDelayMs + drainTimeoutMs + lastResortMs).unref();
    drain(running).then(
      () => process.exit(exitCode),
      () => process.exit(1),
    );
  };
}

function drainOnSignals(running: Running): void {
  const end = drainOnce(running);
  const onSignal = (signal: NodeJS.Signals) => {
    running.logger.info({ signal }, 'draining');
    end(0);
  };
  const onBug = (error: unknown) => {
    running.logger.fatal({ err: error }, 'uncaught error');
    end(1);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', onBug).on('unhandledRejection', onBug);
}

/** Filling an embedded database takes memory that WebAssembly never gives back, so it is opened anew afterwards. */
async function openWithDemo(config: Config): Promise<Database> {
  const database = await openDatabase(config);
  const isFilled = config.database.seedOnStart && (await seedDemo(database, config));
  if (!isFilled || database.kind === 'server') return database;
  await database.close();
  return openDatabase(config);
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const database = await openWithDemo(config);
  const gateway = createGateway(config, database, logger);
  const server = gateway.http();
  const { port } = await listen(server, config);
  drainOnSignals({ config, logger, database, gateway, server });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  logger.info({ port, database: database.kind, seconds: Number(seconds) }, 'ready');
  if (config.production) return;
  await printWelcome(config, database, port);
  say(
    `\nReady after ${seconds} s on ${database.kind === 'embedded' ? `the embedded database in ${config.database.dataDir}` : 'a Postgres server'}.`,
  );
}

const expected = [ConfigError, UnsafeDatabaseError, FolderInUseError, MigrationError];

/** Failures of the system that a setting explains, by their code. */
const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: 'PORT is taken by another process: choose another one, or stop that process.',
  EACCES: 'PORT may not be used by this user: choose one above 1023.',
  EADDRNOTAVAIL: 'HOST is not an address of this machine.',
  ECONNREFUSED: 'DATABASE_URL leads to no database: nobody answers there.',
  ENOTFOUND: 'DATABASE_URL or HOST names a machine that is not known.',
  ETIMEDOUT: 'DATABASE_URL leads to no database: nobody answers there.',
  '28P01': 'DATABASE_URL has a wrong password.',
  '28000': 'DATABASE_URL names a user that the database does not let in.',
  '3D000': 'DATABASE_URL names a database that does not exist.',
};

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (expected.some((kind) => error instanceof kind)) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  return explanations[code] ?? error.stack ?? error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
