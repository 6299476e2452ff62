/**
 * `/live` is the process, `/ready` the process and its database, `/metrics` the numbers. Readiness asks the database
 * through the real pool, with a deadline of its own, and knows that the server is draining. None of them tells anything
 * of a tenant.
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

/** Settles as the promise does, but rejects once it is late. */
function withDeadline(promise: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), deadlineMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** However many ask at once, the database is asked once: probes must not fill the queue for connections. */
function createReadiness({ ping, isDraining }: HealthOptions): () => Promise<boolean> {
  let asking: Promise<unknown> | undefined;
  return async () => {
    if (isDraining()) return false;
    asking ??= withDeadline(ping()).finally(() => {
      asking = undefined;
    });
    return asking.then(
      () => !isDraining(),
      () => false,
    );
  };
}

export function useHealth(options: HealthOptions): Plugin {
  const { registry } = options;
  const isReady = createReadiness(options);
  return {
    async onRequest({ request, url, endResponse }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      if (url.pathname === '/live') return endResponse(new Response('live\n'));
      if (url.pathname === '/ready') {
        const ready = await isReady();
        return endResponse(new Response(ready ? 'ready\n' : 'not ready\n', { status: ready ? 200 : 503 }));
      }
      if (url.pathname !== '/metrics') return;
      endResponse(new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }));
    },
  };
}
