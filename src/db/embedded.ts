/**
 * The embedded database: PGlite (Postgres in WebAssembly, with pgvector) behind the ordinary `pg` pool, one connection.
 * For development, demos and tests. It always runs as superuser, so it is the role set in every transaction that makes row
 * security real here; and it does not survive a power loss. The folder is locked before it is opened: two processes on one
 * folder lose acknowledged writes.
 */
import { mkdirSync } from 'node:fs';
import type pg from 'pg';
import { EmbeddedSocket, EmbeddedThread } from './embedded-thread.ts';
import { lockFolder } from './folder-lock.ts';

export interface EmbeddedDatabase {
  /** What a `pg.Pool` needs to reach it. */
  readonly config: pg.PoolConfig;
  /** A copy of the whole database, to open another one from. */
  dump(): Promise<Blob>;
  /** Stops what it is doing, for it knows no `statement_timeout`; the next connection opens the folder again. Memory would be lost. */
  readonly stop?: () => Promise<void>;
  close(): Promise<void>;
}

const configFor = (thread: EmbeddedThread): pg.PoolConfig => ({
  stream: () => new EmbeddedSocket(thread) as never,
  user: 'postgres',
  database: 'postgres',
  ssl: false,
  max: 1,
  idleTimeoutMillis: 0,
});

/**
 * Opens the database of a folder, or one in memory.
 *
 * @param dataDir a folder, or null for memory.
 * @param snapshot what `dump` gave, to begin with.
 * @throws FolderInUseError naming the process that holds the folder.
 */
export async function openEmbedded(dataDir: string | null, snapshot?: Blob): Promise<EmbeddedDatabase> {
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const unlock = dataDir ? lockFolder(dataDir) : () => {};
  const thread = new EmbeddedThread({ dataDir: dataDir && `${dataDir}/postgres`, ...(snapshot ? { snapshot } : {}) });
  try {
    await thread.ask('begin');
  } catch (error) {
    unlock();
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    config: configFor(thread),
    dump: async () => new Blob([new Uint8Array(await thread.ask('dump'))]),
    ...(dataDir ? { stop: () => thread.stop() } : {}),
    close: () => (closing ??= thread.close().finally(unlock)),
  };
}
