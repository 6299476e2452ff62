/**
 * Files in a folder: `uploads` is where bytes arrive, `objects` where downloads come from. Both are moved into place in one
 * step, so nobody ever reads half a file.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digest } from './digest.ts';
import { createPasses } from './passes.ts';
import type { FileStore } from './store.ts';

export interface LocalStore extends FileStore {
  readonly passes: ReturnType<typeof createPasses>;
  /** Writes the bytes of an upload; they must be as many as announced. */
  write(key: string, chunks: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void>;
  /** The bytes of a file and their number; null when there are none. */
  read(key: string): Promise<{ readonly sizeBytes: number; readonly chunks: () => AsyncIterable<Uint8Array> } | null>;
}

/** An upload of another size than was announced. */
export class WrongSizeError extends Error {
  override name = 'WrongSizeError';
}

export interface LocalStoreOptions {
  readonly folder: string;
  readonly secret: string;
  /** Where clients reach this server. */
  readonly publicUrl: string;
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const wellFormed = new RegExp(`^${uuid}/${uuid}$`);

const unlessMissing = (error: unknown): null => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
};

async function writeChunks(file: FileHandle, chunks: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > sizeBytes) break;
    await file.writeFile(chunk);
  }
  if (size !== sizeBytes) {
    throw new WrongSizeError(`${size > sizeBytes ? 'More' : 'Fewer'} bytes than the ${sizeBytes} that were announced.`);
  }
}

/** Makes the store of a folder. */
export function createLocalStore({ folder, secret, publicUrl }: LocalStoreOptions): LocalStore {
  const passes = createPasses(secret);

  /** Keys are made by the database; this makes sure of it before one becomes a path. */
  function pathOf(area: 'uploads' | 'objects', key: string): string {
    if (!wellFormed.test(key)) throw new TypeError('Not the key of a file.');
    return join(folder, area, key);
  }

  const addressOf = async (...pass: Parameters<typeof passes.seal>) =>
    new URL(`/files/${await passes.seal(...pass)}`, publicUrl).href;

  /** Fills a file beside its place, and moves it there. */
  async function place(path: string, fill: (draft: string) => Promise<void>): Promise<void> {
    const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await fill(draft);
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async function fillFrom(draft: string, chunks: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
    const file = await open(draft, 'wx');
    try {
      await writeChunks(file, chunks, sizeBytes);
    } finally {
      await file.close();
    }
  }

  return {
    passes,

    async upload({ key, name, mimeType, sizeBytes }, expiresAt) {
      const url = await addressOf({ use: 'upload', key, name, mimeType, sizeBytes }, expiresAt);
      return { url, method: 'PUT', headers: [{ name: 'Content-Type', value: mimeType }], expiresAt };
    },

    async receive(key) {
      const path = pathOf('objects', key);
      await mkdir(dirname(path), { recursive: true });
      await rename(pathOf('uploads', key), path).catch(unlessMissing);
      return digest(createReadStream(path)).catch(unlessMissing);
    },

    download: ({ key, name, mimeType }, expiresAt) =>
      addressOf({ use: 'download', key, name, mimeType, sizeBytes: 0 }, expiresAt),

    put: (key, bytes) => place(pathOf('objects', key), (draft) => writeFile(draft, bytes)),

    async remove(key) {
      await Promise.all([rm(pathOf('uploads', key), { force: true }), rm(pathOf('objects', key), { force: true })]);
    },

    write: (key, chunks, sizeBytes) => place(pathOf('uploads', key), (draft) => fillFrom(draft, chunks, sizeBytes)),

    async read(key) {
      const path = pathOf('objects', key);
      const found = await stat(path).catch(unlessMissing);
      return found && { sizeBytes: found.size, chunks: () => createReadStream(path) };
    },
  };
}
