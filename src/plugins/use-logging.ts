/**
 * One line for each GraphQL request, and its numbers. Documents, variables and credentials are never logged.
 */
import { type DocumentNode, getOperationAST } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type RequestState, requestState } from '../request.ts';
import type { RequestLog } from '../request-log.ts';

export interface LoggingOptions {
  readonly endpoint: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly requestLog: RequestLog;
}

/** The name of the operation that a request asks for, for the log. */
export const operationName = (document: DocumentNode, wanted: string | null | undefined): string | null =>
  getOperationAST(document, wanted)?.name?.value.slice(0, 100) ?? null;

/** Notes an answered request in the logs and in the numbers. */
export function noteAnswer(
  state: RequestState,
  status: number,
  { logger, metrics, requestLog }: Pick<LoggingOptions, 'logger' | 'metrics' | 'requestLog'>,
): void {
  const { id, scope, operation, codes, startedAt } = state;
  const ms = performance.now() - startedAt;
  metrics.observeRequest({ status, codes, seconds: ms / 1000 });
  const failed = codes.length > 0 ? { codes: [...new Set(codes)] } : {};
  const orgId = scope?.orgId ?? null;
  logger.info({ requestId: id, orgId, operation, status, ms: Math.round(ms * 10) / 10, ...failed }, 'request');
  requestLog.note(state);
}

export function useLogging(options: LoggingOptions): Plugin<{ params: GraphQLParams }> {
  return {
    onExecute({ args }) {
      const { request, params } = args.contextValue;
      const operation = operationName(args.document, args.operationName);
      Object.assign(requestState(request), { operation, document: params.query ?? null });
    },
    onResponse({ request, response }) {
      const { pathname } = new URL(request.url);
      if (pathname !== options.endpoint || request.method === 'OPTIONS') return;
      noteAnswer(requestState(request), response.status, options);
    },
  };
}
