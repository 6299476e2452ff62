/**
 * The database of a configuration: a Postgres server, or the embedded one. Both come as the same guarded pool, migrated and
 * checked: the server does not start on a database that would not isolate its tenants.
 */
import pg from 'pg';
import type { Config } from '../config.ts';
import { type EmbeddedDatabase, openEmbedded } from './embedded.ts';
import { EntryProofs } from './entry-proofs.ts';
import { migrate } from './migrate.ts';
import { GuardedPool } from './pool.ts';

export interface Database {
  /** Connections of requests. */
  readonly pool: GuardedPool;
  /** Connections of the server's own work. The same as those of requests in the embedded database, and on a server with one login. */
  readonly service: GuardedPool;
  readonly proofs: EntryProofs;
  readonly kind: 'embedded' | 'server';
  close(): Promise<void>;
}

/** A database that the server must not run on. The message says what is wrong with it. */
export class UnsafeDatabaseError extends Error {
  override name = 'UnsafeDatabaseError';
}

const poolConfig = (config: Config, url: string, max = config.database.poolSize): pg.PoolConfig => ({
  connectionString: url,
  max,
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

/** The server's own work is short and rare: sign-ups, notes on keys, the log of requests. */
const serviceConnections = 3;

/** The rows of a check, or null where the roles are missing that it names. */
async function check<T extends pg.QueryResultRow>(pool: GuardedPool, text: string): Promise<T | null> {
  try {
    return (await pool.query<T>(text)).rows[0] ?? null;
  } catch (error) {
    if (error instanceof Error && /role "gateway\w*" does not exist/.test(error.message)) return null;
    throw error;
  }
}

const roleCheck = `select exists (select from pg_roles where pg_has_role(session_user, oid, 'member') and rolname not in (session_user, 'gateway'))
  or not pg_has_role(session_user, 'gateway', 'usage') as must_take`;

/** Whether the login of requests has other rights than those of `gateway`, so that transactions must take on that role. */
async function mustTakeRole(pool: GuardedPool): Promise<boolean> {
  return (await check<{ must_take: boolean }>(pool, roleCheck))?.must_take ?? true;
}

async function openServer(config: Config, url: string): Promise<Database> {
  const { migrateOnStart, migrationUrl, serviceUrl } = config.database;
  if (migrateOnStart) await migrateServer(migrationUrl ?? url);
  const pool = new GuardedPool(poolConfig(config, url));
  const service = serviceUrl ? new GuardedPool(poolConfig(config, serviceUrl, serviceConnections)) : pool;
  const close = async () => {
    await pool.end();
    if (service !== pool) await service.end();
  };
  try {
    return { pool, service, proofs: new EntryProofs(service, await mustTakeRole(pool)), kind: 'server', close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The embedded database as the server's pool. */
export async function embeddedDatabase(embedded: EmbeddedDatabase, config?: Config): Promise<Database> {
  const wait = config ? { connectionTimeoutMillis: config.timeouts.poolWaitMs } : {};
  const pool = new GuardedPool({ ...embedded.config, ...wait }, { stop: embedded.stop });
  const client = await pool.connect();
  await migrate(client);
  client.release();
  const proofs = new EntryProofs(pool, true);
  await proofs.load();
  return {
    pool,
    service: pool,
    proofs,
    kind: 'embedded',
    async close() {
      await pool.end();
      await embedded.close();
    },
  };
}

const checks = `select
  exists (select from pg_proc where proname = 'enter_none') as migrated,
  (select rolsuper or rolbypassrls from pg_roles where rolname = 'gateway') as gateway_privileged,
  (select string_agg(roleid::regrole::text, ', ') from pg_auth_members where member = 'gateway'::regrole) as gateway_member_of,
  pg_has_role(session_user, 'gateway', 'member') as may_act,
  pg_has_role(session_user, 'gateway', 'usage') as inherits,
  (select string_agg(rolname, ', ' order by rolname) from pg_roles where pg_has_role(session_user, oid, 'member')
    and rolname not in (session_user, 'gateway')) as session_becomes,
  (select string_agg(name, ', ') from pg_roles, unnest(array['superuser', 'bypassrls', 'createrole', 'createdb', 'replication'],
    array[rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication]) as attributes (name, given)
    where rolname = session_user and given) as session_attributes,
  has_database_privilege('gateway', current_database(), 'temporary') as may_shadow,
  current_setting('server_version_num')::int as version,
  (select extversion from pg_extension where extname = 'vector') as vector_version,
  (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and relname <> '_prisma_migrations' and not (relrowsecurity and relforcerowsecurity)) as open_tables`;

interface Checked {
  readonly migrated: boolean;
  readonly gateway_privileged: boolean;
  readonly gateway_member_of: string | null;
  readonly may_act: boolean;
  readonly inherits: boolean;
  readonly session_becomes: string | null;
  readonly session_attributes: string | null;
  /** Whether requests may create temporary tables, which would stand before those of the same name. */
  readonly may_shadow: boolean;
  readonly version: number;
  readonly vector_version: string | null;
  readonly open_tables: number;
}

const notMigrated = 'It is not migrated: run npm run db:migrate, or set MIGRATE_ON_START=on.';

function isOldVector(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major === 0 && minor < 8;
}

/** What is wrong with the login of requests: in production it can become `gateway` and nothing else. */
function faultOfLogin({ session_attributes: attributes, session_becomes: becomes, ...row }: Checked): string | null {
  if (row.may_shadow) return 'Requests may create temporary tables: revoke temporary on this database from public.';
  if (attributes) {
    return `The login of DATABASE_URL has the attributes ${attributes}. Use one without, SERVICE_DATABASE_URL for the server's own work, and MIGRATION_DATABASE_URL for migrations.`;
  }
  if (becomes) {
    return `The login of DATABASE_URL can become ${becomes}. Requests need a login that is a member of gateway and of nothing else; the server's own work has SERVICE_DATABASE_URL.`;
  }
  return row.inherits
    ? null
    : 'The login of DATABASE_URL must inherit the rights of gateway: make it INHERIT, and grant it gateway anew.';
}

function faultOf(row: Checked, config: Config, kind: Database['kind']): string | null {
  if (row.version < 150_000) return 'Postgres 15 or newer is needed.';
  if (!row.migrated) return notMigrated;
  if (isOldVector(row.vector_version)) return 'The extension pgvector 0.8 or newer is needed.';
  if (row.gateway_privileged) return 'The role gateway is a superuser or bypasses row security.';
  if (row.gateway_member_of)
    return `The role gateway is a member of ${row.gateway_member_of}, and must be of no other role.`;
  if (row.open_tables > 0) return `${row.open_tables} tables are without forced row security.`;
  if (!row.may_act) return 'The login of DATABASE_URL must be a member of gateway.';
  return kind === 'server' && config.production ? faultOfLogin(row) : null;
}

const serviceCheck = `select pg_has_role(session_user, 'gateway_service', 'member') as may_act`;

/**
 * Rejects a database whose roles would let a request past row security.
 *
 * @throws UnsafeDatabaseError with one sentence.
 */
export async function assertSafe({ pool, service, kind }: Database, config: Config): Promise<void> {
  const row = await check<Checked>(pool, checks);
  const fault = row ? faultOf(row, config, kind) : notMigrated;
  if (fault) throw new UnsafeDatabaseError(`This database cannot be used: ${fault}`);
  const own = await check<{ may_act: boolean }>(service, serviceCheck);
  if (own?.may_act) return;
  const name = config.database.serviceUrl ? 'SERVICE_DATABASE_URL' : 'DATABASE_URL';
  throw new UnsafeDatabaseError(
    `This database cannot be used: the login of ${name} must be a member of gateway_service${name === 'DATABASE_URL' ? ', or SERVICE_DATABASE_URL must name one that is' : ''}.`,
  );
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
    await database.proofs.load();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
