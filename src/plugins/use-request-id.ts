/**
 * First on the path: gives each request an id (the caller's `X-Request-Id` when it is well formed) and sends it back.
 */
import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Plugin } from 'graphql-yoga';
import { beginRequest, requestState } from '../request.ts';

/** What the HTTP server knows and a Request does not. */
export interface ServerContext {
  readonly req?: { readonly socket?: { readonly remoteAddress?: string | undefined } };
}

export interface RequestIdOptions {
  /** Whether a proxy of ours adds the caller's address to `X-Forwarded-For`. */
  readonly trustProxy: boolean;
}

const wellFormed = /^[\w.:-]{1,128}$/;

/** The proxy appends what it saw itself: whatever stands before was said by the caller, and is not believed. */
function addressOf(request: Request, context: ServerContext, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  const address = (forwarded || context.req?.socket?.remoteAddress || '').replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(address) ? address : null;
}

const printable = (text: string | null): string | null => text?.replace(/[^\x20-\x7e]/g, '').slice(0, 300) || null;

export function useRequestId({ trustProxy }: RequestIdOptions): Plugin<object, ServerContext> {
  return {
    onRequest({ request, serverContext }) {
      const given = request.headers.get('x-request-id') ?? '';
      beginRequest(request, {
        id: wellFormed.test(given) ? given : randomUUID(),
        ip: addressOf(request, serverContext ?? {}, trustProxy),
        userAgent: printable(request.headers.get('user-agent')),
        startedAt: performance.now(),
        admitted: false,
        caller: null,
        orgId: null,
        operation: null,
        codes: [],
      });
    },
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestState(request).id);
    },
  };
}
