/**
 * `/live` is the process, `/ready` the process and its database, `/metrics` the numbers. Readiness asks the database
 * through the real pool, with a deadline of its own, and knows that the server is draining.
 */
import type { Plugin } from 'graphql-yoga';
import type { Registry } from 'prom-client';

export interface HealthOptions {
  /** Asks the database something; rejects when it does not answer. */
  readonly ping: () => Promise<unknown>;
  readonly isDraining: () => boolean;
  readonly registry: Registry;
}

const deadlineMs = 1_000;

async function isReady({ ping, isDraining }: HealthOptions): Promise<boolean> {
  if (isDraining()) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), deadlineMs);
  });
  try {
    await Promise.race([ping(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

export function useHealth(options: HealthOptions): Plugin {
  return {
    async onRequest({ request, url, endResponse, fetchAPI: { Response } }) {
      if (request.method !== 'GET') return;
      if (url.pathname === '/live') return endResponse(new Response('live\n'));
      if (url.pathname === '/ready') {
        const ready = await isReady(options);
        return endResponse(new Response(ready ? 'ready\n' : 'not ready\n', { status: ready ? 200 : 503 }));
      }
      if (url.pathname !== '/metrics') return;
      const text = await options.registry.metrics();
      endResponse(new Response(text, { headers: { 'content-type': options.registry.contentType } }));
    },
  };
}
