import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { createTokenVerifier, signToken } from '../../src/auth/token.ts';
import { GatewayError } from '../../src/errors.ts';
import { audience, base64url, claims, issuer, minute, refuses, says, secretAuth, start, userId } from './tokens.ts';

describe('with the shared secret', () => {
  const verify = createTokenVerifier(secretAuth, { now: () => new Date(start * 1_000) });
  const sign = (changes: JWTPayload = {}) => signToken(secretAuth, claims(changes));
  const signRaw = (header: unknown, payload: string) => {
    const signed = `${base64url(header)}.${Buffer.from(payload).toString('base64url')}`;
    const hmac = createHmac('sha256', secretAuth.secret ?? '').update(signed);
    return `${signed}.${hmac.digest('base64url')}`;
  };
  const bare = {
    userId,
    email: `${userId}@users.invalid`,
    verifiedEmail: null,
    fullName: null,
    avatarUrl: null,
    orgId: null,
  };
  const expiresAt = new Date('2026-01-15T12:10:00.000Z');

  test('a token with every claim gives all of them, without characters that Postgres cannot store', async () => {
    const email = 'ada@x.test';
    const given = { email, email_verified: true, picture: 'https://x.test/a.png', org_id: 'x'.repeat(64) };
    const expected = {
      email,
      verifiedEmail: email,
      fullName: 'Ada Lovelace',
      avatarUrl: given.picture,
      orgId: given.org_id,
    };
    const token = await sign({ ...given, name: 'Ada\0\ud800 Lovelace' });
    expect(await verify(token)).toEqual({ ...expected, userId, expiresAt });
  });

  test.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    [undefined, false],
    [null, false],
    [1, false],
    ['TRUE', false],
  ])('an address with email_verified %o is verified: %o', async (claim, isVerified) => {
    const { verifiedEmail } = await verify(await sign({ email: 'ada@x.test', email_verified: claim }));
    expect(verifiedEmail).toBe(isVerified ? 'ada@x.test' : null);
  });

  test.each(['ada', 'ada@x.test\0', ' ada@x.test', 7])('%o is no verified address', async (email) => {
    expect((await verify(await sign({ email, email_verified: true }))).verifiedEmail).toBeNull();
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
