/**
 * Which other sites' pages may ask, by CORS_ORIGINS. Credentials travel in the Authorization header, never as cookies, so
 * none are allowed; a site that is not listed gets no header at all, and its browser refuses.
 */
import type { Plugin } from 'graphql-yoga';

export interface CorsOptions {
  /** Origins such as `https://app.example.com`; `*` stands for any. */
  readonly origins: readonly string[];
}

const preflight = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'Authorization, Content-Type, X-Org, X-Request-Id',
  'access-control-max-age': '7200',
};

export function useCors({ origins }: CorsOptions): Plugin {
  const isAllowed = (origin: string | null): origin is string =>
    origin !== null && (origins.includes('*') || origins.includes(origin));
  return {
    onRequest({ request, endResponse }) {
      if (request.method !== 'OPTIONS') return;
      const headers = isAllowed(request.headers.get('origin')) ? preflight : { allow: 'GET, POST' };
      endResponse(new Response(null, { status: 204, headers }));
    },
    onResponse({ request, response }) {
      if (origins.length === 0) return;
      response.headers.append('vary', 'Origin');
      const origin = request.headers.get('origin');
      if (!isAllowed(origin)) return;
      response.headers.set('access-control-allow-origin', origin);
      response.headers.set('access-control-expose-headers', 'X-Request-Id, Retry-After');
    },
  };
}
