import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createTokenVerifier, signToken } from '../../src/auth/token.ts';
import { readConfig } from '../../src/config.ts';
import { GatewayError } from '../../src/errors.ts';

const userId = '0197a3c4-5b6d-7e8f-9a0b-1c2d3e4f5061';
const issuer = 'https://issuer.test/';
const audience = 'gateway';
const start = Date.UTC(2026, 0, 15, 12) / 1_000;
const minute = 60;
const secretAuth = readConfig({ JWT_ISSUER: issuer, JWT_AUDIENCE: audience }).auth;

let seconds = start;
const now = () => new Date(seconds * 1_000);
beforeEach(() => {
  seconds = start;
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (changes: JWTPayload): JWTPayload => {
  return { iss: issuer, aud: audience, sub: userId, iat: start, exp: start + 10 * minute, ...changes };
};

const refused = (message: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', message });
const refuses = (answer: Promise<unknown>, message: string) => expect(answer).rejects.toEqual(refused(message));
const unavailable = expect.objectContaining({
  code: 'UNAVAILABLE',
  message: 'The keys of the token issuer cannot be fetched right now. Try again in a moment.',
  extensions: { code: 'UNAVAILABLE', retryable: true },
});

const keyAlgorithms = 'RS256, RS384, RS512, PS256, ES256, ES384, EdDSA';
const says = {
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

describe('with the shared secret', () => {
  const verify = createTokenVerifier(secretAuth, { now });
  const sign = (changes: JWTPayload = {}) => signToken(secretAuth, claims(changes));
  const signRaw = (header: unknown, payload: string) => {
    const signed = `${base64url(header)}.${Buffer.from(payload).toString('base64url')}`;
    const hmac = createHmac('sha256', secretAuth.secret ?? '').update(signed);
    return `${signed}.${hmac.digest('base64url')}`;
  };
  const bare = { userId, email: `${userId}@users.invalid`, fullName: null, avatarUrl: null, orgId: null };
  const expiresAt = new Date('2026-01-15T12:10:00.000Z');

  test('a token with every claim gives all of them, without characters that Postgres cannot store', async () => {
    const given = { email: 'ada@x.test', picture: 'https://x.test/a.png', org_id: 'x'.repeat(64) };
    const expected = { email: given.email, fullName: 'Ada Lovelace', avatarUrl: given.picture, orgId: given.org_id };
    const token = await sign({ ...given, name: 'Ada\0\ud800 Lovelace' });
    expect(await verify(token)).toEqual({ ...expected, userId, expiresAt });
  });

  test.each<[string, JWTPayload]>([
    ['absent', {}],
    ['not texts', { email: 7, name: ['Ada'], picture: {}, org_id: 12 }],
    ['blank', { email: ' ', name: '', picture: '', org_id: '' }],
    ['not what they should be', { email: 'ada', picture: 'http://example.com/a.png', org_id: 'x'.repeat(65) }],
    ['dangerous', { picture: 'javascript:alert(1)' }],
  ])('optional claims that are %s count as missing', async (_, changes) => {
    expect(await verify(await sign(changes))).toEqual({ ...bare, expiresAt });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['without iss', { iss: undefined }, says.issuer],
    ['of another issuer', { iss: 'https://other.test/' }, says.issuer],
    ['of a list of issuers', { iss: [issuer] }, says.issuer],
    ['without aud', { aud: undefined }, says.audience],
    ['for another audience', { aud: 'other' }, says.audience],
    ['for several other audiences', { aud: ['other', 'another'] }, says.audience],
    ['without exp', { exp: undefined }, says.expiry],
    ['with a text as exp', { exp: '2030-01-01' }, says.expiry],
    ['without sub', { sub: undefined }, says.subject],
    ['with an empty sub', { sub: '' }, says.subject],
    ['with half a surrogate pair as sub', { sub: '\ud800' }, says.subject],
    ['expired 5 minutes ago', { exp: start - 5 * minute }, says.expired],
    ['expired exactly the tolerance ago', { exp: start - 30 }, says.expired],
    ['valid from 5 minutes ahead', { nbf: start + 5 * minute }, says.early],
    ['valid from 31 s ahead', { nbf: start + 31 }, says.early],
    ['issued 5 minutes ahead', { iat: start + 5 * minute }, says.future],
    ['issued 31 s ahead', { iat: start + 31 }, says.future],
    ['issued too long ago', { iat: start - 86_431 }, 'The token was issued too long ago. Sign in again.'],
    ['without iat, that lives too long', { iat: undefined, exp: start + 86_431 }, says.longLived],
  ])('a token %s is refused', async (_, changes, message) => {
    await refuses(verify(await sign(changes)), message);
  });

  test.each<[string, JWTPayload]>([
    ['expired 29 s ago', { exp: start - 29 }],
    ['valid from 30 s ahead', { nbf: start + 30 }],
    ['issued 30 s ahead', { iat: start + 30 }],
    ['issued a day and the tolerance ago', { iat: start - 86_430 }],
    ['without iat, that lives no longer than a day', { iat: undefined, exp: start + 86_430 }],
    ['for several audiences, this one among them', { aud: ['other', audience] }],
  ])('a token %s is accepted', async (_, changes) => {
    expect((await verify(await sign(changes))).userId).toBe(userId);
  });

  test.each(['1e999', String(start + 10 * 86_400)])('a token that expires at %s ends after a day', async (exp) => {
    const token = signRaw({ alg: 'HS256' }, JSON.stringify(claims({ exp: 0 })).replace('"exp":0', `"exp":${exp}`));
    expect((await verify(token)).expiresAt).toEqual(new Date('2026-01-16T12:00:00.000Z'));
  });

  test.each([
    ['a UUID in capitals', userId.toUpperCase(), userId],
    ['an identity provider id', 'auth0|123', '9f13801c-0aa4-5fbb-93e7-4e78efac07a6'],
  ])('%s as subject gives a stable user id', async (_, sub, expected) => {
    expect(await verify(await sign({ sub }))).toMatchObject({ userId: expected, email: `${expected}@users.invalid` });
  });

  test.each([undefined, 'JWT', 'jwt', 'at+jwt', 'application/at+jwt'])('the type %s is accepted', async (typ) => {
    expect(await verify(signRaw({ alg: 'HS256', typ }, JSON.stringify(claims({}))))).toEqual({ ...bare, expiresAt });
  });

  test.each<readonly [string, object, string]>([
    ['the type of a logout token', { typ: 'logout+jwt' }, says.type],
    ['a type that is no text', { typ: { toString: 1 } }, says.type],
    ['a critical extension', { crit: ['b64'], b64: true }, says.critical],
    ...['none', 'None', 'HS384', 'RS256', '', 7].map((alg) => [`alg "${alg}"`, { alg }, says.secretOnly] as const),
  ])('a token signed with the secret but with %s is refused', async (_, header, message) => {
    await refuses(verify(signRaw({ alg: 'HS256', ...header }, JSON.stringify(claims({})))), message);
  });

  test('a token whose content or secret is another is refused', async () => {
    const [header, , signature] = (await sign()).split('.');
    await refuses(verify(`${header}.${base64url(claims({ org_id: 'other' }))}.${signature}`), says.signature);
    const other = { ...secretAuth, secret: 'another-secret-of-thirty-two-characters' };
    await refuses(verify(await signToken(other, claims({}))), says.signature);
  });

  test.each(['', 'x', 'a.b', 'a.b.c', '...', `${base64url([])}.e30.AA`])('the text "%s" is malformed', async (text) => {
    await refuses(verify(text), says.malformed);
  });

  test('the token stands in no refusal', async () => {
    const token = await sign({ exp: start - 5 * minute });
    const error: unknown = await verify(token).catch((reason: unknown) => reason);
    const text = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(text).toContain(says.expired);
    expect(token.split('.').filter((part) => text.includes(part))).toEqual([]);
  });

  test('whatever is sent, signed or not, the answer is claims or UNAUTHENTICATED', async () => {
    const json = fc.oneof(fc.jsonValue(), fc.constant({ alg: 'HS256' })).map(base64url);
    const parts = fc.array(fc.oneof(json, fc.string()), { minLength: 2, maxLength: 5 });
    const unsigned = parts.map((texts) => texts.join('.'));
    const names = fc.constantFrom('exp', 'iat', 'nbf', 'sub', 'email', 'name', 'picture', 'org_id');
    const odd = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })));
    const signed = odd.map((some) => signRaw({ alg: 'HS256' }, JSON.stringify({ ...claims({}), ...some })));
    const isExpected = async (token: string) => {
      const outcome: unknown = await verify(token).catch((reason: unknown) => reason);
      return !(outcome instanceof Error) || (outcome instanceof GatewayError && outcome.code === 'UNAUTHENTICATED');
    };
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), unsigned, signed), isExpected), { numRuns: 1_000 });
  });

  test.each([{ lives: 3_600 }, { lives: 60, ttlSeconds: 60 }])('a signed token %o', async ({ lives, ttlSeconds }) => {
    const token = await signToken(secretAuth, { sub: userId }, { ttlSeconds });
    const { expiresAt: end } = await createTokenVerifier(secretAuth)(token);
    expect(Math.round((end.getTime() - Date.now()) / 10_000) * 10).toBe(lives);
  });

  test('a verifier of both families or of none, or a token without a secret, is not made', async () => {
    const either = 'Tokens are checked either with a secret or with a key set: configure exactly one of them.';
    const secretless = { ...secretAuth, secret: undefined };
    expect(() => createTokenVerifier({ ...secretAuth, jwksUrl: 'http://127.0.0.1/' })).toThrow(either);
    expect(() => createTokenVerifier(secretless)).toThrow(either);
    const secretOnly = 'Only tokens of a shared secret (JWT_SECRET) can be signed here.';
    await expect(signToken(secretless, claims({}))).rejects.toThrow(secretOnly);
  });
});

