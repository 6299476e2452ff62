/**
 * While the server drains, each response closes its connection: a client that keeps it open would send its next request
 * into a server that is gone.
 */
import type { Plugin } from 'graphql-yoga';

export interface DrainOptions {
  readonly isDraining: () => boolean;
}

export function useDrain({ isDraining }: DrainOptions): Plugin {
  return {
    onResponse({ response }) {
      if (isDraining()) response.headers.set('connection', 'close');
    },
  };
}
