import { expect, test, vi } from 'vitest';
import { createTokenVerifier, signToken } from '../../src/auth/token.ts';
import { rememberTokens } from '../../src/auth/token-cache.ts';
import { readConfig } from '../../src/config.ts';

const { auth } = readConfig({});
const sub = '0190f1c2-0000-7000-8000-000000000001';

test('a good token is checked again after ten seconds, and a bad one each time', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
  const checked: string[] = [];
  const verify = createTokenVerifier(auth);
  const remembered = rememberTokens((token) => {
    checked.push(token);
    return verify(token);
  });
  const token = await signToken(auth, { sub });
  for (const advance of [0, 9_000, 2_000]) {
    vi.advanceTimersByTime(advance);
    expect((await remembered(token)).userId).toBe(sub);
  }
  expect(checked).toEqual([token, token]);
  for (const _ of [1, 2]) await expect(remembered('bad')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(checked).toEqual([token, token, 'bad', 'bad']);
  vi.useRealTimers();
});

test('a token is forgotten when it ends', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
  const remembered = rememberTokens(createTokenVerifier({ ...auth, clockToleranceSeconds: 0 }));
  const token = await signToken(auth, { sub }, { ttlSeconds: 5 });
  expect((await remembered(token)).userId).toBe(sub);
  vi.advanceTimersByTime(6_000);
  await expect(remembered(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  vi.useRealTimers();
});
