/**
 * What a client may know of the rows: their ids, the values in their columns, and cursors out of answers that it got.
 */
import fc from 'fast-check';
import { type GraphQLInputObjectType, type GraphQLObjectType, isInputObjectType, isObjectType } from 'graphql';
import type { FilterInput } from '../../src/graphql/filter-conditions.ts';
import { keyColumn, modelFields, modelNames } from '../../src/graphql/model.ts';
import { columnName, tableName } from '../../src/graphql/sql-names.ts';
import { schema } from '../../src/schema.ts';
import { arbitraryFilter } from '../graphql/arbitrary-filter.ts';
import type { Opened } from '../support/gateway.ts';
import { queryFields } from '../support/schema-walk.ts';
import { type Dice, dealt } from './dice.ts';
import { ask, type Caller } from './operation.ts';
import type { TwoServers } from './two-servers.ts';

/** An order that a list was asked in, and cursors that the answer held. */
export interface KnownOrder {
  /** The argument; null for the list's own order. */
  readonly orderBy: readonly unknown[] | null;
  readonly cursors: readonly string[];
}

export interface World {
  /** The UUIDs of an organization's rows. */
  readonly ids: (model: string, org: string) => readonly string[];
  readonly filter: (model: string, depth: number) => fc.Arbitrary<FilterInput>;
  readonly orders: (model: string) => readonly KnownOrder[];
}

type Sql = Opened['sql'];

/** The root lists, by model. */
export const lists = new Map(
  queryFields.flatMap((field) => {
    const { list } = field.extensions;
    return typeof list === 'string' ? [[list, field] as const] : [];
  }),
);

export const objectType = (name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
  return type;
};

const distinct = (values: readonly unknown[]): unknown[] => [
  ...new Map(values.flat().map((value) => [JSON.stringify(value), value])).values(),
];

async function readValues(sql: Sql, model: string): Promise<[string, readonly unknown[]][]> {
  const key = columnName(keyColumn(model));
  const rows = await sql(`select to_jsonb(t) as row from ${tableName(model)} t order by md5(${key}::text) limit 80`);
  const columns = modelFields(model).filter(({ kind }) => kind !== 'object');
  return columns.map(({ name }) => {
    const values = rows.map(({ row }) => (row as Record<string, unknown>)[columnName(name)]);
    return [`${model}.${name}`, distinct(values.filter((value) => value !== null && value !== undefined)).slice(0, 40)];
  });
}

async function readIds(sql: Sql, model: string): Promise<[string, readonly string[]][]> {
  const key = columnName(keyColumn(model));
  const ofTenant = model !== 'SystemSetting' && model !== 'User' && model !== 'Organization';
  const whose = ofTenant ? 'o.id = t.org_id' : model === 'Organization' ? 'o.id = t.id' : 'true';
  const rows = await sql(
    `select o.slug, t.${key} as id from ${tableName(model)} t join organizations o on ${whose}
     where o.slug in ('acme', 'globex') order by md5(t.${key}::text)`,
  );
  const of = (org: string) => rows.filter(({ slug }) => slug === org).map(({ id }) => String(id));
  return ['acme', 'globex'].map((org) => [`${model}@${org}`, of(org).slice(0, 40)]);
}

/** One key of an order, up to two relations away. */
function orderKey(dice: Dice, type: GraphQLInputObjectType, depth: number): object {
  const fields = Object.values(type.getFields()).filter(({ extensions }) => depth > 0 || 'column' in extensions);
  const field = dice.pick(fields);
  if (isInputObjectType(field.type) && 'relation' in field.extensions)
    return { [field.name]: orderKey(dice, field.type, depth - 1) };
  const direction = dice.chance(70) ? { direction: dice.pick(['ASC', 'DESC']) } : {};
  const nulls = dice.chance(25) ? { nulls: dice.pick(['FIRST', 'LAST']) } : {};
  return { [field.name]: { ...direction, ...nulls } };
}

/** One to three keys; some are refused, where `nulls` cannot be chosen. */
export function orderBy(dice: Dice, model: string): object[] {
  const type = schema.getType(`${model}OrderBy`) as GraphQLInputObjectType;
  const keys = dice.weighted([
    [6, 1],
    [3, 2],
    [1, 3],
  ]);
  return Array.from({ length: keys }, () => orderKey(dice, type, 2));
}

async function cursorsOf(two: TwoServers, caller: Caller, model: string, order: unknown): Promise<string[]> {
  const field = lists.get(model);
  const deleted = field?.args.some(({ name }) => name === 'includeDeleted') ? 'includeDeleted: true' : '';
  const query = `query ($order: [${model}OrderBy!]) { list: ${field?.name}(first: 60, orderBy: $order ${deleted}) { edges { cursor } } }`;
  const { body } = await ask(two.plain, caller, { query, variables: { order } });
  const edges: { cursor: string }[] = JSON.parse(body).data?.list?.edges ?? [];
  return edges.map(({ cursor }) => cursor).filter((_, index) => index % 5 === 0);
}

const ordersOfModel = 5;

/** Asks each list in its own order and in others, and keeps the cursors. */
async function readOrders(two: TwoServers, seed: number, model: string): Promise<KnownOrder[]> {
  const made = fc.sample(
    dealt((dice) => orderBy(dice, model)),
    { seed, numRuns: ordersOfModel },
  );
  const owners = two.callers.all.map(([, caller]) => caller).filter(({ name }) => name.startsWith('owner@'));
  const known: KnownOrder[] = [];
  for (const order of [null, ...made]) {
    const cursors = await Promise.all(owners.map((caller) => cursorsOf(two, caller, model, order)));
    if (order === null || cursors.flat().length > 0) known.push({ orderBy: order, cursors: cursors.flat() });
  }
  return known;
}

/** Learns all that there is to know. The seed chooses the orders. */
export async function readWorld(two: TwoServers, seed: number): Promise<World> {
  const { sql } = two.gateway;
  const values = new Map((await Promise.all(modelNames.map((model) => readValues(sql, model)))).flat());
  const ids = new Map((await Promise.all(modelNames.map((model) => readIds(sql, model)))).flat());
  const orders = new Map<string, readonly KnownOrder[]>();
  for (const model of lists.keys()) orders.set(model, await readOrders(two, seed, model));
  const filters = new Map<string, fc.Arbitrary<FilterInput>>();
  const pool = (model: string, column: string) => values.get(`${model}.${column}`) ?? [];
  return {
    ids: (model, org) => ids.get(`${model}@${org}`) ?? [],
    orders: (model) => orders.get(model) ?? [],
    filter(model, depth) {
      const key = `${model}/${depth}`;
      const known = filters.get(key) ?? arbitraryFilter(model, pool, depth);
      filters.set(key, known);
      return known;
    },
  };
}
