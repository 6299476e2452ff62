/**
 * What a document may ask for: tokens before it is parsed, then depth, aliases and cost before it is validated, which is
 * itself the dearest thing that a hostile document can ask for. The cost is the number of objects that may come back: page
 * sizes multiply along the way down. Introspection is held to the same.
 */
import { type DocumentNode, type GraphQLSchema, getOperationAST, Kind, type OperationDefinitionNode } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badInput } from '../errors.ts';
import { fragmentsOf } from '../graphql/fragments.ts';
import { requestState } from '../request.ts';
import { checkVariables } from './check-variables.ts';
import { checkCost } from './document-cost.ts';
import { checkLines, documentValidator } from './validate-document.ts';

export interface LimitsOptions {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly cost: number;
}

/** The usual introspection query follows `ofType` this far down. */
const introspectionDepth = 20;

/** Whether an operation asks about the schema only. */
export const isIntrospection = (operation: OperationDefinitionNode): boolean =>
  operation.operation === 'query' &&
  operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );

/** The parser calls itself for each level, and some thousand levels fit into few tokens: the stack is the limit then. */
function parseNested<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof RangeError ? badInput('The query is nested too deep to be read.') : error;
  }
}

/**
 * Holds an operation to the limits, with the variables of a request.
 *
 * @returns its cost.
 * @throws GatewayError BAD_USER_INPUT or COST_LIMIT, saying which limit it is.
 */
export function checkLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  params: GraphQLParams,
  limits: LimitsOptions,
): number {
  const operation = getOperationAST(document, params.operationName);
  if (!operation) return 0;
  const depth = isIntrospection(operation) ? Math.max(limits.depth, introspectionDepth) : limits.depth;
  const variables = params.variables ?? {};
  return checkCost({ schema, operation, fragments: fragmentsOf(document), variables, limits: { ...limits, depth } });
}

export function useLimits(
  limits: LimitsOptions & { readonly production: boolean },
): Plugin<{ request: Request; params: GraphQLParams }> {
  const validate = documentValidator(limits.production);
  return {
    onParams({ params }) {
      checkVariables(params.variables);
      if (typeof params.query === 'string') checkLines(params.query);
    },
    onParse({ params, setParseFn, parseFn }) {
      setParseFn((source: string) =>
        parseNested(() => parseFn(source, { ...params.options, maxTokens: limits.tokens })),
      );
    },
    onValidate({ params: { schema, documentAST }, context: { request, params }, setValidationFn }) {
      setValidationFn(validate as never);
      requestState(request).cost = checkLimits(schema, documentAST, params, limits);
    },
  };
}
