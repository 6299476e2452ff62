/**
 * Reads that have been let through before, checked and answered without Yoga.
 *
 * Takes the parameters of a request and its headers; gives the text of an ordinary success. Every check is the function that
 * the plugin of the long way calls: credentials, variables, limits, deadline; membership and permissions are the read's own.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { TokenClaims } from '../auth/token.ts';
import type { AnswerRead } from '../compiler/run.ts';
import { checkVariables } from '../plugins/check-variables.ts';
import { callerOf } from '../plugins/use-auth.ts';
import { type OnGone, withinMs } from '../plugins/use-deadline.ts';
import { isObject } from '../plugins/use-http-rules.ts';
import { checkLimits, type LimitsOptions } from '../plugins/use-limits.ts';
import { operationName } from '../plugins/use-logging.ts';
import type { RequestState } from '../request.ts';
import type { KnownReads } from './memory.ts';

export interface AnswerKnownOptions {
  readonly known: KnownReads;
  readonly schema: GraphQLSchema;
  readonly limits: LimitsOptions;
  readonly requestMs: number;
  readonly verifyToken: (token: string) => Promise<TokenClaims>;
  readonly answerRead: AnswerRead;
}

/** How the short way ended: the text of the answer, or not at all, and whether the read itself has been tried. */
type Ending =
  | { readonly text: string }
  | { readonly tried: false }
  | { readonly tried: true; readonly error?: unknown };

type Params = GraphQLParams & { readonly query: string };

const names = ['query', 'operationName', 'variables'];
const isTextOrNone = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string';

/** The parameters of an ordinary request; null for anything that needs a closer look. */
function paramsOf(body: string): Params | null {
  const params: unknown = JSON.parse(body);
  if (!isObject(params) || Object.keys(params).some((name) => !names.includes(name))) return null;
  const { query, operationName: name, variables } = params;
  const ordinary =
    typeof query === 'string' &&
    isTextOrNone(name) &&
    (variables === undefined || variables === null || isObject(variables));
  return ordinary ? ({ ...params, query } as Params) : null;
}

/** Makes what answers known reads. It never throws: what is wrong is told by Yoga. */
export function answerKnownReads(options: AnswerKnownOptions) {
  const { known, schema, limits, requestMs, verifyToken, answerRead } = options;

  async function prepare(body: string, headers: IncomingHttpHeaders, state: RequestState) {
    const params = paramsOf(body);
    const document = params && known.document(params.query);
    if (!document) return null;
    checkVariables(params.variables);
    state.cost = checkLimits(schema, document, params, limits);
    const caller = await callerOf(
      { authorization: headers.authorization, org: String(headers['x-org'] ?? '') },
      verifyToken,
    );
    if (!caller) return null;
    state.operation = operationName(document, params.operationName);
    state.document = params.query;
    return { caller, operation: { document, operationName: params.operationName, variables: params.variables } };
  }

  return async (body: string, headers: IncomingHttpHeaders, state: RequestState, onGone: OnGone): Promise<Ending> => {
    const prepared = await prepare(body, headers, state).catch(() => null);
    if (!prepared) return { tried: false };
    try {
      const answer = await withinMs(
        requestMs,
        state.wanted,
        onGone,
        answerRead(prepared.operation, prepared.caller, state),
      );
      if (!answer) return { tried: true };
      state.scope = answer.scope;
      return { text: answer.text };
    } catch (error) {
      return { tried: true, error };
    }
  };
}
