/**
 * What may come in at all, before any body is parsed: JSON only (a browser cannot send that to another site without asking
 * first, so no cross-site form can run a mutation), of a bounded size. And what goes out is nobody else's to keep.
 */
import type { Plugin } from 'graphql-yoga';
import { replaceRequest } from '../request.ts';

export interface HttpRulesOptions {
  readonly endpoint: string;
  readonly maxBodyBytes: number;
}

const jsonTypes = ['application/json', 'application/graphql-response+json', 'application/graphql+json'];

const refuse = (status: number, code: string, message: string): Response =>
  Response.json({ errors: [{ message, extensions: { code } }] }, { status });

/** Reads a body up to the limit; null when it is longer. */
async function readBody(request: Request, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function useHttpRules({ endpoint, maxBodyBytes }: HttpRulesOptions): Plugin {
  const tooLarge = () => refuse(413, 'BAD_USER_INPUT', `The body is larger than ${maxBodyBytes} bytes.`);
  return {
    async onRequest({ request, url, endResponse, setRequest, fetchAPI }) {
      if (url.pathname !== endpoint) return;
      if (request.method === 'GET' && request.headers.get('content-type') && !isJson(request)) {
        return endResponse(refuse(415, 'BAD_USER_INPUT', 'A GET request has no body: leave Content-Type out.'));
      }
      if (request.method !== 'POST') return;
      if (!isJson(request)) return endResponse(refuse(415, 'BAD_USER_INPUT', 'Send the request as application/json.'));
      if (request.headers.get('content-encoding')) return endResponse(refuse(415, 'BAD_USER_INPUT', 'Send the body uncompressed.'));
      if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return endResponse(tooLarge());
      if (request.headers.get('content-length')) return;
      const body = await readBody(request, maxBodyBytes);
      if (!body) return endResponse(tooLarge());
      const bounded = new fetchAPI.Request(request.url, { method: 'POST', headers: request.headers, body: body as BodyInit });
      replaceRequest(request, bounded);
      setRequest(bounded);
    },
    onResponse({ response }) {
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store');
      response.headers.append('vary', 'Authorization, X-Org');
      response.headers.set('x-content-type-options', 'nosniff');
    },
  };
}

function isJson(request: Request): boolean {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return jsonTypes.includes(type);
}
