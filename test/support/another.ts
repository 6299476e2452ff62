/**
 * Another server on the database of a gateway under test: with settings, a log and, if need be, a pool of its own.
 */
import { readConfig } from '../../src/config.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { createLogger } from '../../src/log.ts';
import { createGateway, type Gateway as Server } from '../../src/server.ts';
import { Client } from './client.ts';
import type { Gateway, Org } from './gateway.ts';

export interface Another {
  readonly server: Server;
  readonly database: Database;
  /** What it has logged, line by line. */
  readonly lines: string[];
  /** The lines, parsed. */
  readonly logged: () => Record<string, unknown>[];
  /** A person of an organization, at this server. */
  readonly client: (org: Org, role?: keyof Org['people']) => Promise<Client>;
  readonly close: () => Promise<void>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Where its own pool leads; without it the pool is shared. */
  readonly url?: string;
}

/** Opens another server. It has a pool of its own when it is given an address, which the embedded database cannot have. */
export async function another(gateway: Gateway, { env = {}, url }: Options = {}): Promise<Another> {
  const { serviceUrl } = gateway.config.database;
  const own = url ? { DATABASE_URL: url, ...(serviceUrl ? { SERVICE_DATABASE_URL: serviceUrl } : {}) } : {};
  const config = readConfig({ NODE_ENV: 'test', MIGRATE_ON_START: 'off', LOG_LEVEL: 'info', ...own, ...env });
  const database = url ? await openDatabase(config) : gateway.database;
  const lines: string[] = [];
  const logger = createLogger(config.logLevel, { write: (line) => lines.push(line) });
  const server = createGateway(config, database, logger);
  return {
    server,
    database,
    lines,
    logged: () => lines.map((line) => JSON.parse(line)),
    async client(org, role = 'member') {
      const authorization = `Bearer ${await gateway.token(org.people[role])}`;
      return new Client(server, { authorization, 'x-org': org.slug });
    },
    async close() {
      await server.close();
      if (url) await database.close();
    },
  };
}
