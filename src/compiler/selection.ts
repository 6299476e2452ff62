/**
 * What a document selects of an object: fragments spread, @skip and @include decided, fields of one response key together.
 * As CollectFields of the GraphQL specification has it (section 6.3.2).
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from './parts.ts';

/** The document around a selection, with the variables that decide its shape. */
export interface Surroundings {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
}

/** The fields of an object by response key, in the order of the answer. */
export type Selected = Map<string, FieldNode[]>;

function isIncluded(node: SelectionNode, { variables }: Surroundings): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}

function applies(condition: NamedTypeNode | undefined, type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  if (!condition || condition.name.value === type.name) return true;
  const wanted = schema.getType(condition.name.value);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}

function collect(
  set: SelectionSetNode,
  type: GraphQLObjectType,
  around: Surroundings,
  selected: Selected,
  seen: Set<string>,
): void {
  const spread = (condition: NamedTypeNode | undefined, inner: SelectionSetNode) => {
    if (applies(condition, type, around.schema)) collect(inner, type, around, selected, seen);
  };
  for (const node of set.selections) {
    if (!isIncluded(node, around)) continue;
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      selected.set(key, [...(selected.get(key) ?? []), node]);
    } else if (node.kind === Kind.INLINE_FRAGMENT) spread(node.typeCondition, node.selectionSet);
    else if (!seen.has(node.name.value)) {
      seen.add(node.name.value);
      const fragment = around.fragments.get(node.name.value);
      if (fragment) spread(fragment.typeCondition, fragment.selectionSet);
    }
  }
}

/** What several selection sets select together of an object of a type. */
export function selectFields(
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  around: Surroundings,
): Selected {
  const selected: Selected = new Map();
  const seen = new Set<string>();
  for (const set of sets) collect(set, type, around, selected, seen);
  return selected;
}

/** The selection sets of fields that stand behind one response key. */
export const setsOf = (nodes: readonly FieldNode[]): SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
