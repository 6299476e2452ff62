/**
 * Every failure that a client may see. Two kinds:
 *
 * - A {@link GatewayError} ends the request, or one field of it, and stands in the response's `errors`: sign-in,
 *   permission, limits, time-outs. Its `extensions.code` is one of {@link ErrorCode}.
 * - A {@link UserError} is an expected answer of a mutation (taken, missing, stale, not allowed by a rule). It is returned
 *   in the payload's `userErrors`, and the document's transaction is rolled back.
 *
 * Anything else is a bug: it is logged once with the request id, and the client reads only INTERNAL.
 */
import { GraphQLError } from 'graphql';

/** The closed list of codes, for `extensions.code` and for `UserError.code` alike, with their HTTP status. */
export const errorStatus = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  COST_LIMIT: 400,
  TIMEOUT: 504,
  UNAVAILABLE: 503,
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** The most errors of one answer, and the most characters of a message: what is wrong with a request is said in few words. */
export const maxErrors = 10;
export const maxMessageLength = 500;

/** A message, or its beginning. */
export const bounded = (message: string): string =>
  message.length <= maxMessageLength ? message : `${message.slice(0, maxMessageLength - 1)}…`;

/** A path in an input, its keys cut: some of them are a client's. */
export const boundedPath = (path: readonly string[]): readonly string[] =>
  path.slice(0, 50).map((step) => step.slice(0, 100));

type Details = Readonly<Record<string, unknown>>;

/** A failure for the client's eyes, with a code and one sentence that says what to do. */
export class GatewayError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { extensions: { ...details, code } });
    this.name = 'GatewayError';
    this.code = code;
  }
}

/** The caller could not be identified. */
export const unauthenticated = (message: string) => new GatewayError('UNAUTHENTICATED', message);
/** The caller is known and may not do this. */
export const forbidden = (message: string, details?: Details) => new GatewayError('FORBIDDEN', message, details);
/** The request itself is wrong: an argument, a cursor, a filter. */
export const badInput = (message: string, details?: Details) => new GatewayError('BAD_USER_INPUT', message, details);
/** Something the server depends on does not answer; the request may be repeated. */
export const unavailable = (message: string) => new GatewayError('UNAVAILABLE', message, { retryable: true });
/** The request took longer than its limit. */
export const timedOut = (message: string) => new GatewayError('TIMEOUT', message);

/** What is said of something that a kill switch stops, with the reason that stands in the switch. */
export const switchedOff = (reason: string | null | undefined): string =>
  `switched off for now.${reason ? ` ${reason}` : ''}`;

/** An expected answer of a mutation; `path` leads from the input's root to the field at fault. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly path: readonly string[];
  readonly currentVersion: number | null;

  constructor(code: ErrorCode, message: string, path: readonly string[] = [], currentVersion: number | null = null) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.path = path;
    this.currentVersion = currentVersion;
  }
}

/**
 * A row of the id that a client made is there. Whose row it is, and whether the caller may see it, stays unsaid: the answer
 * is the same for all.
 */
export const unusableId = (): UserError =>
  new UserError('CONFLICT', 'This id cannot be used. Leave it out, or make a new random UUID.', ['id']);

/** Several expected answers at once, for an input with several faults. */
export class UserErrors extends UserError {
  readonly all: readonly UserError[];

  constructor(first: UserError, ...others: readonly UserError[]) {
    super(first.code, first.message, first.path, first.currentVersion);
    this.name = 'UserErrors';
    this.all = [first, ...others];
  }
}
