/**
 * The keys that encrypt secrets. Secrets are encrypted and decrypted in this process: the database sees ciphertext alone, so
 * neither a key nor a secret can stand in its logs, whatever they print.
 */
import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Config } from '../config.ts';

/** A key, and the name by which a row says that it is encrypted with it. */
export interface CredentialsKey {
  /** The key as it is configured. */
  readonly text: string;
  /** The fingerprint of the key: 16 hexadecimal digits. */
  readonly version: string;
  /** The 256 bits that encrypt. */
  readonly cipherKey: KeyObject;
  /** What rows that pgcrypto encrypted with this key call it. */
  readonly formerVersion: string;
}

export interface Credentials {
  /** What new secrets are encrypted with; null when the server has none. */
  readonly key: CredentialsKey | null;
  /** What older secrets may still be encrypted with. */
  readonly previous: CredentialsKey | null;
}

/** HKDF (RFC 5869): what one purpose derives says nothing of the key, nor of what another one derives. */
const derive = (text: string, purpose: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', text, '', `credentials ${purpose}`, length));

const keyOf = (text: string | undefined): CredentialsKey | null =>
  text === undefined
    ? null
    : {
        text,
        version: derive(text, 'fingerprint', 8).toString('hex'),
        cipherKey: createSecretKey(derive(text, 'aes-256-gcm', 32)),
        formerVersion: createHash('sha256').update(`credentials:${text}`).digest('hex').slice(0, 8),
      };

/** The keys of a configuration. */
export const createCredentials = ({ key, previous }: Config['credentials']): Credentials => ({
  key: keyOf(key),
  previous: keyOf(previous),
});
