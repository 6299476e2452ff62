/**
 * Turns text into vectors. The only place that knows which embedder a configuration asks for.
 *
 * Vectors of different models are not comparable: the model's name is stored beside every vector, and a search compares
 * only vectors of the model it embeds its text with.
 */
import type { Config } from '../config.ts';
import { createHashingEmbedder } from './hashing-embedder.ts';
import { createHttpEmbedder } from './http-embedder.ts';

/** Text in, vectors out: one for each text, in the same order, of the asked length, finite and never all zero. */
export interface Embedder {
  /** The name that is stored beside each vector. */
  readonly model: string;
  embed(texts: readonly string[], dimensions: number): Promise<number[][]>;
}

/** Gives the configured HTTP embedder, or the offline one when no address is set. */
export function createEmbedder(config: Config['embedder']): Embedder {
  const { url, ...options } = config;
  return url === undefined ? createHashingEmbedder() : createHttpEmbedder({ url, ...options });
}
