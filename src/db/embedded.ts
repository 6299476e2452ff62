/**
 * The embedded database: PGlite (Postgres in WebAssembly, with pgvector) behind the ordinary `pg` pool, one connection.
 * For development, demos and tests. It always runs as superuser, so it is the role set in every transaction that makes row
 * security real here; and it does not survive a power loss. The folder is locked before it is opened: two processes on one
 * folder lose acknowledged writes.
 */
import { mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { vector } from '@electric-sql/pglite-pgvector';
import type pg from 'pg';
import { lockFolder } from './folder-lock.ts';

export interface EmbeddedDatabase {
  /** What a `pg.Pool` needs to reach it. */
  readonly config: pg.PoolConfig;
  /** A copy of the whole database, to open another one from. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

/** Prisma's adapter gives each query parsers under `types`, where PGlite's writer expects parameter types: leave them out. */
function configFor(lite: PGlite): pg.PoolConfig {
  const config = createPgConfig(lite);
  const { connection } = config;
  const parse = connection.parse.bind(connection);
  connection.parse = (query: { types?: unknown }) => parse({ ...query, types: Array.isArray(query.types) ? query.types : [] });
  return { ...config, max: 1, idleTimeoutMillis: 0 } as unknown as pg.PoolConfig;
}

/**
 * Opens the database of a folder, or one in memory.
 *
 * @param dataDir a folder, or null for memory.
 * @param snapshot what `dump` gave, to begin with.
 * @throws Error naming the process that holds the folder.
 */
export async function openEmbedded(dataDir: string | null, snapshot?: Blob): Promise<EmbeddedDatabase> {
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const unlock = dataDir ? lockFolder(dataDir) : () => {};
  try {
    const files = dataDir ? { dataDir: `${dataDir}/postgres` } : {};
    const lite = await PGlite.create({ ...files, extensions: { vector }, ...(snapshot ? { loadDataDir: snapshot } : {}) });
    return {
      config: configFor(lite),
      dump: () => lite.dumpDataDir('none'),
      async close() {
        await lite.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
