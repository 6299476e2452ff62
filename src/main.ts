/**
 * The process: reads the configuration, opens the database, listens, and drains on SIGTERM. A mistake of the person who
 * starts it is one sentence and exit code 1; a second signal ends it at once.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, ConfigError, readConfig } from './config.ts';
import { type Database, openDatabase, UnsafeDatabaseError } from './db/database.ts';
import { FolderInUseError } from './db/folder-lock.ts';
import { MigrationError } from './db/migrate.ts';
import { demoTokens, offersDemoTokens, seedDemo } from './demo.ts';
import { createGateway, endpoint, type Gateway } from './server.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function listen(server: Server, { host, port }: Config): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

async function printWelcome(config: Config, port: number): Promise<void> {
  const base = `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`;
  say(`\nGraphQL   ${base}${endpoint}`);
  if (config.graphiql) say(`GraphiQL  ${base}/graphiql`);
  if (!offersDemoTokens(config)) return;
  const tokens = await demoTokens(config);
  say('\nDemo people (send "Authorization: Bearer <token>" and "X-Org: <org>"; good for a day):');
  for (const { email, org, role, token } of tokens) say(`  ${email}  ${role} of ${org}\n    ${token}`);
}

/** Says no to new work, finishes what is under way, and goes. */
async function drain(gateway: Gateway, server: Server, database: Database, config: Config): Promise<void> {
  gateway.drain();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, sleep(config.drainMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await gateway.close();
  await database.close();
}

function drainOnSignals(gateway: Gateway, server: Server, database: Database, config: Config): void {
  let draining = false;
  const onSignal = () => {
    if (draining) process.exit(1);
    draining = true;
    drain(gateway, server, database, config).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  const config = readConfig();
  const database = await openDatabase(config);
  if (config.database.seedOnStart) await seedDemo(database, config);
  const gateway = createGateway(config, database);
  const server = gateway.http();
  const { port } = await listen(server, config);
  drainOnSignals(gateway, server, database, config);
  await printWelcome(config, port);
  say(`\nReady after ${((performance.now() - startedAt) / 1000).toFixed(1)} s on ${database.kind === 'embedded' ? `the embedded database in ${config.database.dataDir}` : 'a Postgres server'}.`);
}

const expected = [ConfigError, UnsafeDatabaseError, FolderInUseError, MigrationError];

main().catch((error: unknown) => {
  const isExpected = expected.some((kind) => error instanceof kind);
  const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
