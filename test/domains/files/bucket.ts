/**
 * A bucket that speaks as much of the language of S3 as the store needs, over HTTP. It checks signatures by its own reading of
 * Signature Version 4, so what it takes is what S3 would take; beyond that it is no S3.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

interface Signed {
  readonly headers: readonly string[];
  readonly scope: string;
  readonly date: string;
  readonly signature: string;
  readonly payload: string;
}

function signedBy({ headers }: IncomingMessage, query: URLSearchParams): Signed {
  const fromHeader = (name: string) => new RegExp(`${name}=([^,]+)`).exec(headers.authorization ?? '')?.[1] ?? '';
  const inQuery = query.has('X-Amz-Signature');
  const of = (name: string) => (inQuery ? (query.get(`X-Amz-${name}`) ?? '') : fromHeader(name));
  return {
    headers: of('SignedHeaders').split(';'),
    scope: of('Credential').split('/').slice(1).join('/'),
    date: inQuery ? of('Date') : String(headers['x-amz-date']),
    signature: of('Signature'),
    payload: inQuery ? 'UNSIGNED-PAYLOAD' : String(headers['x-amz-content-sha256']),
  };
}

function isSigned(request: IncomingMessage, url: URL): boolean {
  const { headers, scope, date, signature, payload } = signedBy(request, url.searchParams);
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort();
  const lines = headers.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
  const canonical = [request.method, url.pathname, query.join('&'), lines, headers.join(';'), payload].join('\n');
  const [day = '', region = '', service = ''] = scope.split('/');
  const key = hmac(hmac(hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region), service), 'aws4_request');
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n')).toString('hex') === signature;
}

/** Dates are written as 20261121T180000Z. */
function hasExpired({ searchParams }: URL): boolean {
  const date = (searchParams.get('X-Amz-Date') ?? '').replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
  const seconds = Number(searchParams.get('X-Amz-Expires'));
  return searchParams.has('X-Amz-Expires') && Date.parse(date) + seconds * 1000 < Date.now();
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface Bucket {
  readonly endpoint: string;
  /** What it holds, by key. */
  readonly objects: Map<string, Buffer>;
  /** Whether it holds uploads to the checksum that they were signed with, as S3 does. */
  checksChecksums: boolean;
  close(): Promise<void>;
}

type Answer = readonly [status: number, body?: string | Buffer, headers?: Readonly<Record<string, string>>];

const fault = (status: number, code: string): Answer => [status, `<Error><Code>${code}</Code></Error>`];

function put(bucket: Bucket, key: string, { headers }: IncomingMessage, body: Buffer): Answer {
  const source = headers['x-amz-copy-source']?.toString().replace(/^\/files\//, '');
  const bytes = source === undefined ? body : bucket.objects.get(source);
  if (!bytes) return fault(404, 'NoSuchKey');
  const wanted = headers['x-amz-checksum-sha256'];
  const checksum = createHash('sha256').update(body).digest('base64');
  if (bucket.checksChecksums && wanted !== undefined && wanted !== checksum) return fault(400, 'BadDigest');
  bucket.objects.set(key, bytes);
  return [200, source === undefined ? '' : '<CopyObjectResult/>'];
}

function get({ objects }: Bucket, key: string, { searchParams }: URL): Answer {
  const bytes = objects.get(key);
  const headers = {
    'content-type': searchParams.get('response-content-type') ?? 'binary/octet-stream',
    'content-disposition': searchParams.get('response-content-disposition') ?? 'inline',
  };
  return bytes ? [200, bytes, headers] : fault(404, 'NoSuchKey');
}

async function answer(bucket: Bucket, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '', bucket.endpoint);
  const body = await bodyOf(request);
  const key = decodeURIComponent(url.pathname).replace(/^\/files\//, '');
  if (!isSigned(request, url)) return fault(403, 'SignatureDoesNotMatch');
  if (hasExpired(url)) return fault(403, 'AccessDenied');
  if (request.method === 'PUT') return put(bucket, key, request, body);
  if (request.method === 'GET') return get(bucket, key, url);
  bucket.objects.delete(key);
  return [204];
}

/** Opens an empty bucket called `files`. */
export async function openBucket(): Promise<Bucket> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    answer(bucket, request).then(([status, body, headers = {}]) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bucket: Bucket = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    checksChecksums: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return bucket;
}
