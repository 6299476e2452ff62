/** Takes every secret from the previous key to the one of now, in one transaction: all of them, or none. */
import type { GuardedPool } from '../db/pool.ts';
import { serviceTransaction } from '../db/service.ts';
import type { Credentials } from './credentials.ts';

const tables = ['integration_credentials', 'webhook_endpoints'] as const;

export interface Rotation {
  /** How many secrets of each table were encrypted anew. */
  readonly rotated: Readonly<Record<(typeof tables)[number], number>>;
  /** How many are under neither key. */
  readonly unknown: number;
}

/**
 * Encrypts anew what is under the previous key. Running it again changes nothing.
 *
 * @throws Error when one of the keys is missing, or a secret cannot be read with the key that it names.
 */
export function rotateCredentials(pool: GuardedPool, { key, previous }: Credentials): Promise<Rotation> {
  if (!key || !previous)
    throw new Error('Set CREDENTIALS_KEY to the new key and CREDENTIALS_KEY_PREVIOUS to the old one.');
  return serviceTransaction(pool, async (client) => {
    const rotated = { integration_credentials: 0, webhook_endpoints: 0 };
    let unknown = 0;
    for (const table of tables) {
      const { rowCount } = await client.query(
        `update ${table} set key_version = $2,
           secret_ciphertext = pgp_sym_encrypt(pgp_sym_decrypt(secret_ciphertext, $3), $4, 'cipher-algo=aes256')
         where key_version = $1`,
        [previous.version, key.version, previous.text, key.text],
      );
      rotated[table] = rowCount ?? 0;
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::integer as n from ${table} where secret_ciphertext is not null and key_version is distinct from $1`,
        [key.version],
      );
      unknown += rows[0]?.n ?? 0;
    }
    return { rotated, unknown };
  });
}
