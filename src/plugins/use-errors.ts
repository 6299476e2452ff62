/**
 * What a client reads of a failure: a code out of the closed list, a sentence made for it, and the request id to quote.
 * Everything that was not made for clients is masked as INTERNAL and logged once.
 */
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { translateError } from '../db/postgres-errors.ts';
import { type ErrorCode, errorStatus, GatewayError, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorStatus, code);

const suggestion = / Did you mean .*\?$/s;

const headers: Partial<Record<ErrorCode, Record<string, string>>> = {
  UNAUTHENTICATED: { 'www-authenticate': 'Bearer' },
  UNAVAILABLE: { 'retry-after': '1' },
  RATE_LIMITED: { 'retry-after': '1' },
};

/** Codes that are the answer to the whole request, and so its HTTP status, when there is no data. */
const http = (code: ErrorCode) => ({ status: errorStatus[code], headers: headers[code] ?? {} });

interface Shown {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What may be shown of an error; null for a bug. */
function shown(error: unknown): Shown | null {
  if (error instanceof UserError) return { code: error.code, message: error.message, details: { inputPath: error.path } };
  if (!(error instanceof GraphQLError)) return null;
  const cause = error.originalError;
  if (cause && !(cause instanceof GraphQLError)) return shown(translateCause(cause));
  const { code, http: _http, ...details } = error.extensions;
  return { code: isCode(code) ? code : 'BAD_USER_INPUT', message: error.message, details };
}

function translateCause(cause: Error): unknown {
  const translated = translateError(cause);
  return translated === cause && !(cause instanceof GatewayError || cause instanceof UserError) ? null : translated;
}

/** Whether an error is a bug: nothing in it was made for clients. */
export const isBug = (error: unknown): boolean => shown(error) === null;

/** Where in the document an error stands. */
export const placeOf = (error: unknown): GraphQLErrorOptions =>
  error instanceof GraphQLError ? { nodes: error.nodes ?? null, source: error.source ?? null, positions: error.positions ?? null, path: error.path ?? null } : {};

/** The error as the client reads it. */
export function presentError(error: unknown, requestId: string, production: boolean): GraphQLError {
  const { code, message, details }: Shown = shown(error) ?? { code: 'INTERNAL', message: `Something went wrong. Quote the request id ${requestId}.` };
  const options: GraphQLErrorOptions = { ...placeOf(error), extensions: { ...details, code, requestId, http: http(code) } };
  return new GraphQLError(production ? message.replace(suggestion, '') : message, options);
}

/** Yoga's mask for everything outside of execution. */
export const maskError = (logger: Logger, production: boolean) => (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError && error.extensions['requestId']) return error;
  if (isBug(error)) logger.error({ err: error instanceof GraphQLError ? (error.originalError ?? error) : error }, 'unexpected error');
  return presentError(error, 'unknown', production);
};
