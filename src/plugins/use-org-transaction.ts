/**
 * Answers each operation inside one org transaction. A query goes to the compiler first, which needs a single round trip;
 * what it leaves, and every mutation, is executed by the resolvers: begin, enter, execute, commit. The answer leaves only
 * after the commit. One that was sent before with the same `Idempotency-Key` gets the answer of then. A mutation with any error, or refused for an expected reason, is rolled back as a whole; what it then
 * answers says so for every mutation of the document.
 */
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { anyone, type Caller, type Scope } from '../auth/scope.ts';
import type { AnswerRead } from '../compiler/run.ts';
import type { Context, Refusal, Services } from '../context.ts';
import type { Db } from '../db/client.ts';
import { beginRepeatable, finishRepeatable, type Repeatable, repeatable } from '../db/idempotency.ts';
import { type OrgTransaction, Rollback, type RunOrgTransaction } from '../db/org-transaction.ts';
import { isRetryable, translateError, UnknownUserError } from '../db/postgres-errors.ts';
import { badInput, unauthenticated } from '../errors.ts';
import { coerceVariables } from '../graphql/variables.ts';
import { triedBefore } from '../known-reads/listener.ts';
import type { Logger } from '../log.ts';
import { type RequestState, requestState } from '../request.ts';
import type { PublicPart } from './public-part.ts';
import { placeOf } from './use-errors.ts';
import { isIntrospection } from './use-limits.ts';
import type { ServerContext } from './use-request-id.ts';

export interface OrgTransactionOptions {
  readonly run: RunOrgTransaction;
  /** Answers a query without resolvers, or gives null. */
  readonly answerRead: AnswerRead;
  /** Makes the user and personal organization of a token's subject, at their first sign-in. */
  readonly signUp: (caller: Caller) => Promise<void>;
  /** Called after each committed operation of the resolvers with the scope it ran in. */
  readonly onEntered: (scope: Scope) => void;
  readonly services: Services;
  readonly logger: Logger;
  /** What is answered without a sign-in. */
  readonly publicPart: PublicPart;
}

type Work = () => Promise<void>;

interface Outcome {
  readonly result: ExecutionResult;
  readonly refusals: ReadonlyMap<string, readonly Refusal[]>;
  readonly scope: Scope;
  /** What is left to do once it is saved. */
  readonly left: readonly Work[];
}

/** A result that Yoga sends as the text that it gives. */
interface TextResult extends ExecutionResult {
  readonly stringify: () => string;
}

const nobody: Scope = { orgId: null, userId: null, apiKeyId: null, role: null, plan: null, extra: [], keyScopes: null };

const noDatabase = new Proxy(
  {},
  {
    get() {
      throw new Error('There is no transaction here.');
    },
  },
) as Db;

