/**
 * Names of prepared statements: a text that comes again and again gets one, always the same, so that Postgres plans it once
 * on each connection. A plan takes about a hundred times the bytes of its text in the memory of Postgres, on every connection:
 * so names are budgeted by bytes, a long text gets none, and a caller with ever new texts takes no name from others.
 */
import { createHash } from 'node:crypto';
import { FrequencyCache, type FrequencyCacheOptions } from '../frequency-cache.ts';

const usual: FrequencyCacheOptions = { bytes: 131_072, entryBytes: 16_384, entries: 500, uses: 2, share: 0.25 };

export type NameOf = (text: string, owner?: string | null) => string;

/** Makes a function that names texts; no name is ''. The owner is who sends the text. */
export function statementNames(options: Partial<FrequencyCacheOptions> = {}): NameOf {
  const names = new FrequencyCache<string>({ ...usual, ...options });
  return (text, owner = null) => {
    const known = names.get(text, owner);
    if (known) return known;
    const name = `g${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    return names.offer(text, name, text.length, owner) ? name : '';
  };
}
