/**
 * The one way to send something to an address that a tenant gave. Names are resolved once, by the connection itself, and what
 * they resolve to is checked there: a name that led to the public Internet a moment ago does not lead into our network now
 * (DNS rebinding). Redirects are answers like others; time and size are bounded; connections are not kept or shared.
 */
import { lookup as resolveName } from 'node:dns';
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopback, isPublicAddress } from '../addresses.ts';
import { type UrlRules, urlFault } from './url-rules.ts';

export interface PublicRequest extends UrlRules {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For the whole exchange: name, connection, answer. */
  readonly timeoutMs: number;
  /** How much of the answer's body is read; the rest is dropped. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** How names are resolved. */
  readonly resolve?: typeof resolveName;
}

export interface PublicResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the body was longer. */
  readonly isCut: boolean;
}

export type OutgoingFault = 'address' | 'timeout' | 'connection';

/** Why nothing was answered. The message is for the tenant: it says nothing of our network. */
export class OutgoingError extends Error {
  readonly fault: OutgoingFault;

  constructor(fault: OutgoingFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutgoingError';
    this.fault = fault;
  }
}

const notPublic = (): OutgoingError => new OutgoingError('address', 'The name leads to an address that is not public.');

/** Resolves a name, unless any of its addresses is one that may not be connected to. */
const checkedLookup =
  (resolve: typeof resolveName, isAllowed: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? notPublic(), '', 0);
      if (!addresses.every(({ address }) => isAllowed(address))) return callback(notPublic(), '', 0);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };

/** Reads a body up to a length, and hangs up on the rest. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, maxBytes), isCut: length > maxBytes };
}

const begin = (request: ClientRequest, body: PublicRequest['body']): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error('The connection ended without an answer.'));
    request.once('response', resolve).on('error', reject).once('close', ended).end(body);
  });

/** The time that is left, the caller's own wish to stop, and which of the two it was. */
function deadline({ timeoutMs, signal }: PublicRequest) {
  const timeout = AbortSignal.timeout(timeoutMs);
  return { timeout, signal: signal ? AbortSignal.any([timeout, signal]) : timeout };
}

function faultOf(error: unknown, timeout: AbortSignal): OutgoingError {
  if (error instanceof OutgoingError) return error;
  if (timeout.aborted) return new OutgoingError('timeout', 'The address did not answer in time.', error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new OutgoingError('connection', `The connection failed (${code}).`, error);
}

/**
 * Sends a request to an address that a tenant gave.
 *
 * @throws OutgoingError when the address is not allowed, does not answer in time, or the connection fails.
 */
export async function publicFetch(url: string, options: PublicRequest): Promise<PublicResponse> {
  const fault = urlFault(url, options);
  if (fault) throw new OutgoingError('address', fault);
  const address = new URL(url);
  const isLocal = isLoopback(address.hostname);
  const { timeout, signal } = deadline(options);
  const request = (address.protocol === 'https:' ? httpsRequest : httpRequest)(address, {
    method: options.method,
    headers: { ...options.headers },
    agent: false,
    lookup: checkedLookup(options.resolve ?? resolveName, isLocal ? isLoopback : isPublicAddress),
    signal,
  });
  try {
    const response = await begin(request, options.body);
    const { statusCode: status = 0, headers } = response;
    return { status, headers, ...(await readBody(response, options.maxBytes)) };
  } catch (error) {
    throw faultOf(error, timeout);
  } finally {
    request.destroy();
  }
}
