/**
 * Documents by their text: those that come again and again stay. Bounded in number and in length (a parsed document takes
 * some fifty times the bytes of its text), so that no client can fill the memory with documents that are never sent again,
 * or drive out those of others.
 */
import { FrequencyCache, type FrequencyCacheOptions } from '../frequency-cache.ts';

const usual: FrequencyCacheOptions = { entries: 1_000, bytes: 1_000_000, entryBytes: 20_000 };

/** Makes an empty cache, in the shape that Yoga asks for. */
export function documentCache<T>(options: Partial<FrequencyCacheOptions> = {}) {
  const documents = new FrequencyCache<T>({ ...usual, ...options });
  return {
    get: (text: string): T | undefined => documents.get(text),
    set(text: string, document: T): void {
      documents.offer(text, document, text.length);
    },
  };
}
