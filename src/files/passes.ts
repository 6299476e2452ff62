/**
 * What stands in an address of the local store: a token (JWE) that is sealed with the server's secret, so that nobody can
 * read, change or make one, and that expires.
 */
import { createHash } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';

/** What the bearer of an address may do. */
export interface Pass {
  readonly use: 'upload' | 'download';
  readonly key: string;
  readonly name: string;
  readonly mimeType: string;
  /** For uploads: how many bytes to send. */
  readonly sizeBytes: number;
}

const algorithms = { alg: 'dir', enc: 'A256GCM' } as const;

/** Seals and opens passes with a secret. */
export function createPasses(secret: string) {
  const key = createHash('sha256').update(`files:${secret}`).digest();
  return {
    seal: (pass: Pass, expiresAt: Date): Promise<string> =>
      new EncryptJWT({ ...pass })
        .setProtectedHeader(algorithms)
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .encrypt(key),

    /** The pass of a token and when it expires, or why it is none. */
    async open(token: string): Promise<(Pass & { readonly exp: number }) | 'expired' | 'invalid'> {
      try {
        const { payload } = await jwtDecrypt<Pass>(token, key, {
          keyManagementAlgorithms: [algorithms.alg],
          contentEncryptionAlgorithms: [algorithms.enc],
          requiredClaims: ['exp'],
        });
        return payload as Pass & { readonly exp: number };
      } catch (error) {
        return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
      }
    },
  };
}
