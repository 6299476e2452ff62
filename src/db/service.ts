/**
 * The server's own work, as the role `gateway_service`: sign-up, notes on keys, seeding. Never reachable from a request:
 * no resolver imports this file.
 */
import type pg from 'pg';
import type { GuardedPool } from './pool.ts';

/** Runs work in one transaction of the service role; commits, or rolls back and throws what the work threw. */
export async function serviceTransaction<T>(
  pool: GuardedPool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin; set local role gateway_service');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
