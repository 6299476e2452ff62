/**
 * What makes cursors opaque. A cursor holds values of a row; sealed, it tells nothing, cannot be made or changed by clients,
 * and is worth nothing in another organization, where rows could be made to compare with it.
 *
 * AES-256-GCM with a nonce that is an HMAC of the content: the same row has the same cursor, whichever process made it, and
 * two contents do not share a nonce.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** Gives the content of a cursor, or null for a text that is none of the reader's. */
export type OpenCursor = (cursor: string) => string | null;
/** Makes a cursor of a content. */
export type SealCursor = (content: string) => string;

/** What a cursor was made of, and in which organization. */
export interface Opened {
  readonly orgId: string | null;
  readonly content: string;
}

export interface Cursors {
  readonly seal: (opened: Opened) => string;
  /** Null for a text that was not sealed here. */
  readonly open: (cursor: string) => Opened | null;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens cursors with keys that are derived of a secret. */
export function createCursors(secret: string | Buffer): Cursors {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `tenant-gateway cursor ${use}`, 32));
  const [key, nonceKey] = [derived('key'), derived('nonce')];
  const nonceOf = (plain: string) => createHmac('sha256', nonceKey).update(plain).digest().subarray(0, nonceBytes);

  function decrypted(bytes: Buffer): string | null {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return null;
    }
  }

  return {
    seal({ orgId, content }) {
      const plain = `${orgId ?? ''} ${content}`;
      const nonce = nonceOf(plain);
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
      const bytes = [nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(bytes).toString('base64url');
    },
    open(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== cursor) return null;
      const plain = decrypted(bytes);
      const end = plain?.indexOf(' ') ?? -1;
      return plain === null || end < 0 ? null : { orgId: plain.slice(0, end) || null, content: plain.slice(end + 1) };
    },
  };
}
