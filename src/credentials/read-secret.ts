/** Secrets for the server's own use, as the service role. No request reaches this file. */
import type { GuardedPool } from '../db/pool.ts';
import { serviceTransaction } from '../db/service.ts';
import type { Credentials } from './credentials.ts';

/** Whether a row is under the key of now, or still under the one before. A row under neither gives null. */
const decrypted = `pgp_sym_decrypt(secret_ciphertext, case key_version when $3 then $4 when $5 then $6 end)`;

const keysOf = ({ key, previous }: Credentials) => [key?.version, key?.text, previous?.version, previous?.text];

type Wanted = readonly [orgId: string, which: string];

async function readOne(pool: GuardedPool, credentials: Credentials, sql: string, wanted: Wanted) {
  const { rows } = await serviceTransaction(pool, (client) =>
    client.query<{ secret: string | null }>(sql, [...wanted, ...keysOf(credentials)]),
  );
  return rows[0]?.secret ?? null;
}

/**
 * The secret of a credential, noting that it was used.
 *
 * @returns null when there is none, or its key is not known.
 */
export const readCredential = (pool: GuardedPool, credentials: Credentials, ...wanted: Wanted) =>
  readOne(
    pool,
    credentials,
    `update integration_credentials set last_used_at = now() where org_id = $1 and id = $2 returning ${decrypted} as secret`,
    wanted,
  );

/** The secret that signs what an endpoint is sent; null when there is none, or its key is not known. */
export const readWebhookSecret = (pool: GuardedPool, credentials: Credentials, ...wanted: Wanted) =>
  readOne(
    pool,
    credentials,
    `select ${decrypted} as secret from webhook_endpoints where org_id = $1 and id = $2`,
    wanted,
  );
