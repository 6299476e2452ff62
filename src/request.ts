/**
 * What the plugins know of a request, beside the request itself: one record each, made by `use-request-id`, filled in on
 * the way, and forgotten with the request.
 */
import type { Caller, Scope } from './auth/scope.ts';
import type { Wanted } from './wanted.ts';

export interface RequestState {
  readonly id: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly startedAt: number;
  readonly wanted: Wanted;
  /** Whether it has a place among those under way. */
  admitted: boolean;
  caller: Caller | null;
  /** For the logs: filled in once known. */
  scope: Scope | null;
  operation: string | null;
  document: string | null;
  cost: number;
  /** Whether the answer is that of an earlier request with the same `Idempotency-Key`. */
  repeated: boolean;
  /** Codes of the errors that were answered. */
  codes: string[];
}

const states = new WeakMap<Request, RequestState>();

/** Notes a new request. */
export function beginRequest(request: Request, state: RequestState): void {
  states.set(request, state);
}

/** The state of a request that `use-request-id` has seen. */
export function requestState(request: Request): RequestState {
  const state = states.get(request);
  if (!state) throw new Error('use-request-id must come first.');
  return state;
}
