/**
 * The databases of the benchmark, on the server that DATABASE_URL names: the product's migrations, and the rows of a data
 * set. Each is made once. A comment on a database says what it holds, so a changed migration or data set makes it anew.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Client, escapeLiteral } from 'pg';
import { migrate, readMigrations } from '../src/db/migrate.ts';
import { type DataSet, dataSql, rowsOf } from './data-set.ts';

/** An organization as the requests need it: its slug, its owner, and some of its contacts. */
export interface Org {
  readonly id: string;
  readonly slug: string;
  readonly userId: string;
  readonly email: string;
  readonly contactIds: readonly string[];
}

export interface BenchDatabase {
  /** Address of the database for the servers: a login role without rights of its own. */
  readonly url: string;
  readonly orgs: readonly Org[];
}

export interface Databases {
  /** Gives the database of a data set, and makes it when it is missing, incomplete, outdated, or to be made anew. */
  open(set: DataSet): Promise<BenchDatabase>;
  /**
   * Lends a copy that may be written to, and drops it afterwards. The client is a superuser's, on the copy.
   *
   * @throws Error of Postgres when somebody is connected to the original.
   */
  lendCopy<T>(set: DataSet, work: (database: BenchDatabase, client: Client) => Promise<T>): Promise<T>;
}

type Say = (line: string) => void;

const loginRole = 'gateway_bench_login';
const serviceRole = 'gateway_bench_service';

/** The address for the gateway's own work, beside the one for its requests. */
export const serviceUrlOf = (url: string): string => url.replace(loginRole, serviceRole);

/** One for the whole run: all its databases have the same logins. */
const loginPassword = randomBytes(16).toString('hex');

/**
 * The databases on a server; `fresh` makes each of them anew when it is first opened.
 *
 * @throws Error with a sentence, when one is opened, if the role in the address may not do this.
 */
export function benchDatabases(serverUrl: string, fresh: boolean, say: Say): Databases {
  const opened = new Map<string, Promise<BenchDatabase>>();
  const open = (set: DataSet) => {
    const known = opened.get(set.database) ?? prepare(serverUrl, set, fresh, say);
    opened.set(set.database, known);
    return known;
  };
  return { open, lendCopy: async (set, work) => lendCopy(serverUrl, set, await open(set), work) };
}

function addressOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function prepare(serverUrl: string, set: DataSet, fresh: boolean, say: Say): Promise<BenchDatabase> {
  const marker = await makeMarker(set);
  const address = addressOf(serverUrl, set.database);
  await withClient(serverUrl, async (client) => {
    await requireSuperuser(client);
    if (!fresh && (await readMarker(client, set)) === marker) return;
    say(`Making the database ${set.database}; this takes a few minutes.`);
    await client.query(`drop database if exists ${set.database} with (force)`);
    await client.query(`create database ${set.database}`);
    await withClient(address, (bench) => fill(bench, set, say));
    await client.query(`comment on database ${set.database} is ${escapeLiteral(marker)}`);
  });
  return withClient(address, async (client) => ({
    url: await makeLogin(client, address),
    orgs: await readOrgs(client),
  }));
}

async function lendCopy<T>(
  serverUrl: string,
  { database }: DataSet,
  { url, orgs }: BenchDatabase,
  work: (database: BenchDatabase, client: Client) => Promise<T>,
): Promise<T> {
  const copy = `${database}_copy`;
  const drop = `drop database if exists ${copy} with (force)`;
  return withClient(serverUrl, async (admin) => {
    await admin.query(drop);
    await admin.query(`create database ${copy} template ${database} strategy file_copy`);
    await admin.query(`revoke temporary on database ${copy} from public`);
    try {
      return await withClient(addressOf(serverUrl, copy), (client) =>
        work({ url: addressOf(url, copy), orgs }, client),
      );
    } finally {
      await admin.query(drop);
    }
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function requireSuperuser(client: Client): Promise<void> {
  const { rows } = await client.query("select current_setting('is_superuser') = 'on' as super");
  if (!rows[0].super) throw new Error('DATABASE_URL must name a superuser: loading the data switches triggers off.');
}

async function makeMarker(set: DataSet): Promise<string> {
  const checksums = (await readMigrations()).map(({ checksum }) => checksum);
  return `complete ${createHash('sha256').update(checksums.join()).update(dataSql(set)).digest('hex')}`;
}

async function readMarker(client: Client, { database }: DataSet): Promise<string | undefined> {
  const sql = "select shobj_description(oid, 'pg_database') as marker from pg_database where datname = $1";
  return (await client.query(sql, [database])).rows[0]?.marker;
}

async function fill(client: Client, set: DataSet, say: Say): Promise<void> {
  const start = performance.now();
  await migrate(client);
  await client.query(plainContext);
  say(`Loading ${set.sizes.orgs} organizations with ${rowsOf(set)} rows.`);
  await client.query(dataSql(set));
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  const { rows } = await client.query('select pg_database_size(current_database()) / 1048576 as size');
  say(`${rows[0].size} MiB after ${((performance.now() - start) / 1000).toFixed(0)} s.`);
}

/**
 * PostGraphile and the limit know no seal, so in these databases a context in plain settings is believed before the sealed
 * one is asked for. That makes the gateway slower by one look at a setting for each statement.
 */
const plainContext = `do $do$
begin
  execute format('create or replace function app.context() returns text language plpgsql stable parallel restricted security definer cost 1 as %L',
    (select regexp_replace(prosrc, 'return (.*);\\s*end', 'return case when current_setting(''app.org_id'', true) <> ''''
        then current_setting(''app.org_id'') || ''|'' || current_setting(''app.user_id'') || ''||'' || current_setting(''app.role'') || ''||*||{}''
        else \\1 end; end')
      from pg_proc where oid = 'app.context()'::regprocedure));
end
$do$`;

/**
 * Servers sign in as in production: requests as a member of gateway, the gateway's own work as one of gateway_service. The
 * other servers set their context themselves, so the login may call set_config here.
 */
async function makeLogin(client: Client, address: string): Promise<string> {
  for (const [name, role] of [
    [loginRole, 'gateway'],
    [serviceRole, 'gateway_service'],
  ]) {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
    if (!rowCount) await client.query(`create role ${name}`);
    await client.query(`alter role ${name} login inherit password ${escapeLiteral(loginPassword)}`);
    await client.query(`revoke gateway, gateway_service from ${name}`);
    await client.query(`grant ${role} to ${name}`);
  }
  await client.query(`grant execute on function set_config(text, text, boolean) to ${loginRole}`);
  const login = new URL(address);
  login.username = loginRole;
  login.password = loginPassword;
  return login.href;
}

async function readOrgs(client: Client): Promise<Org[]> {
  const { rows } = await client.query(`
    select organizations.id, slug, users.id as "userId", users.email, array(
        select id::text from contacts where org_id = organizations.id order by created_at limit 20) as "contactIds"
      from organizations
        join org_members on org_members.org_id = organizations.id and org_members.role = 'owner'
        join users on users.id = org_members.user_id
      order by slug`);
  return rows;
}
