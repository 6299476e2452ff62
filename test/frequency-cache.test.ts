import { expect, test } from 'vitest';
import { FrequencyCache } from '../src/frequency-cache.ts';
import { documentCache } from '../src/plugins/document-cache.ts';

const limits = { entries: 100, bytes: 1_000, entryBytes: 400 };

test('holds no more bytes and entries than it may, whatever it is offered', () => {
  const cache = new FrequencyCache<number>(limits);
  for (let n = 0; n < 5_000; n++) {
    const key = `key ${n % 700}`;
    if (cache.get(key) === undefined) cache.offer(key, n, (n * 37) % 500);
    expect(cache.bytes).toBeLessThanOrEqual(limits.bytes);
    expect(cache.size).toBeLessThanOrEqual(limits.entries);
  }
  cache.get('large');
  expect(cache.offer('large', 1, 401)).toBe(false);
});

test('what was used long ago gives way in the end', () => {
  const cache = new FrequencyCache<string>({ ...limits, entries: 1 });
  for (let n = 0; n < 1_000; n++) if (cache.get('old') === undefined) cache.offer('old', 'old', 1);
  const ask = () => cache.get('new') ?? (cache.offer('new', 'new', 1) ? 'new' : undefined);
  expect(ask()).toBeUndefined();
  for (let n = 0; n < 2_000; n++) ask();
  expect(cache.get('new')).toBe('new');
});

test('a thousand documents that come once leave those that come often where they are', () => {
  const documents = documentCache<string>();
  const used = Array.from({ length: 20 }, (_, n) => `{ used${n} }`);
  for (let round = 0; round < 5; round++) for (const text of used) if (!documents.get(text)) documents.set(text, text);
  for (let n = 0; n < 5_000; n++) {
    const text = `{ once${n} ${'x'.repeat(900)} }`;
    if (!documents.get(text)) documents.set(text, text);
  }
  expect(used.filter((text) => documents.get(text))).toEqual(used);
});
