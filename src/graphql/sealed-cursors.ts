/**
 * What makes cursors opaque. A cursor holds values of a row; sealed, it tells nothing, cannot be made or changed by clients,
 * and opens for those alone to whom it was given: a person, or the API keys of an organization.
 *
 * AES-256-GCM with a nonce that is an HMAC of the content: the same row has the same cursor, whichever process made it, and
 * two contents do not share a nonce.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** Gives the content of a cursor, or null for a text that is none of the reader's. */
export type OpenCursor = (cursor: string) => string | null;
/** Makes a cursor of a content. */
export type SealCursor = (content: string) => string;

export interface Cursors {
  readonly seal: (content: string, owner: string) => string;
  readonly open: (cursor: string, owner: string) => string | null;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Whom a cursor is for, by what is known of a caller before and after the database let them in. */
export function ownerOf({ userId, orgId }: { readonly userId: string | null; readonly orgId: string | null }): string {
  return userId ? `person ${userId.toLowerCase()}` : `keys of ${orgId?.toLowerCase()}`;
}

/** Seals and opens cursors with keys that are derived of a secret. */
export function createCursors(secret: string | Buffer): Cursors {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `tenant-gateway cursor ${use}`, 32));
  const [key, nonceKey] = [derived('key'), derived('nonce')];
  const nonceOf = (content: string, owner: string) =>
    createHmac('sha256', nonceKey).update(`${owner}\0${content}`).digest().subarray(0, nonceBytes);
  return {
    seal(content, owner) {
      const nonce = nonceOf(content, owner);
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(owner));
      return Buffer.concat([nonce, cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open(cursor, owner) {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== cursor) return null;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(owner));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        return null;
      }
    },
  };
}
