/**
 * The tokens of the benchmark, signed and checked with HS256 (RFC 7515, RFC 7518 section 3.2). The load generator signs
 * them; PostGraphile and the limit check them, on each request and without a cache.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token says; `iat` and `exp` are seconds since 1970. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
}

export const issuer = 'gateway-bench';
export const audience = 'gateway-bench';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encode({ alg: 'HS256', typ: 'JWT' });
const signature = (text: string, secret: string): Buffer => createHmac('sha256', secret).update(text).digest();

/** Signs a token. */
export function signToken(claims: Claims, secret: string): string {
  const text = `${header}.${encode(claims)}`;
  return `${text}.${signature(text, secret).toString('base64url')}`;
}

/** Gives the claims of a token with a good signature, issuer, audience and time; otherwise undefined. */
export function verifyToken(token: string, secret: string): Claims | undefined {
  const [head, body, mac] = token.split('.');
  if (head !== header || !body || !mac) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const expected = signature(`${head}.${body}`, secret);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims: Claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const good = claims.iss === issuer && claims.aud === audience && claims.exp > Date.now() / 1000;
  return good ? claims : undefined;
}
