/**
 * Where the bytes of files lie: outside of the database, in a folder or a bucket. Clients send and fetch them at addresses
 * that are good for a while. What must stay true: an upload lands in a place of its own, and only `receive` brings it where
 * downloads come from; so the bytes that were checked are the bytes that are served, whatever is uploaded later.
 */
import type { Config } from '../config.ts';
import { createLocalStore, type LocalStore } from './local-store.ts';
import { createS3Store } from './s3-store.ts';

/** A file as its row announces it. The key is made by the database. */
export interface Announced {
  readonly key: string;
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Where and how a client sends the bytes. */
export interface Upload {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: Date;
}

/** What has arrived. */
export interface Received {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** The first bytes, by which a format is known. */
  readonly head: Uint8Array;
}

export interface FileStore {
  /** An address that takes the bytes of a file until it expires. */
  upload(file: Announced, expiresAt: Date): Promise<Upload>;
  /** Takes in what was uploaded last, and reads it back; null when nothing has arrived. */
  receive(key: string): Promise<Received | null>;
  /** An address that gives the bytes of a file until it expires. */
  download(file: Pick<Announced, 'key' | 'name' | 'mimeType'>, expiresAt: Date): Promise<string>;
  /** Stores bytes as if they had been uploaded and received. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes whatever there is of a file. */
  remove(key: string): Promise<void>;
}

/** The files of a server. */
export interface Files {
  /** Null when the server is not configured to keep files. */
  readonly store: FileStore | null;
  /** The store in a folder, whose bytes this server serves itself. */
  readonly local: LocalStore | null;
  readonly maxBytes: number;
}

export interface FilesOptions {
  /** Told of every failure of a store that is not on this machine. */
  readonly onFailure?: (error: Error) => void;
}

/** The store that a configuration asks for. */
export function createFiles(config: Config['files'], { onFailure = () => {} }: FilesOptions = {}): Files {
  const { s3, folder, secret, publicUrl, maxBytes } = config;
  if (s3) return { store: createS3Store(s3, onFailure), local: null, maxBytes };
  const local = secret && publicUrl ? createLocalStore({ folder, secret, publicUrl }) : null;
  return { store: local, local, maxBytes };
}
