/**
 * One line for each GraphQL request, and its numbers. Documents, variables and credentials are never logged.
 */
import { getOperationAST } from 'graphql';
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
    onExecute({ args }) {
      const name = getOperationAST(args.document, args.operationName)?.name?.value;
      requestState(args.contextValue.request).operation = name?.slice(0, 100) ?? null;
    },
    onResponse({ request, response }) {
      const { pathname } = new URL(request.url);
      if (pathname !== endpoint || request.method === 'OPTIONS') return;
      const { id, orgId, operation, codes, startedAt } = requestState(request);
      const ms = performance.now() - startedAt;
      metrics.observeRequest({ status: response.status, codes, seconds: ms / 1000 });
      const failed = codes.length > 0 ? { codes: [...new Set(codes)] } : {};
      logger.info(
        { requestId: id, orgId, operation, status: response.status, ms: Math.round(ms * 10) / 10, ...failed },
        'request',
      );
    },
  };
}
