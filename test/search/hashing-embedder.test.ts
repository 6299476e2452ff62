import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHashingEmbedder, hashText } from '../../src/search/hashing-embedder.ts';
import { vectorProblem } from '../../src/search/vector.ts';

const cosine = (a: string, b: string): number => {
  const [left, right] = [hashText(a, 1536), hashText(b, 1536)];
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
};

test('a text has this vector, today and always', () => {
  const filled = hashText('Due', 768).flatMap((value, index) => (value === 0 ? [] : `${index}: ${value.toFixed(6)}`));
  expect(filled).toEqual(['152: -0.266207', '327: -0.266207', '468: -0.887357', '747: -0.266207']);
});

test('every text, the empty one too, gets a usable vector of length 1', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(1, 2, 768, 1536), (text, dimensions) => {
      const vector = hashText(text, dimensions);
      expect(vectorProblem(vector, dimensions)).toBeUndefined();
      expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
    }),
  );
});

test('texts without words are the first axis', () => {
  expect(hashText('', 3)).toEqual([1, 0, 0]);
  expect(hashText(' ?! ', 3)).toEqual([1, 0, 0]);
});

test('case, width and punctuation do not matter', () => {
  expect(hashText('ＬＡＴＥ payment!', 1536)).toEqual(hashText('late, payment', 1536));
});

test('stop words do not count, unless nothing else is there', () => {
  expect(hashText('the payment of the invoice', 1536)).toEqual(hashText('payment invoice', 1536));
  expect(cosine('to be with it', '')).toBeLessThan(0.5);
});

test('shared words bring texts closer than shared spelling, and that closer than nothing', () => {
  const words = cosine('late invoice payment', 'the payment of an invoice was late');
  const spelling = cosine('late invoice payment', 'invoicing and prepayments');
  expect(words).toBeGreaterThan(spelling);
  expect(spelling).toBeGreaterThan(0.1);
  expect(Math.abs(cosine('late invoice payment', 'homepage workshop'))).toBeLessThan(0.1);
});

test('the order of words counts a little', () => {
  const same = cosine('brand before product launch', 'brand before product launch');
  const turned = cosine('brand before product launch', 'launch product before brand');
  expect(same).toBeCloseTo(1, 9);
  expect(turned).toBeGreaterThan(0.5);
  expect(turned).toBeLessThan(0.95);
});

test('a repeated word counts less than twice', () => {
  const [once, thrice] = [hashText('alpha beta', 1536), hashText('alpha alpha alpha beta', 1536)];
  expect(cosine('alpha beta', 'alpha alpha alpha beta')).toBeLessThan(1);
  expect(Math.max(...thrice.map(Math.abs)) / Math.max(...once.map(Math.abs))).toBeLessThan(2);
});

test('a text of 2,000 words takes less than 5 ms', () => {
  const text = Array.from({ length: 2_000 }, (_, index) => `word${(index * 7_919) % 1_500}`).join(' ');
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    hashText(text, 1536);
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(5);
});

test('the embedder gives one vector for each text, in order, under its own model name', async () => {
  const embedder = createHashingEmbedder();
  expect(embedder.model).toBe('lexical-hash-v1');
  expect(await embedder.embed(['one', 'two'], 768)).toEqual([hashText('one', 768), hashText('two', 768)]);
  expect(await embedder.embed([], 768)).toEqual([]);
});
