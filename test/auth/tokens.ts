/** Tokens for tests, and what is said of wrong ones. */
import type { JWTPayload } from 'jose';
import { expect } from 'vitest';
import { readConfig } from '../../src/config.ts';

export const userId = '0197a3c4-5b6d-7e8f-9a0b-1c2d3e4f5061';
export const issuer = 'https://issuer.test/';
export const audience = 'gateway';
/** When the tests take place, in seconds. */
export const start = Date.UTC(2026, 0, 15, 12) / 1_000;
export const minute = 60;
export const secretAuth = readConfig({ JWT_ISSUER: issuer, JWT_AUDIENCE: audience }).auth;

export const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** The claims of a good token, with changes. */
export const claims = (changes: JWTPayload): JWTPayload => {
  return { iss: issuer, aud: audience, sub: userId, iat: start, exp: start + 10 * minute, ...changes };
};

/** What a refused token is told. */
export const refused = (message: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', message });
export const refuses = (answer: Promise<unknown>, message: string) => expect(answer).rejects.toEqual(refused(message));
export const unavailable = expect.objectContaining({
  code: 'UNAVAILABLE',
  message: 'The keys of the token issuer cannot be fetched right now. Try again in a moment.',
  extensions: { code: 'UNAVAILABLE', retryable: true },
});

export const keyAlgorithms = 'RS256, RS384, RS512, PS256, ES256, ES384, EdDSA';
/** What is wrong with a token, in the words of the server. */
export const says = {
  malformed: 'The token is malformed. Send the whole token as the issuer gave it.',
  issuer: 'The token does not come from the issuer that this server trusts ("iss"). Sign in there.',
  audience: 'The token is not meant for this server ("aud"). Ask the issuer for one that is.',
  expiry: 'The token does not say when it expires ("exp"). Ask the issuer for one that does.',
  subject: 'The token does not say whose it is ("sub"). Ask the issuer for one that does.',
  early: 'The token is not valid yet ("nbf"). Wait a moment, or check the clock of the issuer.',
  future: 'The token was issued in the future. Check the clock of the issuer.',
  expired: 'The token has expired. Sign in again.',
  longLived: 'The token lives longer than this server accepts. Ask the issuer for a shorter-lived one.',
  type: 'This kind of token is not accepted. Send an access token ("typ" JWT or at+jwt).',
  critical: 'The token demands an extension ("crit") that is not known here. Ask the issuer for one without it.',
  encrypted: 'Encrypted tokens are not accepted. Ask the issuer for a signed one.',
  tooLong: 'The token is longer than 8 KB. Ask the issuer for a shorter one.',
  signature: 'The signature of the token is wrong. Sign in again.',
  secretOnly: 'The token is signed in a way that is not accepted. Accepted: HS256.',
  keysOnly: `The token is signed in a way that is not accepted. Accepted: ${keyAlgorithms}.`,
  unknownKey: 'The issuer does not publish the key that signed the token. Sign in again.',
  severalKeys: 'Several keys of the issuer fit the token. Ask the issuer for tokens that name their key ("kid").',
};
