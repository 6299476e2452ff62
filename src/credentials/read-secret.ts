/** Secrets for the server's own use, as the service role. No request reaches this file. */
import type pg from 'pg';
import type { GuardedPool } from '../db/pool.ts';
import { serviceTransaction } from '../db/service.ts';
import { encrypt, openSecret, type SecretPlace, type StoredSecret } from './cipher.ts';
import type { Credentials } from './credentials.ts';
import { isSecretOf, joinSecret, secretColumns } from './stored-secret.ts';

/** What is encrypted as it used to be is encrypted anew at its first use. */
async function renew(client: pg.ClientBase, { key }: Credentials, place: SecretPlace, secret: string): Promise<void> {
  if (!key) return;
  await client.query(
    `update ${place.table} set secret_ciphertext = $3, key_version = $4 where org_id = $1 and id = $2`,
    [place.organization, place.id, encrypt(key, place, secret), key.version],
  );
}

function readOne(pool: GuardedPool, credentials: Credentials, sql: string, place: SecretPlace): Promise<string | null> {
  return serviceTransaction(pool, async (client) => {
    const { rows } = await client.query<Partial<StoredSecret>>(sql, [place.organization, place.id]);
    const { ciphertext, keyVersion = null } = rows[0] ?? {};
    const opened = ciphertext ? openSecret(credentials, place, { ciphertext, keyVersion }) : null;
    if (opened?.isFormer) await renew(client, credentials, place, opened.secret);
    return opened?.secret ?? null;
  });
}

/**
 * The secret of a credential, noting that it was used.
 *
 * @returns null when there is none, or its key is not known.
 */
export const readCredential = (pool: GuardedPool, credentials: Credentials, orgId: string, id: string) =>
  readOne(
    pool,
    credentials,
    `update integration_credentials it set last_used_at = now() from app.secrets
       where it.org_id = $1 and it.id = $2 and ${isSecretOf('integration_credentials')} returning ${secretColumns}`,
    { table: 'integration_credentials', organization: orgId, id },
  );

/** The secret that signs what an endpoint is sent; null when there is none, or its key is not known. */
export const readWebhookSecret = (pool: GuardedPool, credentials: Credentials, orgId: string, id: string) =>
  readOne(
    pool,
    credentials,
    `select ${secretColumns} from ${joinSecret('webhook_endpoints')} where it.org_id = $1 and it.id = $2 for update of it`,
    {
      table: 'webhook_endpoints',
      organization: orgId,
      id,
    },
  );
