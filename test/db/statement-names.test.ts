import { describe, expect, test } from 'vitest';
import { statementNames } from '../../src/db/statement-names.ts';

const times = (count: number, work: () => string): string => {
  let last = '';
  for (let round = 0; round < count; round++) last = work();
  return last;
};

describe('names of prepared statements', () => {
  test('go to texts that come again, always the same', () => {
    const name = statementNames();
    expect(name('a')).toBe('');
    const a = name('a');
    expect(a).toMatch(/^g[\w-]{22}$/);
    expect(name('a')).toBe(a);
    expect(times(3, () => name('b'))).not.toBe(a);
  });

  test('a long text gets none', () => {
    const name = statementNames({ entryBytes: 100 });
    expect(times(10, () => name('x'.repeat(101)))).toBe('');
    expect(times(3, () => name('x'.repeat(100)))).not.toBe('');
  });

  test('texts that come a few times displace none that come often', () => {
    const name = statementNames({ bytes: 1_000 });
    const used = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(100));
    for (const text of used) times(20, () => name(text, `org ${used.indexOf(text) % 5}`));
    for (let n = 0; n < 400; n++) times(4, () => name(`${n}`.padEnd(100, 'x'), 'globex'));
    expect(used.map((text) => name(text)).every(Boolean)).toBe(true);
  });

  test('texts that come more often take the place of the one that came least', () => {
    const name = statementNames({ bytes: 200 });
    times(9, () => name('a'.repeat(100)));
    times(5, () => name('b'.repeat(100)));
    expect(times(6, () => name('c'.repeat(100)))).not.toBe('');
    expect(name('a'.repeat(100))).not.toBe('');
    expect(name('b'.repeat(100))).toBe('');
  });

  test('who has more than a share gives way to others, and takes nothing from them, however often', () => {
    const name = statementNames({ bytes: 1_000, share: 0.3 });
    const greedy = (n: number) => name(`${n}`.padEnd(100, 'g'), 'greedy');
    for (let n = 0; n < 10; n++) times(50, () => greedy(n));
    expect(Array.from({ length: 10 }, (_, n) => greedy(n)).every(Boolean)).toBe(true);
    const modest = Array.from({ length: 7 }, (_, n) => `${n}`.padEnd(100, 'm'));
    for (const text of modest) times(3, () => name(text, 'modest'));
    expect(modest.map((text) => name(text, 'modest')).filter(Boolean).length).toBeGreaterThanOrEqual(3);
    for (let n = 100; n < 200; n++) times(100, () => greedy(n));
    expect(modest.map((text) => name(text, 'modest')).filter(Boolean).length).toBeGreaterThanOrEqual(3);
  });
});
