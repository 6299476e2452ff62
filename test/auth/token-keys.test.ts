import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createTokenVerifier } from '../../src/auth/token.ts';
import { readConfig } from '../../src/config.ts';
import {
  audience,
  base64url,
  claims,
  issuer,
  keyAlgorithms,
  minute,
  refused,
  refuses,
  says,
  start,
  unavailable,
  userId,
} from './tokens.ts';

let seconds = start;
const now = () => new Date(seconds * 1_000);
beforeEach(() => {
  seconds = start;
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
