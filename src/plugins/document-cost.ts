/**
 * The cost of an operation: the most objects that it may give back, found by walking its selections with the schema, before
 * it is validated; what arguments cost (argument-cost.ts) is added. Depth, aliases and fields are counted on the same walk.
 * What must stay true: the walk itself ends soon, whatever the document; names of clients are never looked up in an object
 * that has a prototype.
 */
import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInputType,
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
import { type ArgumentCount, argumentCost } from './argument-cost.ts';

export interface CostOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly limits: { readonly depth: number; readonly aliases: number; readonly cost: number; readonly tokens: number };
}

interface Walk extends CostOptions {
  /** What the variables are, those left out by their defaults; found when first asked for. */
  readonly values: () => Values;
  /** The cost of each argument that was met; that of a variable by its name and type. */
  readonly costs: Map<ArgumentNode | string, number>;
  /** Fragments on the way here: a cycle is refused by validation, and must not hang us. */
  readonly within: readonly string[];
  readonly count: ArgumentCount & { aliases: number; fields: number };
}

type Values = Readonly<Record<string, unknown>>;

type Field = GraphQLField<unknown, unknown>;
type Type = GraphQLNamedType | undefined;

/** How many fields, arguments or values a type has, more or less, when the schema is asked about itself. */
const introspectedSize = 5;

const metaFields: ReadonlyMap<string, Field> = new Map([
  ['__schema', SchemaMetaFieldDef],
  ['__type', TypeMetaFieldDef],
]);

function fieldOf(parent: Type, name: string): Field | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  const fields = parent.getFields();
  return Object.hasOwn(fields, name) ? fields[name] : metaFields.get(name);
}

/** The variables as they were given, those left out by their defaults, in an object without a prototype. */
function valuesOf({ operation, variables }: CostOptions): Values {
  const values: Record<string, unknown> = Object.create(null);
  for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
    if (defaultValue) values[variable.name.value] = valueFromASTUntyped(defaultValue);
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) values[name] = value;
  return values;
}

/** The value of an argument, from the document, the variables, or a variable's default. */
function argumentValue(value: ValueNode, { values, variables }: Walk): unknown {
  const name = value.kind === Kind.VARIABLE ? value.name.value : '';
  if (name && Object.hasOwn(variables, name) && variables[name] !== undefined) return variables[name];
  return valueFromASTUntyped(value, values() as never);
}

function costOfArgument(node: ArgumentNode, definition: Field | undefined, walk: Walk): number {
  if (node.value.kind === Kind.INT) return 0;
  const value = node.value.kind === Kind.VARIABLE ? argumentValue(node.value, walk) : undefined;
  if (typeof value === 'string' || typeof value === 'number') return argumentCost(value, undefined, walk.count);
  const type = definition?.args.find(({ name }) => name === node.name.value)?.type;
  const key = node.value.kind === Kind.VARIABLE ? `${node.value.name.value} ${String(type)}` : node;
  const known = walk.costs.get(key);
  if (known !== undefined) return known;
  const cost = argumentCost(argumentValue(node.value, walk), type, walk.count);
  walk.costs.set(key, cost);
  return cost;
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

const isIdList = ({ type }: { type: GraphQLInputType }): boolean =>
  isListType(getNullableType(type)) && getNamedType(type).name === 'ID';

/** A list that is given ids has one thing for each of them. */
function sizeByIds(field: FieldNode, { args }: Field, walk: Walk): number | undefined {
  const names = args.filter(isIdList).map(({ name }) => name);
  const [ids] = argumentsOf(field, names, walk);
  return Array.isArray(ids) ? ids.length : undefined;
}

/**
 * How many objects a field may give; undefined for a single one, and for what its parent has counted already. A list whose
 * arguments do not say it is counted as its field declares (`extensions.size`), else as an ordinary page.
 */
function sizeOf(field: FieldNode, definition: Field, parent: Type, walk: Walk): number | undefined {
  if (definition.args.some(({ name }) => name === 'first')) return pageSize(field, walk);
  if (!isListType(getNullableType(definition.type)) || parent?.name.endsWith('Connection')) return undefined;
  if (parent?.name === '__Schema' && definition.name === 'types') return Object.keys(walk.schema.getTypeMap()).length;
  if (parent?.name.startsWith('__')) return introspectedSize;
  const declared = definition.extensions.size;
  return sizeByIds(field, definition, walk) ?? (typeof declared === 'number' ? declared : defaultPageSize);
}

/**
 * Values that are computed, JSON and lists of texts count as one object. Other columns come with their row, and
 * `totalCount` with its page.
 */
function computedCostOfLeaf({ type, extensions }: Field, parent: Type, { schema }: Walk): number {
  const isComputed = extensions.derived !== undefined || parent === schema.getQueryType();
  const isLong = isListType(getNullableType(type)) || getNamedType(type).name === 'JSON';
  return (isComputed || isLong) && !parent?.name.startsWith('__') ? 1 : 0;
}

const leafCosts = new WeakMap<Field, number>();

function costOfLeaf(field: Field, parent: Type, walk: Walk): number {
  const known = leafCosts.get(field);
  if (known !== undefined) return known;
  const cost = computedCostOfLeaf(field, parent, walk);
  leafCosts.set(field, cost);
  return cost;
}

function countField(field: FieldNode, depth: number, { limits, count }: Walk): void {
  if (field.alias) count.aliases++;
  if ((field.alias?.value.length ?? 0) > maxAliasLength)
    throw badInput(`An alias has at most ${maxAliasLength} characters.`);
  count.fields++;
  if (depth > limits.depth) throw badInput(`The query is nested more than ${limits.depth} levels deep.`);
  if (count.aliases > limits.aliases) throw badInput(`The query has more than ${limits.aliases} aliases.`);
  if (count.fields > limits.tokens) throw badInput(`The query selects more than ${limits.tokens} fields.`);
}

/** An alias comes back with each row. */
const maxAliasLength = 100;
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
  const definition = fieldOf(parent, field.name.value);
  const asked = (field.arguments ?? []).reduce((sum, node) => sum + costOfArgument(node, definition, walk), 0);
  if (!field.selectionSet) return asked + (definition ? costOfLeaf(definition, parent, walk) : 0);
  const inner = costOfSet(field.selectionSet, definition && getNamedType(definition.type), depth + 1, walk);
  const size = definition && sizeOf(field, definition, parent, walk);
  return asked + (size === undefined ? inner : size * (1 + inner));
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
  const count = { aliases: 0, fields: 0, values: 0 };
  let found: Values | undefined;
  const values = () => (found ??= valuesOf(options));
  const walk: Walk = { ...options, values, costs: new Map(), within: [], count };
  const cost = costOfSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, 1, walk);
  if (cost <= limits.cost) return cost;
  throw new GatewayError(
    'COST_LIMIT',
    `The query may give back ${cost} objects; the limit is ${limits.cost}. Ask for smaller pages (first) or fewer levels.`,
    { cost: { requested: cost, limit: limits.cost } },
  );
}
