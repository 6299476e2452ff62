/**
 * One line for each GraphQL request, and its numbers. Documents, variables and credentials are never logged.
 */
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { requestState } from '../request.ts';

export interface LoggingOptions {
  readonly endpoint: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export function useLogging({ endpoint, logger, metrics }: LoggingOptions): Plugin {
  return {
    onResponse({ request, response }) {
      const { pathname } = new URL(request.url);
      if (pathname !== endpoint || request.method === 'OPTIONS') return;
      const state = requestState(request);
      const ms = performance.now() - state.startedAt;
      metrics.observeRequest({ status: response.status, codes: state.codes, seconds: ms / 1000 });
      const codes = state.codes.length > 0 ? { codes: state.codes } : {};
      logger.info({ requestId: state.id, orgId: state.orgId, operation: state.operation, status: response.status, ms: Math.round(ms * 10) / 10, ...codes }, 'request');
    },
  };
}
