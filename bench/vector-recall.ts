/**
 * Measures the vector search: the share of the truly nearest ten that it finds, and how long it takes, for organizations of
 * 10, 1,000, 6,000 and 50,000 documents in one table with 50,000 near-duplicates of one text in another organization. Each is
 * asked for what lies near its own documents, and for what lies amid the near-duplicates.
 *
 * DATABASE_URL=postgresql://postgres:secret@localhost:5432/postgres npx tsx bench/vector-recall.ts
 *
 * DATABASE_URL names a superuser. The run makes a database of its own and drops it; it takes some minutes, most of them for
 * the index. It fails when an organization's recall is below 0.95.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type Config, readConfig } from '../src/config.ts';
import { EntryProofs } from '../src/db/entry-proofs.ts';
import { migrate } from '../src/db/migrate.ts';
import { GuardedPool } from '../src/db/pool.ts';
import { nearest } from '../src/search/nearest.ts';
import { openDoor } from '../test/support/door.ts';
import { madeUpModel, makeDocuments, makeVectorPool, nearestOf, queriesNear } from '../test/support/vectors.ts';

interface Org {
  readonly id: string;
  readonly userId: string;
}

interface Measured {
  readonly recall: number;
  readonly ms: number;
  readonly exact: boolean;
}

type Ask = (org: Org, vector: string) => Promise<Measured>;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const sizes = [10, 1_000, 6_000, 50_000];
const crowdSize = 50_000;
const k = 10;
const least = 0.95;

async function withDatabase(work: (url: string, client: Client) => Promise<void>): Promise<void> {
  const { url: server } = readConfig().database;
  if (!server) throw new Error('DATABASE_URL must name a PostgreSQL server and a superuser on it.');
  const admin = new Client({ connectionString: server });
  const name = `gateway_recall_${randomBytes(4).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await admin.connect();
  await admin.query(`create database ${name}`);
  const client = new Client({ connectionString: url.href });
  try {
    await client.connect();
    await work(url.href, client);
  } finally {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

/** An organization of one person, as their first sign-in makes it. */
async function makeOrg(client: Client, slug: string): Promise<Org> {
  const userId = randomUUID();
  await client.query('select app.sign_in($1, $2, $3, null)', [userId, `owner@${slug}.example`, slug]);
  const { rows } = await client.query<{ id: string }>('select current_org_id as id from users where id = $1', [userId]);
  return { id: rows[0]?.id ?? '', userId };
}

const callerOf = ({ id, userId }: Org) =>
  ({
    kind: 'person',
    userId,
    email: '',
    verifiedEmail: null,
    fullName: null,
    avatarUrl: null,
    wantedOrg: id,
    claimedOrg: null,
  }) as const;

/** Asks as a request does, in an org transaction, and compares the answer with that of comparing all. */
function asker(door: ReturnType<typeof openDoor>, client: Client): Ask {
  return async (org, vector) => {
    const options = { model: 'Document', query: { literal: vector, model: madeUpModel }, k, condition: null };
    const { rows: truth } = await client.query<{ score: number }>(nearestOf(org.id, k), [vector]);
    const { found, ms } = await door.read(callerOf(org), async ({ db }) => {
      const start = performance.now();
      const found = await nearest(db, options);
      return { found, ms: performance.now() - start };
    });
    const worst = (truth.at(-1)?.score ?? 0) - 1e-5;
    return { recall: found.rows.filter(({ score }) => score >= worst).length / truth.length, ms, exact: found.exact };
  };
}

const at = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);

/** Measures one organization with one kind of queries, tells the figures, and gives the recall. */
async function measure(ask: Ask, org: Org, title: string, vectors: readonly string[]): Promise<number> {
  const measured: Measured[] = [];
  for (const vector of vectors) measured.push(await ask(org, vector));
  const recall = measured.reduce((sum, one) => sum + one.recall, 0) / measured.length;
  const times = measured.map(({ ms }) => ms).sort((a, b) => a - b);
  const exact = measured.filter((one) => one.exact).length;
  say(
    `${title}  ${recall.toFixed(3).padStart(8)}  ${at(times, 0.5).padStart(7)}  ${at(times, 0.95).padStart(7)}  ${`${exact} of ${measured.length}`.padStart(8)}`,
  );
  return recall;
}

async function vectorsNear(client: Client, { id }: Org, count: number): Promise<string[]> {
  const { rows } = await client.query<{ vector: string }>(queriesNear(id, count));
  return rows.map(({ vector }) => vector);
}

async function run(url: string, client: Client, config: Config): Promise<number> {
  await migrate(client);
  const orgs: { readonly org: Org; readonly size: number }[] = [];
  for (const size of sizes) orgs.push({ org: await makeOrg(client, `with-${size}`), size });
  const crowd = await makeOrg(client, 'crowd');
  say(`Making ${sizes.reduce((sum, size) => sum + size, crowdSize)} documents.`);
  await makeVectorPool((sql) => client.query(sql), 250);
  const own = orgs.map(({ org, size }) => ({ orgId: org.id, count: size, lie: 'spread' }) as const);
  await makeDocuments((sql) => client.query(sql), [...own, { orgId: crowd.id, count: crowdSize, lie: 'crowded' }]);
  const pool = new GuardedPool({ connectionString: url, max: 2 });
  const door = openDoor({ pool, proofs: new EntryProofs(pool, true) }, config);
  const ask = asker(door, client);
  const recalls: number[] = [];
  say('  rows  near      recall@10   p50 ms   p95 ms     exact');
  for (const { org, size } of orgs) {
    const label = String(size).padStart(6);
    recalls.push(await measure(ask, org, `${label}  own     `, await vectorsNear(client, org, 40)));
    recalls.push(await measure(ask, org, `${label}  crowd   `, await vectorsNear(client, crowd, 20)));
  }
  await door.close();
  await pool.end();
  return Math.min(...recalls);
}

await withDatabase(async (url, client) => {
  const worst = await run(url, client, readConfig({ NODE_ENV: 'test', DATABASE_URL: url }));
  if (worst >= least) return;
  say(`The recall of ${worst.toFixed(3)} is below ${least}.`);
  process.exitCode = 1;
});
