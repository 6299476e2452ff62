/**
 * What a client reads of a failure: a code out of the closed list, a sentence made for it, and the request id to quote.
 * Sentences and their number are bounded, whatever was sent.
 * Every answer passes here last, wherever it failed. What was not made for clients is masked as INTERNAL and logged once.
 */
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { translateError } from '../db/postgres-errors.ts';
import {
  badInput,
  bounded,
  boundedPath,
  type ErrorCode,
  errorStatus,
  GatewayError,
  maxErrors,
  UserError,
} from '../errors.ts';
import { withoutValues } from '../graphql/plain-errors.ts';
import type { Logger } from '../log.ts';
import { type RequestState, requestState } from '../request.ts';

export interface ErrorsOptions {
  readonly logger: Logger;
}

/** How an error without data changes the response. `spec` leaves the status alone for clients that accept only application/json. */
interface Http {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly spec?: boolean;
}

/** What may be shown of an error. */
interface Shown {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly http?: Http;
}

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorStatus, code);

const headers: Partial<Record<ErrorCode, Record<string, string>>> = {
  UNAUTHENTICATED: { 'www-authenticate': 'Bearer' },
  UNAVAILABLE: { 'retry-after': '1' },
  RATE_LIMITED: { 'retry-after': '1' },
};

/** The status of a code, unless the error has its own. GraphQL over HTTP asks for 200 where a client accepts application/json and the document is at fault. */
const httpOf = (code: ErrorCode, own?: Http): Http =>
  own?.status ? own : { status: errorStatus[code], headers: headers[code] ?? {}, spec: errorStatus[code] === 400 };

/** An error of GraphQL itself: about the document, unless a value of ours could not be written as its type. */
function shownByGraphQL(error: GraphQLError): Shown | null {
  const { code, http, unexpected } = error.extensions;
  const cause = error.originalError;
  const unwritable = error.path !== undefined && !(cause instanceof GraphQLError && cause.nodes);
  if (unexpected || (unwritable && !isCode(code))) return null;
  return { code: isCode(code) ? code : 'BAD_USER_INPUT', message: withoutValues(error.message), http: http as Http };
}

function shown(error: unknown): Shown | null {
  if (error instanceof UserError)
    return { code: error.code, message: error.message, details: { inputPath: boundedPath(error.path) } };
  if (error instanceof GatewayError) {
    const { code: _code, http, ...details } = error.extensions;
    return { code: error.code, message: error.message, details, http: http as Http };
  }
  const cause = error instanceof GraphQLError ? error.originalError : undefined;
  if (cause instanceof GatewayError || (cause && !(cause instanceof GraphQLError))) return shown(cause);
  if (error instanceof GraphQLError) return shownByGraphQL(error);
  const translated = translateError(error);
  return translated === error ? null : shown(translated);
}

/** An error says so many places of the document. */
const maxPlaces = 5;

/** Where in the document an error stands. */
export const placeOf = (error: unknown): GraphQLErrorOptions =>
  error instanceof GraphQLError
    ? {
        nodes: error.nodes?.slice(0, maxPlaces) ?? null,
        source: error.source ?? null,
        positions: error.positions ?? null,
        path: error.path ?? null,
      }
    : {};

const rootOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;

/** The errors that are shown; of those beyond the first few, how many there are. */
const mostOf = (errors: readonly unknown[]): readonly unknown[] =>
  errors.length <= maxErrors + 1
    ? errors
    : [...errors.slice(0, maxErrors), badInput(`There are ${errors.length - maxErrors} more errors.`)];

export function useErrors({ logger }: ErrorsOptions): Plugin {
  function masked(error: unknown, { id, scope, operation }: RequestState): Shown {
    const orgId = scope?.orgId ?? null;
    logger.error({ requestId: id, orgId, operation, err: rootOf(error) }, 'unexpected error');
    return { code: 'INTERNAL', message: `Something went wrong. Quote the request id ${id}.` };
  }

  /** The error as the client reads it. Beside data it leaves the status of the response at 200. */
  function present(error: unknown, state: RequestState, hasData: boolean): GraphQLError {
    const { code, message, details, http } = shown(error) ?? masked(error, state);
    state.codes.push(code);
    const status = hasData ? {} : { http: httpOf(code, http) };
    return new GraphQLError(bounded(message), {
      ...placeOf(error),
      extensions: { ...details, code, requestId: state.id, ...status },
    });
  }

  return {
    onResultProcess({ request, result, setResult }) {
      if (!('errors' in result) || !result.errors?.length) return;
      const state = requestState(request);
      const hasData = result.data !== null && result.data !== undefined;
      setResult({ ...result, errors: mostOf(result.errors).map((error) => present(error, state, hasData)) });
    },
  };
}