export function useOrgTransaction(options: OrgTransactionOptions): Plugin<{ request: Request }> {
  const { run, answerRead, signUp, onEntered, services, logger, publicPart } = options;
  const contextOf = (state: RequestState, more: Partial<Context>): Context => ({
    requestId: state.id,
    scope: nobody,
    verifiedEmail: state.caller?.kind === 'person' ? state.caller.verifiedEmail : null,
    db: noDatabase,
    ...services,
    afterCommit: () => {},
    failure: () => undefined,
    refusals: new Map(),
    replay: false,
    ...more,
  });

  /** Runs the operation in the transaction that is open. */
  async function inside(
    tx: OrgTransaction,
    args: ExecutionArgs,
    state: RequestState,
    readOnly: boolean,
    repeat: Repeatable | null,
  ): Promise<Outcome> {
    state.scope = tx.scope;
    const left: Work[] = [];
    const kept = repeat && (await begin(tx, repeat));
    if (kept) {
      state.repeated = true;
      return { result: kept, refusals: new Map(), scope: tx.scope, left };
    }
    const afterCommit = (work: Work) => left.push(work);
    const context = contextOf(state, { scope: tx.scope, db: tx.db, failure: tx.failure, afterCommit });
    const result = await execute({ ...args, contextValue: context });
    const conflict = result.errors?.find(({ originalError }) => isRetryable(originalError));
    if (conflict) throw conflict.originalError;
    const outcome = { result: withCauses(result, tx.failure()), refusals: context.refusals, scope: tx.scope, left };
    if (!readOnly && (result.errors?.length || context.refusals.size > 0)) throw new Rollback(outcome);
    if (repeat) await finishRepeatable(tx.db, repeat, result);
    return outcome;
  }

  /** The answer of a compiled read: a text that goes out as it is. */
  async function readText(args: ExecutionArgs, caller: Caller, state: RequestState): Promise<TextResult | null> {
    if (triedBefore((args.contextValue as ServerContext).req)) return null;
    const { document, operationName, variableValues: variables } = args;
    const answer = await answerRead({ document, operationName, variables }, caller, state);
    if (!answer) return null;
    state.scope = answer.scope;
    return { stringify: () => answer.text };
  }

  /** What was saved stays saved, whatever becomes of the rest: a failure of it is logged, and not the caller's. */
  async function finish(left: readonly Work[], { id }: RequestState): Promise<void> {
    const done = await Promise.allSettled(left.map((work) => work()));
    for (const ending of done)
      if (ending.status === 'rejected')
        logger.warn({ requestId: id, err: ending.reason }, 'work after a commit failed');
  }

  async function operate(args: ExecutionArgs, caller: Caller, state: RequestState): Promise<ExecutionResult> {
    const operation = getOperationAST(args.document, args.operationName);
    const readOnly = operation?.operation === OperationTypeNode.QUERY;
    const text = readOnly ? await readText(args, caller, state) : null;
    if (text) return text;
    const repeat = readOnly || !operation ? null : repeatOf(args, operation);
    const request = { id: state.id, ip: state.ip, userAgent: state.userAgent, wanted: state.wanted };
    const { result, refusals, scope, left } = await run({ caller, request, readOnly }, (tx) =>
      inside(tx, args, state, readOnly, repeat),
    );
    onEntered(scope);
    // Rolled back: data would tell of rows that are not there.
    if (!readOnly && result.errors?.length) return { ...result, data: null };
    if (refusals.size === 0) {
      await finish(left, state);
      return result;
    }
    return execute({ ...args, contextValue: contextOf(state, { scope, refusals: new Map(refusals), replay: true }) });
  }

  /** Mistakes in the variables, in our words: graphql-js would repeat the values. */
  function faultsOf({ schema, variableValues }: ExecutionArgs, { variableDefinitions }: OperationDefinitionNode) {
    const suggest = !services.production;
    return coerceVariables(schema, variableDefinitions ?? [], variableValues ?? {}, { suggest }).errors;
  }

  async function answer(args: ExecutionArgs, state: RequestState): Promise<ExecutionResult> {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation && isIntrospection(operation)) return execute({ ...args, contextValue: contextOf(state, {}) });
    const caller = state.caller ?? (publicPart.holds(args.document) ? anyone : null);
    if (!caller) throw unauthenticated('Sign in: send a token as "Authorization: Bearer <token>".');
    const errors = operation && faultsOf(args, operation);
    if (errors) return { errors };
    try {
      return await operate(args, caller, state);
    } catch (error) {
      if (!(error instanceof UnknownUserError)) throw error;
      await signUp(caller);
      return operate(args, caller, state);
    }
  }

  return {
    // graphql-js answers in the order of the selection, as the specification asks; Yoga's own executor does not.
    onExecute({ args, setExecuteFn }) {
      const state = requestState(args.contextValue.request);
      setExecuteFn((final: ExecutionArgs) => answer(final, state));
    },
    onResponse({ request, response }) {
      if (requestState(request).repeated) response.headers.set('idempotency-replayed', 'true');
    },
    onSubscribe() {
      throw badInput('Subscriptions are not offered.');
    },
  };
}

/** The request of the `Idempotency-Key` header; null without one. */
function repeatOf({ contextValue }: ExecutionArgs, operation: OperationDefinitionNode): Repeatable | null {
  const { request, params } = contextValue as { request: Request; params: GraphQLParams };
  const key = request.headers.get('idempotency-key');
  return key === null ? null : repeatable(key, params, operation);
}

/** What was answered before; null the first time. */
function begin({ db, scope }: OrgTransaction, repeat: Repeatable): Promise<ExecutionResult | null> {
  if (!scope.orgId) throw badInput('Idempotency-Key needs an organization: name one in the X-Org header.');
  return beginRepeatable(db, repeat);
}

/** What Postgres said stands behind whatever Prisma made of it: the errors of a failed transaction get that cause. */
function withCauses(result: ExecutionResult, failure: Error | undefined): ExecutionResult {
  if (!result.errors || !failure) return result;
  const errors = result.errors.map((error) => {
    const cause = error.originalError;
    const translated = cause ? translateError(cause, failure) : cause;
    if (!(translated instanceof Error) || translated === cause) return error;
    return new GraphQLError(error.message, { ...placeOf(error), originalError: translated });
  });
  return { ...result, errors };
}
