/**
 * One line for each GraphQL request, and its numbers. Documents, variables and credentials are never logged.
 */
import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type RequestState, requestState } from '../request.ts';

export interface LoggingOptions {
  readonly endpoint: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The name of the operation that a request asks for, for the log. */
export const operationName = (document: DocumentNode, wanted: string | null | undefined): string | null =>
  getOperationAST(document, wanted)?.name?.value.slice(0, 100) ?? null;

/** Notes an answered request in the log and in the numbers. */
export function noteAnswer(
  { id, orgId, operation, codes, startedAt }: RequestState,
  status: number,
  { logger, metrics }: Pick<LoggingOptions, 'logger' | 'metrics'>,
): void {
  const ms = performance.now() - startedAt;
  metrics.observeRequest({ status, codes, seconds: ms / 1000 });
  const failed = codes.length > 0 ? { codes: [...new Set(codes)] } : {};
  logger.info({ requestId: id, orgId, operation, status, ms: Math.round(ms * 10) / 10, ...failed }, 'request');
}

export function useLogging(options: LoggingOptions): Plugin {
  return {
    onExecute({ args }) {
      requestState(args.contextValue.request).operation = operationName(args.document, args.operationName);
    },
    onResponse({ request, response }) {
      const { pathname } = new URL(request.url);
      if (pathname !== options.endpoint || request.method === 'OPTIONS') return;
      noteAnswer(requestState(request), response.status, options);
    },
  };
}
