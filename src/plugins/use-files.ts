/**
 * The bytes of files in the local store, at `/files/<token>`: PUT takes them, GET gives them. The token says what its bearer
 * may do; whoever has the address needs no more. Nothing is shown in a browser: each file is an attachment of the type that
 * was announced, and a page among them could run nothing.
 */
import { Readable } from 'node:stream';
import type { Plugin } from 'graphql-yoga';
import { attachmentOf } from '../files/disposition.ts';
import { type LocalStore, WrongSizeError } from '../files/local-store.ts';
import type { Pass } from '../files/passes.ts';
import { discard } from './use-http-rules.ts';

const prefix = '/files/';

const say = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** An upload has exactly the announced size, whatever its headers say. */
async function take(request: Request, store: LocalStore, { key, sizeBytes }: Pass): Promise<Response> {
  const reader = request.body?.getReader();
  const chunks = reader ? chunksOf(reader) : Readable.from([]);
  try {
    await store.write(key, chunks, sizeBytes);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof WrongSizeError) return say(413, error.message);
    return request.signal.aborted ? say(400, 'The body broke off.') : Promise.reject(error);
  } finally {
    if (reader) discard(reader).catch(() => {});
  }
}

async function give(request: Request, store: LocalStore, pass: Pass & { readonly exp: number }): Promise<Response> {
  const found = await store.read(pass.key);
  if (!found) return say(404, 'There is no such file.');
  const headers = {
    'content-type': pass.mimeType,
    'content-length': String(found.sizeBytes),
    'content-disposition': attachmentOf(pass.name),
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': `private, max-age=${Math.max(0, pass.exp - Math.ceil(Date.now() / 1000))}`,
  };
  const body = request.method === 'HEAD' ? null : Readable.toWeb(Readable.from(found.chunks()));
  return new Response(body as ReadableStream | null, { headers });
}

async function answer(request: Request, token: string, store: LocalStore): Promise<Response> {
  const use = request.method === 'PUT' ? 'upload' : 'download';
  if (!['PUT', 'GET', 'HEAD'].includes(request.method)) return say(405, 'GET or PUT.', { allow: 'GET, HEAD, PUT' });
  const pass = await store.passes.open(token);
  if (pass === 'expired') return say(403, 'This address has expired. Ask for a new one.');
  if (pass === 'invalid' || pass.use !== use) return say(403, 'This address is not valid.');
  return use === 'upload' ? take(request, store, pass) : give(request, store, pass);
}

export function useFiles(store: LocalStore | null): Plugin {
  if (!store) return {};
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname.startsWith(prefix)) endResponse(await answer(request, url.pathname.slice(prefix.length), store));
    },
  };
}
