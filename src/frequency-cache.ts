/**
 * A memory of what comes again, bounded in bytes. What is new takes the place of something only when it was asked for more
 * often, or of an owner's who has more than a share: a caller who sends ever new things displaces nothing that others use.
 * The counts grow old, so that what was used long ago gives way in the end.
 */
import { createHash } from 'node:crypto';

export interface FrequencyCacheOptions {
  /** All entries together. */
  readonly bytes: number;
  /** One entry; a larger one is never kept. */
  readonly entryBytes: number;
  /** How many entries. */
  readonly entries: number;
  /** How often a key is asked for before it is kept. */
  readonly uses?: number;
  /** The part of the bytes that entries of one owner may take, when others need the room. */
  readonly share?: number;
}

interface Entry<V> {
  readonly value: V;
  readonly bytes: number;
  /** Who brought it; null once another one has used it, too. */
  owner: string | null;
  uses: number;
}

/** Keys that are not kept are counted by a digest: so many, and so long. */
const maxCounted = 8_192;
const agesAfter = 20_000;

const digest = (key: string): string => createHash('sha1').update(key).digest('base64');

export class FrequencyCache<V> {
  readonly #options: FrequencyCacheOptions;
  readonly #entries = new Map<string, Entry<V>>();
  readonly #asked = new Map<string, number>();
  readonly #bytesOf = new Map<string, number>();
  #bytes = 0;
  #gets = 0;

  constructor(options: FrequencyCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept of a key; asking counts. */
  get(key: string, owner: string | null = null): V | undefined {
    if (++this.#gets % agesAfter === 0) this.#age();
    const entry = this.#entries.get(key);
    if (!entry) {
      this.#count(key);
      return undefined;
    }
    entry.uses++;
    if (entry.owner !== null && owner !== entry.owner) this.#own(entry, null);
    return entry.value;
  }

  /** Offers a value for a key that was asked for. @returns whether it is kept. */
  offer(key: string, value: V, bytes: number, owner: string | null = null): boolean {
    const uses = this.#asked.get(digest(key)) ?? 1;
    if (this.#entries.has(key) || uses < (this.#options.uses ?? 1) || bytes > this.#options.entryBytes) return false;
    const victims = this.#victimsFor(bytes, uses, owner);
    if (!victims) return false;
    for (const victim of victims) this.#forget(victim);
    const entry: Entry<V> = { value, bytes, owner: null, uses };
    this.#entries.set(key, entry);
    this.#bytes += bytes;
    this.#own(entry, owner);
    this.#asked.delete(digest(key));
    return true;
  }

  #count(key: string): void {
    const name = digest(key);
    const uses = (this.#asked.get(name) ?? 0) + 1;
    this.#asked.delete(name);
    this.#asked.set(name, uses);
    if (this.#asked.size > maxCounted) this.#asked.delete(this.#asked.keys().next().value ?? '');
  }

  /** The entries that give way; null when those that may do not suffice. */
  #victimsFor(bytes: number, uses: number, owner: string | null): string[] | null {
    const { bytes: most, entries } = this.#options;
    const missing = { bytes: this.#bytes + bytes - most, entries: this.#entries.size + 1 - entries };
    if (missing.bytes <= 0 && missing.entries <= 0) return [];
    const tooMany = this.#isOverShare(owner, bytes);
    const found = { bytes: 0, keys: [] as string[] };
    for (const [key, entry] of this.#byRank()) {
      const gives = tooMany
        ? entry.owner === owner && entry.uses < uses
        : entry.uses < uses || (entry.owner !== owner && this.#isOverShare(entry.owner));
      if (!gives) continue;
      found.keys.push(key);
      found.bytes += entry.bytes;
      if (found.bytes >= missing.bytes && found.keys.length >= missing.entries) return found.keys;
    }
    return null;
  }

  /** First what belongs to owners with more than their share, then what is used least. */
  #byRank(): [string, Entry<V>][] {
    const rank = ({ owner, uses }: Entry<V>) => (this.#isOverShare(owner) ? uses - Number.MAX_SAFE_INTEGER : uses);
    return [...this.#entries].sort(([, a], [, b]) => rank(a) - rank(b));
  }

  #isOverShare(owner: string | null, more = 0): boolean {
    const { bytes, share = 1 } = this.#options;
    return owner !== null && (this.#bytesOf.get(owner) ?? 0) + more > bytes * share;
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#own(entry, null);
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  #own(entry: Entry<V>, owner: string | null): void {
    this.#add(entry.owner, -entry.bytes);
    this.#add(owner, entry.bytes);
    entry.owner = owner;
  }

  #add(owner: string | null, bytes: number): void {
    if (owner === null) return;
    const sum = (this.#bytesOf.get(owner) ?? 0) + bytes;
    if (sum > 0) this.#bytesOf.set(owner, sum);
    else this.#bytesOf.delete(owner);
  }

  /** Halves all counts. */
  #age(): void {
    for (const entry of this.#entries.values()) entry.uses = Math.ceil(entry.uses / 2);
    for (const [name, uses] of this.#asked)
      if (uses > 1) this.#asked.set(name, Math.floor(uses / 2));
      else this.#asked.delete(name);
  }
}
