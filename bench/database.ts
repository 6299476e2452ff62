/**
 * The database of the benchmark: `gateway_bench` on the server that DATABASE_URL names, with the product's migrations
 * and the rows of data.sql. It is made once. A comment on the database says what it holds, so a changed migration or
 * data set makes it anew.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, escapeLiteral } from 'pg';
import { migrate, readMigrations } from '../src/db/migrate.ts';

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

type Say = (line: string) => void;

const databaseName = 'gateway_bench';
const loginRole = 'gateway_bench_login';
const dataSql = readFileSync(join(import.meta.dirname, 'data.sql'), 'utf8');

/**
 * Gives the benchmark's database, and makes it when it is missing, incomplete, outdated or `fresh` is asked for.
 *
 * @throws Error with a sentence when the role in the address may not do this.
 */
export async function prepareDatabase(serverUrl: string, fresh: boolean, say: Say): Promise<BenchDatabase> {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  const marker = await makeMarker();
  await withClient(serverUrl, async (client) => {
    await requireSuperuser(client);
    if (!fresh && (await readMarker(client)) === marker) return;
    say(`Making the database ${databaseName}; this takes a few minutes.`);
    await client.query(`drop database if exists ${databaseName} with (force)`);
    await client.query(`create database ${databaseName}`);
    await withClient(url.href, (bench) => fill(bench, say));
    await client.query(`comment on database ${databaseName} is ${escapeLiteral(marker)}`);
  });
  return withClient(url.href, async (client) => ({ url: await makeLogin(client, url), orgs: await readOrgs(client) }));
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

async function makeMarker(): Promise<string> {
  const checksums = (await readMigrations()).map(({ checksum }) => checksum);
  return `complete ${createHash('sha256').update(checksums.join()).update(dataSql).digest('hex')}`;
}

async function readMarker(client: Client): Promise<string | undefined> {
  const sql = "select shobj_description(oid, 'pg_database') as marker from pg_database where datname = $1";
  return (await client.query(sql, [databaseName])).rows[0]?.marker;
}

async function fill(client: Client, say: Say): Promise<void> {
  await migrate(client);
  say('Loading 50 organizations with 1,210,000 rows.');
  await client.query(dataSql);
  await client.query('vacuum analyze');
  await client.query('checkpoint');
}

/** Servers sign in as a plain role, as in production: the two roles of the gateway, and nothing else. */
async function makeLogin(client: Client, url: URL): Promise<string> {
  const password = randomBytes(16).toString('hex');
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [loginRole]);
  if (!rowCount) await client.query(`create role ${loginRole}`);
  await client.query(`alter role ${loginRole} login noinherit password ${escapeLiteral(password)}`);
  await client.query(`grant gateway, gateway_service to ${loginRole}`);
  const login = new URL(url);
  login.username = loginRole;
  login.password = password;
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
