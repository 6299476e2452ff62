/**
 * Filters at random, as the schema's own filter inputs allow them: every operator on every column, nested through relations,
 * with values out of the rows themselves, so that many of them match some rows and not all.
 */
import fc from 'fast-check';
import { type GraphQLInputField, type GraphQLInputObjectType, getNamedType, isInputObjectType } from 'graphql';
import type { FilterInput } from '../../src/graphql/filter-conditions.ts';
import { schema } from '../../src/schema.ts';

/** The values that a column of a model holds, nulls left out. */
export type Values = (model: string, column: string) => readonly unknown[];

type Arbitrary = fc.Arbitrary<unknown>;

const inputType = (name: string): GraphQLInputObjectType => {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`${name} is no input type.`);
  return type;
};

const typeName = (field: GraphQLInputField): string => getNamedType(field.type).name;

/** A record with some of the keys, at least one. */
const someOf = (parts: Readonly<Record<string, Arbitrary>>, most: number): Arbitrary =>
  fc
    .uniqueArray(fc.constantFrom(...Object.keys(parts)), { minLength: 1, maxLength: most })
    .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, parts[key] ?? fc.constant(null)]))));

const pieces = (texts: readonly string[]): Arbitrary =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.constantFrom(...texts), fc.nat(12), fc.nat(6))
        .map(([text, from, size]) => text.slice(from, from + size + 1) || 'a'),
    },
    { weight: 1, arbitrary: fc.constantFrom('%', '_', '\\', "'", '"') },
  );

function operatorValue(operator: string, pool: readonly unknown[], odd: unknown): Arbitrary {
  const one =
    pool.length > 0
      ? fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pool) }, { weight: 1, arbitrary: fc.constant(odd) })
      : fc.constant(odd);
  if (['isNull', 'isEmpty'].includes(operator)) return fc.boolean();
  if (['contains', 'startsWith', 'endsWith'].includes(operator))
    return pieces(pool.length > 0 ? pool.map(String) : ['nothing']);
  if (['in', 'hasAny'].includes(operator)) return fc.array(one, { maxLength: 4 });
  return ['notIn', 'hasAll'].includes(operator) ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
}

const odds: Readonly<Record<string, unknown>> = {
  ID: '00000000-0000-4000-8000-000000000000',
  Int: -1,
  BigInt: 9007199254740993n,
  Float: 0.5,
  Decimal: '0.001',
  Boolean: true,
  DateTimeOrDuration: new Date('2019-12-31T23:59:59.999Z'),
  DateOrDuration: new Date('2019-12-31T00:00:00Z'),
};

function columnFilter(operators: GraphQLInputObjectType, pool: readonly unknown[]): Arbitrary {
  const fields = Object.values(operators.getFields());
  const odd =
    odds[typeName(fields.find(({ name }) => ['eq', 'has'].includes(name)) ?? (fields[0] as GraphQLInputField))] ??
    'O\'Neil "x" %_\\';
  return someOf(Object.fromEntries(fields.map(({ name }) => [name, operatorValue(name, pool, odd)])), 2);
}

type Place = readonly [path: readonly string[], value: unknown];

/** Every place in a JSON value, and what stands there. */
function places(value: unknown, path: readonly string[] = []): Place[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [[path, value], ...inner.flatMap(([key, item]) => places(item, [...path, key]))];
}

function jsonFilter(pool: readonly unknown[]): Arbitrary {
  const all = pool.flatMap((value) => places(value)).filter(([, value]) => value !== null);
  const known: readonly Place[] = all.length > 0 ? all : [[['nothing'], 1]];
  return fc.tuple(fc.constantFrom(...known), fc.constantFrom(...known)).chain(([[path, here], [, elsewhere]]) => {
    const values = [here, elsewhere, 5, 'text', true];
    const comparable = values.filter((value) => typeof value === 'number' || typeof value === 'string');
    const text = pieces(comparable.map(String));
    const order = Object.fromEntries(['gt', 'gte', 'lt', 'lte'].map((name) => [name, fc.constantFrom(...comparable)]));
    const texts = Object.fromEntries(['contains', 'startsWith', 'endsWith'].map((name) => [name, text]));
    const item = Array.isArray(here) && here.length > 0 ? fc.constantFrom(...here) : fc.constantFrom(...values);
    const operators = someOf(
      { eq: fc.constantFrom(...values), ne: fc.constantFrom(...values), has: item, ...order, ...texts },
      2,
    );
    return operators.map((chosen) => ({ ...(chosen as object), ...(path.length > 0 ? { path } : {}) }));
  });
}

function fieldFilter(model: string, field: GraphQLInputField, values: Values, depth: number): Arbitrary {
  if (field.extensions.derived)
    return typeName(field) === 'Boolean' ? fc.boolean() : fc.constantFrom(new Date(), odds[typeName(field)]);
  const type = inputType(typeName(field));
  const column = field.extensions.column;
  if (typeof column === 'string') {
    const pool = values(model, column);
    return type.name === 'JSONFilter' ? jsonFilter(pool) : columnFilter(type, pool);
  }
  const target = type.name.replace(/(List)?Filter$/, '');
  const inner = arbitraryFilter(target, values, depth - 1);
  return type.name.endsWith('ListFilter') ? someOf({ some: inner, every: inner, none: inner }, 2) : inner;
}

/** Filters of a model, with up to `depth` levels of relations, `and`, `or` and `not`. */
export function arbitraryFilter(model: string, values: Values, depth: number): fc.Arbitrary<FilterInput> {
  const fields = Object.values(inputType(`${model}Filter`).getFields()).filter(
    ({ extensions }) => depth > 0 || 'column' in extensions || 'derived' in extensions,
  );
  const made = new Map<string, Arbitrary>();
  const lazily = (name: string, make: () => Arbitrary) =>
    fc.constant(null).chain(() => made.get(name) ?? made.set(name, make()).get(name) ?? fc.constant(null));
  const deeper = () => arbitraryFilter(model, values, depth - 1);
  const parts = fields.map((field): readonly [string, Arbitrary] => {
    if (field.name === 'not') return [field.name, lazily('not', deeper)];
    if (['and', 'or'].includes(field.name))
      return [field.name, lazily(field.name, () => fc.array(deeper(), { minLength: 1, maxLength: 3 }))];
    return [field.name, lazily(field.name, () => fieldFilter(model, field, values, depth))];
  });
  const columns = Object.fromEntries(
    parts.filter(([name]) => {
      const extensions = fields.find((field) => field.name === name)?.extensions;
      return extensions?.column || extensions?.derived;
    }),
  );
  const nested = Object.fromEntries(parts.filter(([name]) => !(name in columns)));
  const choices =
    Object.keys(nested).length > 0 ? [someOf(columns, 2), someOf(nested, 2), someOf(nested, 1)] : [someOf(columns, 2)];
  return fc.oneof(...choices) as fc.Arbitrary<FilterInput>;
}
