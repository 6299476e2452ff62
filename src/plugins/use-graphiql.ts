/**
 * GraphiQL at `/graphiql`, and the way there from `/`. Everything it needs comes from this server; the policy it is sent
 * with forbids the browser any other. Off in production unless asked for, and the only tokens in it are the demo's.
 */
import type { Plugin } from 'graphql-yoga';
import { isLoopback } from '../addresses.ts';
import type { DemoToken } from '../demo.ts';
import { findAsset } from '../graphiql/assets.ts';
import { renderPage } from '../graphiql/page.ts';

export interface GraphiqlOptions {
  readonly enabled: boolean;
  /** The address of the API. */
  readonly endpoint: string;
  /** Whom a reader may be signed in as; nobody in production. */
  readonly people: () => Promise<readonly DemoToken[]>;
}

// The editor sets styles from its script, and its fonts and icons are part of its style sheet.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const protection = {
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const orgOrNull = (text: string | null): string | null => (text && /^[\w-]{1,100}$/.test(text) ? text : null);

async function answerPage({ hostname, searchParams }: URL, { endpoint, people }: GraphiqlOptions): Promise<Response> {
  const html = renderPage({
    endpoint,
    // A name that leads here from elsewhere is not the machine's own: a page of a stranger could read what stands under it.
    people: isLoopback(hostname) ? await people() : [],
    as: searchParams.get('as'),
    org: orgOrNull(searchParams.get('org')),
  });
  return new Response(html, {
    headers: { ...protection, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}

async function answerAsset(name: string, request: Request): Promise<Response | undefined> {
  const asset = await findAsset(name);
  if (!asset) return undefined;
  const headers = { ...protection, 'content-type': asset.type, 'cache-control': 'private, no-cache', etag: asset.etag };
  if (request.headers.get('if-none-match') === asset.etag) return new Response(null, { status: 304, headers });
  return new Response(asset.text, { headers });
}

export function useGraphiql(options: GraphiqlOptions): Plugin {
  if (!options.enabled) return {};
  return {
    async onRequest({ request, url, endResponse }) {
      if (request.method !== 'GET') return;
      if (url.pathname === '/')
        return endResponse(new Response(null, { status: 302, headers: { location: '/graphiql' } }));
      if (url.pathname === '/graphiql') return endResponse(await answerPage(url, options));
      if (!url.pathname.startsWith('/graphiql/')) return;
      const answer = await answerAsset(url.pathname.slice('/graphiql/'.length), request);
      if (answer) endResponse(answer);
    },
  };
}
