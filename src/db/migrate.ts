/**
 * Runs the numbered SQL files of prisma/migrations, each in one transaction and as one simple-protocol query, and records
 * them as Prisma does, so that `prisma migrate deploy` reads the same history. The embedded database cannot be reached by
 * Prisma's own engine, hence this runner. Forward only: a file that was changed after it ran is refused.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { projectRoot } from '../root.ts';

type Client = Pick<pg.ClientBase, 'query'>;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** A migration that cannot be run, with the reason in one sentence. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

const history = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
  logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/** Any number will do, as long as every server of an installation uses the same. */
const lockNumber = 7_255_001;

/** Reads the migrations of a folder, in order. */
export async function readMigrations(folder = join(projectRoot, 'prisma', 'migrations')): Promise<Migration[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = entries.map((entry) => entry.name).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('reset role');
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function appliedChecksums(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where rolled_back_at is null and finished_at is not null',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

/**
 * Brings a database up to date. Two servers starting at once wait for each other.
 *
 * @returns the names of the migrations that ran now.
 * @throws MigrationError when a file fails, or was changed after it ran.
 */
export async function migrate(client: Client, migrations?: readonly Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations());
  await client.query(`select pg_advisory_lock(${lockNumber})`);
  try {
    await client.query(`set client_min_messages = warning; ${history}`);
    const applied = await appliedChecksums(client);
    const changed = wanted.find(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum);
    if (changed) throw new MigrationError(`Migration ${changed.name} was changed after it ran. Add a new one instead.`);
    const missing = wanted.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.query(`reset client_min_messages; select pg_advisory_unlock(${lockNumber})`);
  }
}
