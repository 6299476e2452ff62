/**
 * The database of a configuration: a Postgres server, or the embedded one. Both come as the same guarded pool, migrated and
 * checked: the server does not start on a database that would not isolate its tenants.
 */
import pg from 'pg';
import type { Config } from '../config.ts';
import { type EmbeddedDatabase, openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { GuardedPool } from './pool.ts';

export interface Database {
  readonly pool: GuardedPool;
  readonly kind: 'embedded' | 'server';
  close(): Promise<void>;
}

/** A database that the server must not run on. The message says what is wrong with it. */
export class UnsafeDatabaseError extends Error {
  override name = 'UnsafeDatabaseError';
}

const poolConfig = (config: Config, url: string): pg.PoolConfig => ({
  connectionString: url,
  max: config.database.poolSize,
  connectionTimeoutMillis: config.timeouts.poolWaitMs,
  keepAlive: true,
  maxLifetimeSeconds: 1_800,
  application_name: 'tenant-gateway',
});

async function migrateServer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await migrate(client);
  } finally {
    await client.end();
  }
}

async function openServer(config: Config, url: string): Promise<Database> {
  if (config.database.migrateOnStart) await migrateServer(config.database.migrationUrl ?? url);
  const pool = new GuardedPool(poolConfig(config, url));
  return { pool, kind: 'server', close: () => pool.end() };
}

/** The embedded database as the server's pool. */
export async function embeddedDatabase(embedded: EmbeddedDatabase, config?: Config): Promise<Database> {
  const wait = config ? { connectionTimeoutMillis: config.timeouts.poolWaitMs } : {};
  const pool = new GuardedPool({ ...embedded.config, ...wait }, { stop: embedded.stop });
  const client = await pool.connect();
  await migrate(client);
  client.release();
  return {
    pool,
    kind: 'embedded',
    async close() {
      await pool.end();
      await embedded.close();
    },
  };
}

const checks = `select
  exists (select from pg_proc where proname = 'enter_with_key') as migrated,
  (select rolsuper or rolbypassrls from pg_roles where rolname = 'gateway') as gateway_privileged,
  (select string_agg(roleid::regrole::text, ', ') from pg_auth_members where member = 'gateway'::regrole) as gateway_member_of,
  (select rolsuper or rolbypassrls from pg_roles where rolname = session_user) as session_privileged,
  pg_has_role(session_user, 'gateway_service', 'usage') as session_inherits,
  pg_has_role(session_user, 'gateway', 'member') and pg_has_role(session_user, 'gateway_service', 'member') as may_act,
  current_setting('server_version_num')::int as version,
  (select extversion from pg_extension where extname = 'vector') as vector_version,
  (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and relname <> '_prisma_migrations' and not (relrowsecurity and relforcerowsecurity)) as open_tables`;

interface Checked {
  readonly migrated: boolean;
  readonly gateway_privileged: boolean;
  readonly gateway_member_of: string | null;
  readonly session_privileged: boolean;
  readonly session_inherits: boolean;
  readonly may_act: boolean;
  readonly version: number;
  readonly vector_version: string | null;
  readonly open_tables: number;
}

const notMigrated = 'It is not migrated: run npm run db:migrate, or set MIGRATE_ON_START=on.';

function isOldVector(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major === 0 && minor < 8;
}

/** What is wrong with the role that the server signs in as. In production it is held to what the guide asks. */
function faultOfLogin(row: Checked): string | null {
  if (row.session_privileged) {
    return 'The role of DATABASE_URL is a superuser or bypasses row security. Use a role of its own, and MIGRATION_DATABASE_URL for migrations.';
  }
  return row.session_inherits
    ? 'The role of DATABASE_URL inherits the rights of gateway_service. Make it NOINHERIT, and grant it the two roles anew.'
    : null;
}

function faultOf(row: Checked, config: Config, kind: Database['kind']): string | null {
  if (row.version < 150_000) return 'Postgres 15 or newer is needed.';
  if (!row.migrated) return notMigrated;
  if (isOldVector(row.vector_version)) return 'The extension pgvector 0.8 or newer is needed.';
  if (row.gateway_privileged) return 'The role gateway is a superuser or bypasses row security.';
  if (row.gateway_member_of)
    return `The role gateway is a member of ${row.gateway_member_of}, and must be of no other role.`;
  if (row.open_tables > 0) return `${row.open_tables} tables are without forced row security.`;
  if (!row.may_act) return 'The role of DATABASE_URL must be a member of gateway and gateway_service.';
  return kind === 'server' && config.production ? faultOfLogin(row) : null;
}

/**
 * Refuses a database whose roles would let a request past row security.
 *
 * @throws UnsafeDatabaseError with one sentence.
 */
export async function assertSafe({ pool, kind }: Database, config: Config): Promise<void> {
  let fault: string | null;
  try {
    const { rows } = await pool.query<Checked>(checks);
    fault = rows[0] ? faultOf(rows[0], config, kind) : 'It does not answer.';
  } catch (error) {
    const missing = error instanceof Error && /role "gateway\w*" does not exist/.test(error.message);
    if (!missing) throw error;
    fault = notMigrated;
  }
  if (fault) throw new UnsafeDatabaseError(`This database cannot be used: ${fault}`);
}

/**
 * Opens, migrates and checks the database of a configuration.
 *
 * @throws UnsafeDatabaseError, MigrationError, or an Error naming who holds the folder of the embedded one.
 */
export async function openDatabase(config: Config): Promise<Database> {
  const { url, dataDir } = config.database;
  const database = url ? await openServer(config, url) : await embeddedDatabase(await openEmbedded(dataDir), config);
  try {
    await assertSafe(database, config);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