type Signer = { readonly kid?: string; readonly alg: string; readonly privateKey: CryptoKey; readonly jwk: JWK };
const newSigner = async (kid: string, alg = 'ES256'): Promise<Signer> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
};
const [first, second] = await Promise.all([newSigner('first'), newSigner('second')]);

describe('with a published key set', () => {
  let published: JWK[] = [];
  let reply: { status: number; body?: string } | 'nothing' = { status: 200 };
  let attempts = 0;
  let port = 0;

  const server = createServer((_, response) => {
    if (reply === 'nothing') return;
    response.writeHead(reply.status, { location: '/keys' }).end(reply.body ?? JSON.stringify({ keys: published }));
  });
  const open = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const close = () => new Promise((done) => server.close(done).closeAllConnections());

  const sign = ({ kid, alg, privateKey }: Signer) =>
    new SignJWT(claims({ exp: start + 86_400 })).setProtectedHeader({ alg, kid }).sign(privateKey);

  const newVerifier = (changes: Readonly<Record<string, string>> = {}) => {
    const given = { JWKS_URL: `http://127.0.0.1:${port}/jwks.json`, JWT_ISSUER: issuer, JWT_AUDIENCE: audience };
    const counted: typeof fetch = (...request) => {
      attempts += 1;
      return fetch(...request);
    };
    const verify = createTokenVerifier(readConfig({ ...given, ...changes }).auth, { now, fetch: counted });
    return async (from: Signer | string) => (await verify(typeof from === 'string' ? from : await sign(from))).userId;
  };
  const flood = async (verify: (from: Signer) => Promise<string>) =>
    Promise.allSettled(Array.from({ length: 50 }, (_, n) => verify({ ...first, kid: `unknown-${n}` })));
  const fifty = (reason: unknown) => Array.from({ length: 50 }, () => ({ status: 'rejected', reason }));

  beforeEach(async () => {
    [published, reply, attempts] = [[first.jwk], { status: 200 }, 0];
    if (!server.listening) await open();
  });
  afterAll(close);

  test.each(keyAlgorithms.split(', '))('%s is accepted after one fetch', async (alg) => {
    const signer = await newSigner('only', alg);
    published = [signer.jwk];
    expect(await newVerifier()(signer)).toBe(userId);
    expect(attempts).toBe(1);
  });

  test('HS256 signed with the published RSA key as secret is refused before any fetch', async () => {
    const { jwk } = await newSigner('rsa', 'RS256');
    published = [jwk];
    const pem = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    for (const secret of [pem.toString(), JSON.stringify(jwk)]) {
      const token = new SignJWT(claims({})).setProtectedHeader({ alg: 'HS256', kid: 'rsa' });
      await refuses(newVerifier()(await token.sign(new TextEncoder().encode(secret))), says.keysOnly);
    }
    expect(attempts).toBe(0);
  });

  test.each([
    ...['none', 'HS512', 'RS1', 'PS512', 'ES512'].map((alg) => [alg, `${base64url({ alg })}.e30.`, says.keysOnly]),
    ['five parts', `${base64url({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.AA.AA.AA.AA`, says.encrypted],
    ['64 KB', `${base64url({ alg: 'ES256', kid: 'first' })}.${'A'.repeat(65_536)}.AA`, says.tooLong],
    ['64 KB of dots', '.'.repeat(65_536), says.tooLong],
    ['8 KB and a character', 'A'.repeat(8_193), says.tooLong],
    ['8 KB exactly, of nothing', 'A'.repeat(8_192), says.malformed],
    ['an unknown critical extension', `${base64url({ alg: 'ES256', crit: ['x'] })}.e30.AA`, says.critical],
    ['a foreign type', `${base64url({ alg: 'ES256', typ: 'secevent+jwt' })}.e30.AA`, says.type],
  ])('a token with %s is refused before any fetch, within 50 ms', async (_, token = '', message = '') => {
    const verify = newVerifier();
    const began = performance.now();
    await refuses(verify(token), message);
    expect(performance.now() - began).toBeLessThan(50);
    expect(attempts).toBe(0);
  });

  test('a token without kid passes while one key fits, and is told to name its key when several do', async () => {
    expect(await newVerifier()({ ...first, kid: undefined })).toBe(userId);
    published = [first.jwk, second.jwk];
    await refuses(newVerifier()({ ...first, kid: undefined }), says.severalKeys);
  });

  test('two rotations under load refuse no valid token and cost one fetch each', async () => {
    const verify = newVerifier();
    const third = await newSigner('third');
    const load = (...signers: Signer[]) => Promise.all(Array.from({ length: 40 }, () => signers.map(verify)).flat());
    expect(await load(first)).toEqual(Array(40).fill(userId));
    published = [first.jwk, second.jwk];
    seconds += 30;
    expect(await load(first, second)).toEqual(Array(80).fill(userId));
    published = [second.jwk, third.jwk];
    seconds += 30;
    expect(await load(second, third)).toEqual(Array(80).fill(userId));
    expect(attempts).toBe(3);
  });

  test('a new key within 30 s of the last fetch waits for the cooldown', async () => {
    const verify = newVerifier();
    await verify(first);
    published = [first.jwk, second.jwk];
    seconds += 29;
    await refuses(verify(second), says.unknownKey);
    expect(attempts).toBe(1);
    seconds += 1;
    expect(await verify(second)).toBe(userId);
    expect(attempts).toBe(2);
  });

  test('a withdrawn key is refused once the set is 10 minutes old', async () => {
    const verify = newVerifier();
    await verify(first);
    published = [second.jwk];
    seconds += 10 * minute;
    expect(await verify(first)).toBe(userId);
    expect(attempts).toBe(1);
    seconds += 1;
    await refuses(verify(first), says.unknownKey);
    expect(attempts).toBe(2);
  });

  test.each([
    ['up', refused(says.unknownKey)],
    ['down', unavailable],
  ])('with the endpoint %s fifty unknown keys at once cause one fetch per cooldown', async (state, answer) => {
    const verify = newVerifier();
    await verify(first);
    expect(await flood(verify)).toEqual(fifty(refused(says.unknownKey)));
    if (state === 'down') await close();
    for (const expected of [2, 3]) {
      expect(attempts).toBe(expected - 1);
      seconds += 30;
      expect([...(await flood(verify)), ...(await flood(verify))]).toEqual([...fifty(answer), ...fifty(answer)]);
      expect(attempts).toBe(expected);
    }
  });

  test.each([
    ['an hour', {}, [5, 15, 30, 60]],
    ['the configured time', { JWKS_MAX_STALE_SECONDS: '900' }, [5, 15]],
  ])('in an outage the last set answers for %s, then 503, then all is well again', async (_, changes, passing) => {
    const verify = newVerifier(changes);
    await verify(first);
    await close();
    for (const minutes of passing) {
      seconds = start + minutes * minute;
      expect(await verify(first)).toBe(userId);
      await refuses(verify({ ...second, kid: 'first' }), says.signature);
    }
    seconds += 1;
    await expect(verify(first)).rejects.toEqual(unavailable);
    await open();
    seconds += 1;
    expect(await verify(first)).toBe(userId);
  });

  test('a start during an outage answers 503, tries again once a second, and recovers', async () => {
    const verify = newVerifier();
    await close();
    expect(await flood(verify)).toEqual(fifty(unavailable));
    await expect(verify(first)).rejects.toEqual(unavailable);
    expect(attempts).toBe(1);
    await open();
    seconds += 1;
    expect(await verify(first)).toBe(userId);
    expect(attempts).toBe(2);
  });

  test('an endpoint known to be down keeps no known key waiting when it hangs', async () => {
    const verify = newVerifier();
    await verify(first);
    await close();
    seconds += 15 * minute;
    await verify(first);
    reply = 'nothing';
    await open();
    const asked = once(server, 'request');
    seconds += 30;
    const began = performance.now();
    expect(await verify(first)).toBe(userId);
    expect(performance.now() - began).toBeLessThan(500);
    await asked;
    await close();
  });

  test.each([
    ['an error page', 500, 'down'],
    ['a redirect', 302, ''],
    ['a text that is no JSON', 200, '<html>'],
    ['a JSON that is no key set', 200, '{"keys": 7}'],
  ])('%s in place of the key set counts as an outage', async (_, status, body) => {
    const verify = newVerifier();
    await verify(first);
    reply = { status, body };
    seconds += 15 * minute;
    expect(await verify(first)).toBe(userId);
    await expect(verify(second)).rejects.toEqual(unavailable);
    expect(attempts).toBe(2);
  });
});
