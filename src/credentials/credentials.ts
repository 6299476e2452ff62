/**
 * The keys that encrypt secrets in the database. The encryption itself is pgcrypto's, inside the transaction: keys and secrets
 * travel as bound parameters, and no text of SQL ever holds one.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';

/** A key, and the name by which a row says that it is encrypted with it. */
export interface CredentialsKey {
  readonly text: string;
  readonly version: string;
}

export interface Credentials {
  /** What new secrets are encrypted with; null when the server has none. */
  readonly key: CredentialsKey | null;
  /** What older secrets may still be encrypted with. */
  readonly previous: CredentialsKey | null;
}

const keyOf = (text: string | undefined): CredentialsKey | null =>
  text === undefined
    ? null
    : { text, version: createHash('sha256').update(`credentials:${text}`).digest('hex').slice(0, 8) };

/** The keys of a configuration. */
export const createCredentials = ({ key, previous }: Config['credentials']): Credentials => ({
  key: keyOf(key),
  previous: keyOf(previous),
});
