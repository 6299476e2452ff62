import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';

/** The columns of a secret. */
export interface EncryptedSecret {
  readonly secretCiphertext: Uint8Array<ArrayBuffer>;
  readonly keyVersion: string;
  readonly secretSetAt: Date;
}

/**
 * Encrypts a secret in the database, with pgcrypto (AES-256). Secret and key are bound parameters; neither is written
 * anywhere but into the ciphertext.
 *
 * @throws UserError UNAVAILABLE when the server has no key.
 */
export async function encryptSecret({ db, credentials }: Context, secret: string): Promise<EncryptedSecret> {
  const { key } = credentials;
  if (!key) throw new UserError('UNAVAILABLE', 'This server keeps no secrets: set CREDENTIALS_KEY.');
  const [row] = await db.$queryRaw<{ ciphertext: Uint8Array<ArrayBuffer> }[]>`
    select pgp_sym_encrypt(${secret}, ${key.text}, 'cipher-algo=aes256') as ciphertext`;
  if (!row) throw new Error('The database gave no ciphertext.');
  return { secretCiphertext: row.ciphertext, keyVersion: key.version, secretSetAt: new Date() };
}
