/** Takes every secret to the key of now, in one transaction: all of them, or none. */
import type pg from 'pg';
import type { GuardedPool } from '../db/pool.ts';
import { serviceTransaction } from '../db/service.ts';
import { encrypt, openSecret, type SecretPlace, type StoredSecret, secretTables } from './cipher.ts';
import type { Credentials, CredentialsKey } from './credentials.ts';
import { joinSecret, secretColumns } from './stored-secret.ts';

type Table = SecretPlace['table'];

export interface Rotation {
  /** How many secrets of each table were encrypted anew. */
  readonly rotated: Readonly<Record<Table, number>>;
  /** How many are under neither key. */
  readonly unknown: number;
}

/** How many secrets are in the memory of the process at a time. */
const batch = 500;

/** What rows call the keys that they are taken away from: the previous one, and each as pgcrypto encrypted with it. */
const outdated = ({ key, previous }: Credentials): string[] =>
  [key?.formerVersion, previous?.version, previous?.formerVersion].filter((version) => version !== undefined);

async function readBatch(client: pg.ClientBase, table: Table, versions: readonly string[]) {
  const { rows } = await client.query<StoredSecret & SecretPlace>(
    `select $3 as table, it.org_id as organization, it.id, ${secretColumns} from ${joinSecret(table)}
       where it.key_version = any ($1) order by it.org_id, it.id limit $2 for update of it`,
    [versions, batch, table],
  );
  return rows;
}

type Row = StoredSecret & SecretPlace;

function encryptAnew(key: CredentialsKey, credentials: Credentials, row: Row): Buffer {
  const opened = openSecret(credentials, row, row);
  if (!opened) throw new Error(`No key for ${row.table} ${row.id}.`);
  return encrypt(key, row, opened.secret);
}

/** Encrypts a batch anew, and tells how many there were. */
async function rotateBatch(client: pg.ClientBase, key: CredentialsKey, credentials: Credentials, table: Table) {
  const rows = await readBatch(client, table, outdated(credentials));
  await client.query(
    `update ${table} set key_version = $1, secret_ciphertext = fresh.ciphertext
       from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as fresh (org_id, id, ciphertext)
       where ${table}.org_id = fresh.org_id and ${table}.id = fresh.id`,
    [
      key.version,
      rows.map(({ organization }) => organization),
      rows.map(({ id }) => id),
      rows.map((row) => encryptAnew(key, credentials, row)),
    ],
  );
  return rows.length;
}

async function rotateTable(client: pg.ClientBase, key: CredentialsKey, credentials: Credentials, table: Table) {
  let total = 0;
  for (let count = batch; count === batch; total += count) count = await rotateBatch(client, key, credentials, table);
  return total;
}

async function countUnknown(client: pg.ClientBase, { version }: CredentialsKey, table: Table): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::integer as n from ${table} where secret_ciphertext is not null and key_version is distinct from $1`,
    [version],
  );
  return rows[0]?.n ?? 0;
}

/**
 * Encrypts anew what is under the previous key, and what pgcrypto encrypted. Running it again changes nothing.
 *
 * @throws Error when there is no key, or a secret cannot be read with the key that it names.
 */
export function rotateCredentials(pool: GuardedPool, credentials: Credentials): Promise<Rotation> {
  const { key } = credentials;
  if (!key) throw new Error('Set CREDENTIALS_KEY to the new key and CREDENTIALS_KEY_PREVIOUS to the old one.');
  return serviceTransaction(pool, async (client) => {
    const rotated = { integration_credentials: 0, webhook_endpoints: 0 };
    let unknown = 0;
    for (const table of secretTables) {
      rotated[table] = await rotateTable(client, key, credentials, table);
      unknown += await countUnknown(client, key, table);
    }
    return { rotated, unknown };
  });
}
