/**
 * What a document may ask for: tokens before it is parsed, then aliases, depth and cost. The cost is the number of rows
 * that may come back: page sizes multiply along the way down.
 */
import {
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, getOperationAST, getNamedType, type GraphQLSchema, isObjectType, isInterfaceType, Kind, type OperationDefinitionNode,
  type SelectionSetNode, type GraphQLNamedType,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badInput, GatewayError } from '../errors.ts';
import { defaultPageSize } from '../graphql/page.ts';
import { requestState } from '../request.ts';
import { presentError } from './use-errors.ts';

export interface LimitsOptions {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly cost: number;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly limits: LimitsOptions;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Fragments on the way here: a cycle is refused by validation, and must not hang us before. */
  readonly within: readonly string[];
  readonly count: { aliases: number; fields: number };
}

const isConnection = (name: string): boolean => name.endsWith('Connection');

function pageSizeOf(field: FieldNode, variables: Walk['variables']): number {
  const argument = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
  if (!argument) return defaultPageSize;
  const { value } = argument;
  const size = value.kind === Kind.VARIABLE ? variables[value.name.value] : value.kind === Kind.INT ? Number(value.value) : undefined;
  return typeof size === 'number' && size >= 0 ? size : defaultPageSize;
}

function checkCounts(walk: Walk, depth: number): void {
  const { limits, count } = walk;
  if (depth > limits.depth) throw badInput(`The query is nested more than ${limits.depth} levels deep.`);
  if (count.aliases > limits.aliases) throw badInput(`The query has more than ${limits.aliases} aliases.`);
  if (++count.fields > limits.tokens * 10) throw badInput('The query selects too many fields.');
}

function fieldCost(field: FieldNode, parent: GraphQLNamedType | undefined, depth: number, walk: Walk): number {
  if (field.alias) walk.count.aliases++;
  checkCounts(walk, depth);
  if (!field.selectionSet) return 0;
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  const type = definition && getNamedType(definition.type);
  const inner = setCost(field.selectionSet, type, depth + 1, walk);
  return type && isConnection(type.name) ? pageSizeOf(field, walk.variables) * (1 + inner) : inner;
}

function setCost(set: SelectionSetNode, parent: GraphQLNamedType | undefined, depth: number, walk: Walk): number {
  return set.selections.reduce((sum, selection) => {
    if (selection.kind === Kind.FIELD) return sum + fieldCost(selection, parent, depth, walk);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition ? walk.schema.getType(selection.typeCondition.name.value) : parent;
      return sum + setCost(selection.selectionSet, type, depth, walk);
    }
    const fragment = walk.fragments.get(selection.name.value);
    if (!fragment || walk.within.includes(selection.name.value)) return sum;
    const type = walk.schema.getType(fragment.typeCondition.name.value);
    return sum + setCost(fragment.selectionSet, type, depth, { ...walk, within: [...walk.within, selection.name.value] });
  }, 0);
}

/**
 * The most rows that an operation may give back.
 *
 * @throws GatewayError BAD_USER_INPUT for too deep a nesting or too many aliases, COST_LIMIT beyond the limit.
 */
function checkOperation(operation: OperationDefinitionNode, walk: Walk): number {
  const root = walk.schema.getRootType(operation.operation) ?? undefined;
  const cost = setCost(operation.selectionSet, root, 1, walk);
  if (cost > walk.limits.cost) {
    throw new GatewayError('COST_LIMIT', `The query may give back ${cost} rows; the limit is ${walk.limits.cost}. Ask for smaller pages (first) or fewer levels.`, {
      cost: { requested: cost, limit: walk.limits.cost },
    });
  }
  return cost;
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

export function useLimits(limits: LimitsOptions, production: boolean): Plugin<{ request: Request }> {
  return {
    onParse({ params, setParseFn, parseFn }) {
      setParseFn((source: string) => parseFn(source, { ...params.options, maxTokens: limits.tokens }));
    },
    onExecute({ args, setResultAndStopExecution }) {
      const operation = getOperationAST(args.document, args.operationName);
      if (!operation || isIntrospection(operation)) return;
      const { id } = requestState(args.contextValue.request);
      const walk = { schema: args.schema, limits, fragments: fragmentsOf(args.document), variables: args.variableValues ?? {}, within: [], count: { aliases: 0, fields: 0 } };
      try {
        checkOperation(operation, walk);
      } catch (error) {
        setResultAndStopExecution({ errors: [presentError(error, id, production)] });
      }
    },
  };
}

/** Whether an operation asks about the schema only. */
export const isIntrospection = (operation: OperationDefinitionNode): boolean =>
  operation.operation === 'query' &&
  operation.selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'));
