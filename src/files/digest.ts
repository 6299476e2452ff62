import { createHash } from 'node:crypto';
import type { Received } from './store.ts';

const headLength = 16;

/** Reads bytes to their end: how many there are, their checksum, and how they begin. */
export async function digest(chunks: AsyncIterable<Uint8Array>): Promise<Received> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    if (head.length < headLength) head = Buffer.concat([head, chunk]).subarray(0, headLength);
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: hash.digest('hex'), head };
}
