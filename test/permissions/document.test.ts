/** The page about permissions lists each permission with its least role, and no other. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { permissions } from '../../src/auth/permissions.ts';

const row = /^\| `([a-z]+:[a-z]+)` \| (\w+) \| \S.* \|$/gm;

test('docs/permissions.md lists every permission with its least role', async () => {
  const page = await readFile(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(row)].map(([, permission, role]) => [permission, role]);
  expect(listed).toEqual(Object.entries(permissions));
});
