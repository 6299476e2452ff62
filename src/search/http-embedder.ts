/**
 * The embedder behind an OpenAI-compatible endpoint: `POST {url}` with `{model, input, dimensions}`.
 *
 * Every try has its own time limit and there are at most three. An answer counts only when each text has one usable
 * vector. What the service says, and the key, never leave this file: callers read one of the sentences below.
 * Protocol: https://platform.openai.com/docs/api-reference/embeddings/create
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../errors.ts';
import type { Embedder } from './embedder.ts';
import { vectorProblem } from './vector.ts';

export interface HttpEmbedderOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  /** For one try, and the longest Retry-After that is waited for. */
  readonly timeoutMs: number;
}

const tries = 3;
const firstPauseMs = 100;
/** Texts in one request; services limit both their number and their tokens. */
const batchSize = 64;

/** What came of one try: vectors, or why not, and after how long another try makes sense (undefined: never). */
type Outcome = { vectors: number[][] } | { failure: string; retryAfterMs: number | undefined };

/** Reads Retry-After, seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now; 0 when absent or unreadable. */
function retryAfter(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isVector = (value: unknown, dimensions: number): value is number[] =>
  Array.isArray(value) &&
  value.every((item) => typeof item === 'number') &&
  vectorProblem(value, dimensions) === undefined;

/** Takes the vectors out of an answer, by their `index` where they have one; nothing when one is missing or unusable. */
function readVectors(answer: unknown, count: number, dimensions: number): number[][] | undefined {
  const data = isRecord(answer) && Array.isArray(answer.data) ? answer.data : [];
  if (data.length !== count) return undefined;
  const vectors = new Map<unknown, number[]>();
  data.forEach((item: unknown, position) => {
    if (!isRecord(item) || !isVector(item.embedding, dimensions)) return;
    vectors.set(item.index ?? position, item.embedding);
  });
  const ordered = Array.from({ length: count }, (_, index) => vectors.get(index) ?? []);
  return ordered.every((vector) => vector.length > 0) ? ordered : undefined;
}

function post(options: HttpEmbedderOptions, input: readonly string[], dimensions: number): Promise<Response> {
  return fetch(options.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    },
    body: JSON.stringify({ model: options.model, input, dimensions }),
    // A redirect would take the text, and perhaps the key, to an address that nobody configured.
    redirect: 'manual',
    signal: AbortSignal.timeout(options.timeoutMs),
  });
}

async function read(response: Response, count: number, dimensions: number): Promise<Outcome> {
  const body = await response.text();
  if (!response.ok) {
    const passing = response.status === 408 || response.status === 429 || response.status >= 500;
    const retryAfterMs = passing ? retryAfter(response.headers.get('retry-after')) : undefined;
    return { failure: `The embedding service answered with status ${response.status}.`, retryAfterMs };
  }
  const vectors = readVectors(parse(body), count, dimensions);
  return vectors
    ? { vectors }
    : { failure: 'The embedding service gave an answer that cannot be used.', retryAfterMs: undefined };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function attempt(options: HttpEmbedderOptions, input: readonly string[], dimensions: number): Promise<Outcome> {
  try {
    return await read(await post(options, input, dimensions), input.length, dimensions);
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    const failure = late ? 'The embedding service did not answer in time.' : 'The embedding service cannot be reached.';
    return { failure, retryAfterMs: 0 };
  }
}

async function embedBatch(
  options: HttpEmbedderOptions,
  input: readonly string[],
  dimensions: number,
): Promise<number[][]> {
  for (let number = 1; ; number++) {
    const outcome = await attempt(options, input, dimensions);
    if ('vectors' in outcome) return outcome.vectors;
    const { failure, retryAfterMs } = outcome;
    // Asking again sooner than the service allows is a wasted try: a longer Retry-After ends here.
    if (number === tries || retryAfterMs === undefined || retryAfterMs > options.timeoutMs) throw unavailable(failure);
    await sleep(Math.max(retryAfterMs, firstPauseMs * 2 ** (number - 1) * (0.5 + Math.random())));
  }
}

/**
 * Gives an embedder that asks an OpenAI-compatible service, in batches, one after another.
 *
 * Its `embed` throws GatewayError UNAVAILABLE when the service does not give a usable answer.
 */
export const createHttpEmbedder = (options: HttpEmbedderOptions): Embedder => ({
  model: options.model,
  embed: async (texts, dimensions) => {
    const vectors: number[][] = [];
    for (let start = 0; start < texts.length; start += batchSize) {
      vectors.push(...(await embedBatch(options, texts.slice(start, start + batchSize), dimensions)));
    }
    return vectors;
  },
});
