/**
 * What may come in at all, before anything is parsed: JSON only (a browser cannot send that to another site without asking
 * first, so no cross-site form can run a mutation), uncompressed, one operation, of a bounded size. And what goes out is
 * nobody else's to keep.
 */
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badInput, type GatewayError } from '../errors.ts';

export interface HttpRulesOptions {
  /** The one address that is left: whoever answers others stands before. */
  readonly endpoint: string;
  readonly maxBodyBytes: number;
}

const jsonTypes = ['application/json', 'application/graphql-response+json'];

/** Whether a `Content-Type` is JSON. */
export const isJson = (contentType: string | null | undefined): boolean =>
  jsonTypes.includes((contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '');

const isJsonRequest = ({ headers }: Request): boolean => isJson(headers.get('content-type'));

/** What every answer of the API says to caches and browsers. */
export const answerHeaders = {
  'cache-control': 'private, no-store',
  vary: 'Authorization, X-Org',
  'x-content-type-options': 'nosniff',
} as const;

/** A refusal with a status of its own. */
const refusal = (status: number, message: string): GatewayError => badInput(message, { http: { status } });

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, `${what} is not JSON.`);
  }
}

/** Whether a JSON value is an object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkPost(request: Request, maxBytes: number): void {
  if (!isJsonRequest(request)) throw refusal(415, 'Send the request as application/json.');
  if (request.headers.has('content-encoding')) throw refusal(415, 'Send the body uncompressed.');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

const tooLarge = (maxBytes: number): GatewayError => refusal(413, `The body is larger than ${maxBytes} bytes.`);

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Lets the rest of a body come and go. A server that answers and hangs up while the client still speaks takes its answer
 * back with it. For how long a client may go on speaking is the HTTP server's limit.
 */
export async function discard(reader: Reader): Promise<void> {
  while (!(await reader.read()).done);
}

const brokenOff = (): never => {
  throw refusal(400, 'The body broke off.');
};

/** Reads a body up to the limit, whatever its headers said of it. */
async function readBody(request: Request, maxBytes: number): Promise<string> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; reader; ) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      discard(reader).catch(() => {});
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function parsePost(request: Request, maxBytes: number): Promise<GraphQLParams> {
  const body = parseJson(await readBody(request, maxBytes), 'The body');
  if (Array.isArray(body)) throw refusal(400, 'Batching is not offered: send one operation, as a JSON object.');
  if (!isObject(body)) throw refusal(400, 'The body is not a JSON object.');
  return body;
}

function parseGet({ url }: Request): GraphQLParams {
  const { searchParams } = new URL(url);
  const object = (name: string) => {
    const text = searchParams.get(name);
    return text ? { [name]: parseJson(text, name) as Record<string, unknown> } : {};
  };
  const query = searchParams.get('query') ?? undefined;
  const operationName = searchParams.get('operationName') ?? undefined;
  return { query, operationName, ...object('variables'), ...object('extensions') };
}

export function useHttpRules({ endpoint, maxBodyBytes }: HttpRulesOptions): Plugin {
  return {
    onRequest({ url, endResponse }) {
      if (url.pathname !== endpoint) endResponse(new Response('Not found\n', { status: 404 }));
    },
    onRequestParse({ request, setRequestParser }) {
      if (request.method === 'GET') {
        if (request.headers.has('content-type') && !isJsonRequest(request))
          throw refusal(415, 'A GET request has no body: leave Content-Type out.');
        setRequestParser(parseGet);
      }
      if (request.method !== 'POST') return;
      checkPost(request, maxBodyBytes);
      setRequestParser((posted) => parsePost(posted, maxBodyBytes));
    },
    onResponse({ response }) {
      const { vary, ...others } = answerHeaders;
      response.headers.append('vary', vary);
      for (const [name, value] of Object.entries(others))
        if (!response.headers.has(name)) response.headers.set(name, value);
    },
  };
}
