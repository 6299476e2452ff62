/**
 * Secrets as the database holds them: AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D). A ciphertext is bound to
 * its row: copied to another row, table or organization it does not decrypt.
 *
 *     1 byte    the format: 1
 *     8 bytes   the fingerprint of the key
 *     12 bytes  the nonce
 *     n bytes   the text
 *     16 bytes  the authentication tag
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Credentials, CredentialsKey } from './credentials.ts';
import { decryptPgcrypto } from './pgcrypto.ts';

/** The tables that hold secrets. */
export const secretTables = ['integration_credentials', 'webhook_endpoints'] as const;

/** The row that a secret belongs to. */
export interface SecretPlace {
  readonly table: (typeof secretTables)[number];
  readonly organization: string;
  readonly id: string;
}

/** A secret as a row holds it. */
export interface StoredSecret {
  readonly ciphertext: Uint8Array;
  /** The key that the row names; null in a row that was made without one. */
  readonly keyVersion: string | null;
}

const format = 1;
const headLength = 9;
const nonceLength = 12;
const tagLength = 16;

const boundTo = (head: Uint8Array, { table, organization, id }: SecretPlace): Buffer =>
  Buffer.concat([head, Buffer.from(`${table} ${organization.toLowerCase()} ${id.toLowerCase()}`)]);

const corrupt = ({ table, id }: SecretPlace): Error => new Error(`Wrong key or corrupt data: ${table} ${id}.`);

/** Encrypts the secret of a row. */
export function encrypt(key: CredentialsKey, place: SecretPlace, secret: string): Buffer<ArrayBuffer> {
  const head = Buffer.concat([Buffer.of(format), Buffer.from(key.version, 'hex')]);
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key.cipherKey, nonce).setAAD(boundTo(head, place));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([head, nonce, text, cipher.getAuthTag()]);
}

function decrypt(key: CredentialsKey, place: SecretPlace, bytes: Uint8Array): string {
  const [head, nonce] = [bytes.subarray(0, headLength), bytes.subarray(headLength, headLength + nonceLength)];
  if (bytes.length < headLength + nonceLength + tagLength || head[0] !== format) throw corrupt(place);
  const options = { authTagLength: tagLength };
  const decipher = createDecipheriv('aes-256-gcm', key.cipherKey, nonce, options).setAAD(boundTo(head, place));
  decipher.setAuthTag(bytes.subarray(-tagLength));
  const text = decipher.update(bytes.subarray(headLength + nonceLength, -tagLength));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

/** A secret, and whether pgcrypto encrypted it. */
export interface OpenedSecret {
  readonly secret: string;
  readonly isFormer: boolean;
}

/**
 * Decrypts the secret of a row, whichever of the two keys encrypts it, and also what pgcrypto encrypted.
 *
 * @returns null when the row names neither key.
 * @throws Error when the row names a key that does not decrypt it.
 */
export function openSecret(
  { key, previous }: Credentials,
  place: SecretPlace,
  { ciphertext, keyVersion }: StoredSecret,
): OpenedSecret | null {
  const known = [key, previous].filter((candidate) => candidate !== null);
  const current = known.find(({ version }) => version === keyVersion);
  const former = known.find(({ formerVersion }) => formerVersion === keyVersion);
  try {
    if (current) return { secret: decrypt(current, place, ciphertext), isFormer: false };
    return former ? { secret: decryptPgcrypto(ciphertext, former.text), isFormer: true } : null;
  } catch {
    throw corrupt(place);
  }
}
