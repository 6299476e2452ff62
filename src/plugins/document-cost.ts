/**
 * The cost of an operation: the most objects that it may give back, found by walking its selections with the schema, before
 * it is validated. Depth, aliases and fields are counted on the same walk. What must stay true: the walk itself ends soon,
 * whatever the document.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { badInput, GatewayError } from '../errors.ts';
import { defaultPageSize, maxPageSize } from '../graphql/page.ts';

export interface CostOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly limits: { readonly depth: number; readonly aliases: number; readonly cost: number; readonly tokens: number };
}

interface Walk extends CostOptions {
  /** Fragments on the way here: a cycle is refused by validation, and must not hang us. */
  readonly within: readonly string[];
  readonly count: { aliases: number; fields: number };
}

type Field = GraphQLField<unknown, unknown>;
type Type = GraphQLNamedType | undefined;

/** How many fields, arguments or values a type has, more or less, when the schema is asked about itself. */
const introspectedSize = 5;

const metaFields: Readonly<Record<string, Field>> = { __schema: SchemaMetaFieldDef, __type: TypeMetaFieldDef };

const fieldOf = (parent: Type, name: string): Field | undefined =>
  isObjectType(parent) || isInterfaceType(parent) ? (parent.getFields()[name] ?? metaFields[name]) : undefined;

/** The value of an argument, from the document, the variables, or a variable's default. */
function argumentValue(value: ValueNode, { variables, operation }: Walk): unknown {
  if (value.kind !== Kind.VARIABLE) return valueFromASTUntyped(value, variables as never);
  const name = value.name.value;
  if (variables[name] !== undefined) return variables[name];
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  return definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
}

function argumentsOf(field: FieldNode, names: readonly string[], walk: Walk): unknown[] {
  const given = field.arguments?.filter(({ name }) => names.includes(name.value)) ?? [];
  return given.map(({ value }) => argumentValue(value, walk));
}

/** A larger page than the largest is refused by its field, in better words. */
function pageSize(field: FieldNode, walk: Walk): number {
  const sizes = argumentsOf(field, ['first', 'last'], walk).filter(
    (size): size is number => typeof size === 'number' && size >= 0,
  );
  return sizes.length > 0 ? Math.min(Math.max(...sizes), maxPageSize) : defaultPageSize;
}

/** How many objects a field may give; undefined for a single one, and for what its parent has counted already. */
function sizeOf(field: FieldNode, definition: Field, parent: Type, walk: Walk): number | undefined {
  if (definition.args.some(({ name }) => name === 'first')) return pageSize(field, walk);
  if (!isListType(getNullableType(definition.type)) || parent?.name.endsWith('Connection')) return undefined;
  if (parent?.name === '__Schema' && definition.name === 'types') return Object.keys(walk.schema.getTypeMap()).length;
  if (parent?.name.startsWith('__')) return introspectedSize;
  const [ids] = argumentsOf(field, ['ids'], walk);
  return Array.isArray(ids) ? ids.length : undefined;
}

function countField(field: FieldNode, depth: number, { limits, count }: Walk): void {
  if (field.alias) count.aliases++;
  count.fields++;
  if (depth > limits.depth) throw badInput(`The query is nested more than ${limits.depth} levels deep.`);
  if (count.aliases > limits.aliases) throw badInput(`The query has more than ${limits.aliases} aliases.`);
  if (count.fields > limits.tokens) throw badInput(`The query selects more than ${limits.tokens} fields.`);
}

const maxRepeats = 10;

/** A field that stands twice is read once, but whoever merges the two compares each with each. */
function checkRepeats({ selections }: SelectionSetNode): void {
  const seen = new Map<string, number>();
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const key = selection.alias?.value ?? selection.name.value;
    const times = (seen.get(key) ?? 0) + 1;
    if (times > maxRepeats)
      throw badInput(`The query asks for "${key}" more than ${maxRepeats} times in one place. Once is enough.`);
    seen.set(key, times);
  }
}

/** A field that the schema does not know is walked all the same: validation comes later, and takes longer the more there is. */
function costOfField(field: FieldNode, parent: Type, depth: number, walk: Walk): number {
  countField(field, depth, walk);
  if (!field.selectionSet) return 0;
  const definition = fieldOf(parent, field.name.value);
  const inner = costOfSet(field.selectionSet, definition && getNamedType(definition.type), depth + 1, walk);
  const size = definition && sizeOf(field, definition, parent, walk);
  return size === undefined ? inner : size * (1 + inner);
}

function costOfSet(set: SelectionSetNode, parent: Type, depth: number, walk: Walk): number {
  checkRepeats(set);
  return set.selections.reduce((sum, selection) => {
    if (selection.kind === Kind.FIELD) return sum + costOfField(selection, parent, depth, walk);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition ? walk.schema.getType(selection.typeCondition.name.value) : parent;
      return sum + costOfSet(selection.selectionSet, type, depth, walk);
    }
    const name = selection.name.value;
    const fragment = walk.fragments.get(name);
    if (!fragment || walk.within.includes(name)) return sum;
    const type = walk.schema.getType(fragment.typeCondition.name.value);
    return sum + costOfSet(fragment.selectionSet, type, depth, { ...walk, within: [...walk.within, name] });
  }, 0);
}

/**
 * Walks an operation.
 *
 * @returns the most objects that it may give back.
 * @throws GatewayError BAD_USER_INPUT for too deep a nesting or too many aliases, COST_LIMIT beyond the limit.
 */
export function checkCost(options: CostOptions): number {
  const { operation, schema, limits } = options;
  const walk: Walk = { ...options, within: [], count: { aliases: 0, fields: 0 } };
  const cost = costOfSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, 1, walk);
  if (cost <= limits.cost) return cost;
  throw new GatewayError(
    'COST_LIMIT',
    `The query may give back ${cost} objects; the limit is ${limits.cost}. Ask for smaller pages (first) or fewer levels.`,
    { cost: { requested: cost, limit: limits.cost } },
  );
}
