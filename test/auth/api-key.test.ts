import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApiKey, looksLikeApiKey, parseApiKey } from '../../src/auth/api-key.ts';
import { createInvitationToken, parseInvitationToken } from '../../src/auth/invitation-token.ts';

// Made by an independent implementation (Python's zlib and hashlib) from the same organization and random bits.
const orgId = '0197a3c4-5b6d-7e8f-9a0b-1c2d3e4f5061';
const knownKey = 'gwk_030I5wt0rMjNnTO7f1z8Ur_Ab3dEf9Z00ahvh5gV3PpZPWhSIvCbOT8zAt31DxJs';
const knownKeyHash = '50705b8b26d25653363e6322d40cd891a76bcf7f9c1f95765bd699fc6c616708';
const knownInvitation = 'gwi_030I5wt0rMjNnTO7f1z8Ur_00ahvh5gV3PpZPWhSIvCbOT8zAt2HUXLT';
const knownInvitationHash = '8b788595bcdc0f905e898e0c01d6fe5b16afa77ca8ac0408f0be76dce4e65bd7';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_';

/** Every text that differs from the given one in exactly one character. */
const misspellings = (text: string): string[] =>
  [...text].flatMap((original, at) =>
    [...alphabet].filter((c) => c !== original).map((c) => text.slice(0, at) + c + text.slice(at + 1)),
  );

test('a known key gives its organization, prefix and hash', () => {
  expect(parseApiKey(knownKey)).toEqual({ orgId, prefix: 'Ab3dEf9Z', hash: knownKeyHash });
});

test('a known invitation token gives its organization and hash', () => {
  expect(parseInvitationToken(knownInvitation)).toEqual({ orgId, hash: knownInvitationHash });
});

test('a new key has the documented form, carries its prefix and hashes as a whole', () => {
  const { key, prefix, hash } = createApiKey(orgId);
  expect(key).toMatch(/^gwk_030I5wt0rMjNnTO7f1z8Ur_[0-9A-Za-z]{41}$/);
  expect(key.slice(27, 35)).toBe(prefix);
  expect(hash).toBe(createHash('sha256').update(key).digest('hex'));
});

test('a new invitation token has the documented form and hashes as a whole', () => {
  const { token, hash } = createInvitationToken(orgId);
  expect(token).toMatch(/^gwi_030I5wt0rMjNnTO7f1z8Ur_[0-9A-Za-z]{33}$/);
  expect(hash).toBe(createHash('sha256').update(token).digest('hex'));
});

test('a key and an invitation token of any organization read back as made', () => {
  fc.assert(
    fc.property(fc.uuid(), (org) => {
      const { key, prefix, hash } = createApiKey(org);
      const invitation = createInvitationToken(org);
      expect(parseApiKey(key)).toEqual({ orgId: org, prefix, hash });
      expect(parseInvitationToken(invitation.token)).toEqual({ orgId: org, hash: invitation.hash });
    }),
  );
});

test.each([
  ['the lowest', '00000000-0000-0000-0000-000000000000', 'gwk_0000000000000000000000_'],
  ['the highest', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'gwk_7n42DGM5Tflk9n8mt7Fhc7_'],
])('%s organization id reads back', (_, org, start) => {
  const { key } = createApiKey(org);
  expect(key.slice(0, 27)).toBe(start);
  expect(parseApiKey(key)?.orgId).toBe(org);
});

test('an organization id in capitals reads back in small letters', () => {
  expect(parseApiKey(createApiKey(orgId.toUpperCase()).key)?.orgId).toBe(orgId);
});

test('a thousand keys of one organization share neither prefix nor hash, and use all 160 bits', () => {
  const keys = Array.from({ length: 1_000 }, () => createApiKey(orgId));
  expect(new Set(keys.map(({ prefix }) => prefix)).size).toBe(1_000);
  expect(new Set(keys.map(({ hash }) => hash)).size).toBe(1_000);
  const randoms = keys.map(({ key }) =>
    [...key.slice(35, 62)].reduce((n, c) => n * 62n + BigInt(alphabet.indexOf(c)), 0n),
  );
  const [union, common] = [randoms.reduce((a, b) => a | b), randoms.reduce((a, b) => a & b)];
  expect(union).toBe(2n ** 160n - 1n);
  expect(common).toBe(0n);
});

test('a key with any one character changed is refused', () => {
  expect(misspellings(knownKey)).toHaveLength(68 * 62);
  expect(misspellings(knownKey).filter((text) => parseApiKey(text) !== null)).toEqual([]);
});

test('an invitation token with any one character changed is refused', () => {
  expect(misspellings(knownInvitation)).toHaveLength(60 * 62);
  expect(misspellings(knownInvitation).filter((text) => parseInvitationToken(text) !== null)).toEqual([]);
});

test.each([
  ['an empty text', ''],
  ['the bare tag', 'gwk_'],
  ['a key cut short', knownKey.slice(0, -1)],
  ['a key with a character more', knownKey + '0'],
  ['a key with a line break', knownKey + '\n'],
  ['a key with a space before', ' ' + knownKey],
  ['two characters exchanged', knownKey.replace('Ab3d', 'bA3d')],
  [
    'a right checksum over an organization above 128 bits',
    'gwk_zzzzzzzzzzzzzzzzzzzzzz_Ab3dEf9Z0000000000000000000000000013O7Poc',
  ],
  ['a right checksum over exactly 2^128', 'gwk_7n42DGM5Tflk9n8mt7Fhc8_Ab3dEf9Z0000000000000000000000000014LOPLa'],
  ['an invitation token', knownInvitation],
  ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl'],
])('%s is no key', (_, text) => {
  expect(parseApiKey(text)).toBeNull();
});

test('a key is no invitation token', () => {
  expect(parseInvitationToken(knownKey)).toBeNull();
});

test('neither kind is made for an organization id that is not a UUID', () => {
  const refusal = new TypeError('A secret is made for an organization id, which is a UUID.');
  expect(() => createApiKey('acme')).toThrow(refusal);
  expect(() => createInvitationToken('')).toThrow(refusal);
});

test('a key is told from a token by its tag alone', () => {
  expect(looksLikeApiKey('gwk_mistyped')).toBe(true);
  expect(looksLikeApiKey('eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl')).toBe(false);
  expect(looksLikeApiKey(knownInvitation)).toBe(false);
});
