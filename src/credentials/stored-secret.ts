/** Where ciphertexts lie: in a table of the service role, beside the rows that they belong to. SQL for the server's own work. */
import type { SecretPlace } from './cipher.ts';

type Table = SecretPlace['table'];

/** What a secret is and which key it is under, of a row called `it`. */
export const secretColumns = 'secrets.secret::bytea as ciphertext, it.key_version as "keyVersion"';

/** Whether a row of app.secrets is that of the row called `it`. */
export const isSecretOf = (table: Table): string =>
  `secrets.relation = '${table}' and secrets.org_id = it.org_id and secrets.id = it.id`;

/** The rows of a table that have a secret, as `it`, with their secrets. */
export const joinSecret = (table: Table): string => `${table} it join app.secrets on ${isSecretOf(table)}`;
