/**
 * The offline embedder: deterministic feature hashing, no model, no network, no state.
 *
 * Words, pairs of neighbouring words and letter triples are hashed into signed buckets, so texts that share them lie
 * close to each other. It is lexical: it finds the same and similarly spelt words, not the same meaning.
 * A change of anything below changes every vector: give it a new model name then.
 * Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning", https://arxiv.org/abs/0902.2206
 */
import type { Embedder } from './embedder.ts';

export const hashingModel = 'lexical-hash-v1';

/** For people who search: what these vectors can find, and what they cannot. */
export const hashingDescription =
  'Lexical similarity by feature hashing, computed offline: it finds texts that share words, word pairs and spelling, ' +
  'not texts that mean the same in other words.';

const stopWords = new Set(
  'a an and are as at be but by for from has have in is it its of on or that the this to was we were will with'.split(
    ' ',
  ),
);

/** One word weighs more than one pair, and a pair more than one of the many letter triples of a word. */
const weights = { word: 1, pair: 0.6, triple: 0.3 } as const;
type Kind = keyof typeof weights;
const seeds: Readonly<Record<Kind, number>> = { word: 0x811c9dc5, pair: 0x9747b28c, triple: 0x1b873593 };

/** FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/), finished as murmur3 so that all 32 bits mix. */
function hash(text: string, start: number, end: number, seed: number): number {
  let h = seed;
  for (let i = start; i < end; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Lower-case words without the stop words, unless nothing else is there. */
function words(text: string): string[] {
  const all =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const telling = all.filter((word) => !stopWords.has(word));
  return telling.length > 0 ? telling : all;
}

type Counts = Record<Kind, Map<number, number>>;

/** Counts the features by their hash. Each distinct word is taken apart once, however often it stands in the text. */
function countFeatures(text: string): Counts {
  const counts: Counts = { word: new Map(), pair: new Map(), triple: new Map() };
  const add = (kind: Kind, feature: number, times: number) =>
    counts[kind].set(feature, (counts[kind].get(feature) ?? 0) + times);
  const distinct = new Map<string, number>();
  let previous: string | undefined;
  for (const word of words(text)) {
    distinct.set(word, (distinct.get(word) ?? 0) + 1);
    if (previous !== undefined) {
      const pair = `${previous} ${word}`;
      add('pair', hash(pair, 0, pair.length, seeds.pair), 1);
    }
    previous = word;
  }
  for (const [word, times] of distinct) {
    const framed = `<${word}>`;
    add('word', hash(word, 0, word.length, seeds.word), times);
    for (let i = 0; i + 3 <= framed.length; i++) add('triple', hash(framed, i, i + 3, seeds.triple), times);
  }
  return counts;
}

/** Embeds one text: signed hash, 1 + ln(count) for repeated features, length 1. A text without words is the first axis. */
export function hashText(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const counts = countFeatures(text);
  for (const kind of ['word', 'pair', 'triple'] as const) {
    for (const [feature, count] of counts[kind]) {
      const bucket = (feature >>> 1) % dimensions;
      const amount = weights[kind] * (1 + Math.log(count));
      vector[bucket] = (vector[bucket] ?? 0) + (feature & 1 ? amount : -amount);
    }
  }
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (norm < 1e-9) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => (value === 0 ? 0 : value / norm));
}

/** It reads so many characters of a text, for it computes in the thread that answers everyone: some 80 ms of work. */
const mostCharacters = 250_000;

/** Gives the offline embedder. It never fails. */
export const createHashingEmbedder = (): Embedder => ({
  model: hashingModel,
  embed: async (texts, dimensions) => texts.map((text) => hashText(text.slice(0, mostCharacters), dimensions)),
});
