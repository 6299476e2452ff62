/** Files, as a test speaks of them: announced, sent and confirmed through a server. */
import { createHash } from 'node:crypto';
import type { Gateway as Server } from '../../../src/server.ts';
import type { Client } from '../../support/client.ts';
import { write } from '../../support/write.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Upload {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: string;
}

export interface Announcement {
  readonly id: string;
  readonly upload: Upload;
}

/** What is announced of bytes, unless something else is said of them. */
export const announcement = (bytes: Uint8Array, more: object = {}) => ({
  name: 'notes.txt',
  mimeType: 'text/plain',
  sizeBytes: String(bytes.length),
  sha256: sha256(bytes),
  ...more,
});

/** Announces a file. */
export async function announce(client: Client, bytes: Uint8Array, more: object = {}): Promise<Announcement> {
  const { fileUploadStart } = await client.ok(
    `mutation ($input: FileUploadStartInput!) { fileUploadStart(input: $input) {
      file { id status } upload { url method headers { name value } expiresAt } userErrors { message }
    } }`,
    { input: announcement(bytes, more) },
  );
  return { id: fileUploadStart.file.id, upload: fileUploadStart.upload };
}

/** Sends something to an address of the local store. */
export function send(server: Server, url: string, init: RequestInit = {}): Promise<Response> {
  return server.fetch(new Request(url, init));
}

/** Sends bytes where an announcement says. */
export const sendBytes = (server: Server, { upload }: Announcement, bytes: Uint8Array): Promise<Response> =>
  send(server, upload.url, {
    method: upload.method,
    headers: upload.headers.map(({ name, value }): [string, string] => [name, value]),
    body: Buffer.from(bytes),
  });

/** Makes a file that is ready, and gives its id. */
export async function ready(server: Server, client: Client, bytes: Uint8Array, more: object = {}): Promise<string> {
  const made = await announce(client, bytes, more);
  await sendBytes(server, made, bytes);
  await write(client, 'fileConfirm', { id: made.id }, 'status');
  return made.id;
}

/** The address that a file is downloaded from; null when it cannot be. */
export const addressOf = async (client: Client, id: string, seconds = 300): Promise<string | null> =>
  (
    await client.ok('query ($id: ID!, $s: Int) { file(id: $id) { downloadUrl(expiresInSeconds: $s) } }', {
      id,
      s: seconds,
    })
  ).file.downloadUrl;
