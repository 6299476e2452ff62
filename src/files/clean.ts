/** Uploads that never came: their rows, and whatever has arrived of them. The server's own work, as the service role. */
import type { GuardedPool } from '../db/pool.ts';
import { serviceTransaction } from '../db/service.ts';
import type { FileStore } from './store.ts';

const stale = `from files where status = 'pending' and created_at < now() - interval '1 day'`;

const isStillUsed = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23503';

/** Removes a pending file, unless it was confirmed meanwhile or a record names it. */
async function removeRow(pool: GuardedPool, key: string): Promise<boolean> {
  try {
    const { rowCount } = await serviceTransaction(pool, (client) =>
      client.query(`delete ${stale} and storage_key = $1 and org_id = split_part($1, '/', 1)::uuid`, [key]),
    );
    return rowCount === 1;
  } catch (error) {
    if (isStillUsed(error)) return false;
    throw error;
  }
}

/**
 * Removes the files that were announced more than a day ago and never confirmed.
 *
 * @returns how many.
 */
export async function removeStaleUploads(pool: GuardedPool, store: FileStore): Promise<number> {
  const { rows } = await serviceTransaction(pool, (client) =>
    client.query<{ storage_key: string }>(`select storage_key ${stale} order by id limit 10000`),
  );
  let removed = 0;
  for (const { storage_key: key } of rows) {
    if (!(await removeRow(pool, key))) continue;
    await store.remove(key);
    removed++;
  }
  return removed;
}
