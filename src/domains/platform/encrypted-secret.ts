import { v7 } from 'uuid';
import { demandOrganization } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import { encrypt } from '../../credentials/cipher.ts';
import { UserError } from '../../errors.ts';
import { type Input, rowId } from '../../graphql/rows.ts';

/** The columns of a secret. */
export interface EncryptedSecret {
  readonly secretCiphertext: Uint8Array<ArrayBuffer>;
  readonly keyVersion: string;
  readonly secretSetAt: Date;
}

const tables = { IntegrationCredential: 'integration_credentials', WebhookEndpoint: 'webhook_endpoints' } as const;

/** The id of a row to be made. A secret is bound to its row, so the id is known before the row is there. */
export const newRowId = (model: keyof typeof tables, input: Input): string =>
  input.id === undefined ? v7() : rowId(model, input);

/**
 * Encrypts the secret of a row.
 *
 * @throws UserError UNAVAILABLE when the server has no key.
 */
export function encryptSecret(
  { scope, credentials }: Context,
  model: keyof typeof tables,
  id: string,
  secret: string,
): EncryptedSecret {
  const { key } = credentials;
  if (!key) throw new UserError('UNAVAILABLE', 'This server keeps no secrets: set CREDENTIALS_KEY.');
  const place = { table: tables[model], organization: demandOrganization(scope), id };
  return { secretCiphertext: encrypt(key, place, secret), keyVersion: key.version, secretSetAt: new Date() };
}
