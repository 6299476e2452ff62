/**
 * Which other sites' pages may ask, by CORS_ORIGINS. Credentials travel in the Authorization header, never as cookies, so
 * none are allowed; a site that is not listed gets no header at all, and its browser refuses.
 */
import type { Plugin } from 'graphql-yoga';

export interface CorsOptions {
  /** Origins such as `https://app.example.com`; `*` stands for any. */
  readonly origins: readonly string[];
}

/** What an address may be asked: files are sent with PUT, everything else is the API. */
const methodsOf = (pathname: string): string => (pathname.startsWith('/files/') ? 'GET, HEAD, PUT' : 'GET, POST');

const preflight = {
  'access-control-allow-headers': 'Authorization, Content-Type, X-Org, X-Request-Id, Idempotency-Key',
  'access-control-max-age': '7200',
};

const mayAsk = ({ origins }: CorsOptions, origin: string | null | undefined): origin is string =>
  origin ? origins.includes('*') || origins.includes(origin) : false;

/** What the pages of an origin are told beside an answer: nothing, unless it is one of those that may ask. */
export function corsHeaders(options: CorsOptions, origin: string | null | undefined): Readonly<Record<string, string>> {
  if (!mayAsk(options, origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Request-Id, Retry-After, Idempotency-Replayed',
  };
}

export function useCors(options: CorsOptions): Plugin {
  return {
    onRequest({ request, url, endResponse }) {
      if (request.method !== 'OPTIONS') return;
      const methods = methodsOf(url.pathname);
      const headers: Record<string, string> = mayAsk(options, request.headers.get('origin'))
        ? { ...preflight, 'access-control-allow-methods': methods }
        : { allow: methods };
      endResponse(new Response(null, { status: 204, headers }));
    },
    onResponse({ request, response }) {
      if (options.origins.length === 0) return;
      response.headers.append('vary', 'Origin');
      for (const [name, value] of Object.entries(corsHeaders(options, request.headers.get('origin'))))
        response.headers.set(name, value);
    },
  };
}
