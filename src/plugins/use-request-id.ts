/**
 * First on the path: gives each request an id (the caller's `X-Request-Id` when it is well formed) and sends it back.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Plugin } from 'graphql-yoga';
import { beginRequest, type RequestState, requestState } from '../request.ts';
import { Wanted } from '../wanted.ts';

/** What the HTTP server knows and a Request does not. */
export interface ServerContext {
  readonly req?: IncomingMessage;
}

export interface RequestIdOptions {
  /** Whether a proxy of ours adds the caller's address to `X-Forwarded-For`. */
  readonly trustProxy: boolean;
}

const wellFormed = /^[\w.:-]{1,128}$/;

/** The headers of a request and where it comes from, however the server has read them. */
export interface Arrival {
  readonly header: (name: string) => string | null | undefined;
  readonly remoteAddress: string | undefined;
}

/** The proxy appends what it saw itself: whatever stands before was said by the caller, and is not believed. */
function addressOf({ header, remoteAddress }: Arrival, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  const address = (forwarded || remoteAddress || '').replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(address) ? address : null;
}

const printable = (text: string | null | undefined): string | null =>
  text?.replace(/[^\x20-\x7e]/g, '').slice(0, 300) || null;

/** What is known of a request that has just arrived. */
export function arrived(arrival: Arrival, { trustProxy }: RequestIdOptions): RequestState {
  const given = arrival.header('x-request-id') ?? '';
  return {
    id: wellFormed.test(given) ? given : randomUUID(),
    ip: addressOf(arrival, trustProxy),
    userAgent: printable(arrival.header('user-agent')),
    startedAt: performance.now(),
    wanted: new Wanted(),
    admitted: false,
    caller: null,
    scope: null,
    operation: null,
    document: null,
    cost: 0,
    repeated: false,
    codes: [],
  };
}

export function useRequestId(options: RequestIdOptions): Plugin<object, ServerContext> {
  return {
    onRequest({ request, serverContext }) {
      const header = (name: string) => request.headers.get(name);
      beginRequest(request, arrived({ header, remoteAddress: serverContext?.req?.socket?.remoteAddress }, options));
    },
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestState(request).id);
    },
  };
}
