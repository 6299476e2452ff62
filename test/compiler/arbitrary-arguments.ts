/**
 * Arguments of fields: ids, and everything that a list takes.
 */
import type { GraphQLField, GraphQLInputType } from 'graphql';
import { modelNames, snakeCase } from '../../src/graphql/model.ts';
import { external, valueText } from './arbitrary-value.ts';
import type { Draft, Written } from './draft.ts';
import { orderBy } from './world.ts';

type Field = GraphQLField<unknown, unknown>;
type Values = Readonly<Record<string, unknown>>;

const typeOf = (field: Field, name: string): GraphQLInputType => {
  const arg = field.args.find((arg) => arg.name === name);
  if (!arg) throw new Error(`${field.name} has no argument ${name}.`);
  return arg.type;
};

/** Writes arguments, in any order; now and then null, or an absent variable, for one that is not given. */
export function argumentsText(draft: Draft, field: Field, values: Values): string {
  const given = Object.entries(values).map(
    ([name, value]) => `${name}: ${valueText(draft, value, typeOf(field, name))}`,
  );
  const absent = field.args.filter(({ name, type }) => !(name in values) && !String(type).endsWith('!'));
  const nulls = absent
    .filter(() => draft.dice.chance(2))
    .map(({ name, type }) => `${name}: ${valueText(draft, draft.dice.pick([null, undefined]), type)}`);
  const all = [...given, ...nulls];
  return all.length > 0 ? `(${draft.dice.shuffled(all).join(', ')})` : '';
}

const unknownId = '00000000-0000-4000-8000-00000000ffff';
const otherOrg = (org: string): string => (org === 'acme' ? 'globex' : 'acme');
const brokenIds = ['', 'x', '5', 'contact_', `spaceship_${unknownId}`, "'; select 1 --", `contact_${unknownId} `];

function uuidOf(draft: Draft, model: string): string {
  const { dice, world, org } = draft;
  const whose = dice.weighted([
    [18, org],
    [2, otherOrg(org)],
    [1, ''],
  ]);
  const ids = world.ids(model, whose);
  return ids.length > 0 ? dice.pick(ids) : unknownId;
}

/** An id for a field of a type: most often of a row that is there. `bare` UUIDs are taken only where the type is known. */
export function idFor(draft: Draft, model: string, bare: boolean): string {
  const { dice } = draft;
  if (dice.chance(2)) return dice.pick(brokenIds);
  const type = dice.chance(3) ? dice.pick(modelNames) : model;
  const id = uuidOf(draft, type);
  const global = `${snakeCase(type)}_${id}`;
  return dice.weighted([
    [16, global],
    [bare ? 8 : 1, id],
    [1, global.toUpperCase()],
  ]);
}

/** Rows that one list may give; nested lists multiply. */
const maxRows = 120;
const sizes: readonly (readonly [weight: number, size: number | null])[] = [
  [1, 0],
  [4, 1],
  [6, 2],
  [6, 3],
  [5, 5],
  [3, 10],
  [3, null],
  [1, 50],
  [1, 100],
];

function pageArguments(draft: Draft, rows: number): { readonly size: number; readonly values: Values } {
  const { dice } = draft;
  const fitting = sizes.filter(([, size]) => (size ?? 25) * rows <= Math.max(maxRows, rows * 2));
  const size = dice.weighted(fitting);
  if (dice.number(1, 300) === 1)
    return { size: 1, values: dice.pick([{ first: 101 }, { first: -1 }, { last: 101 }, { first: 2, last: 2 }]) };
  if (size === null) return { size: 25, values: {} };
  return { size, values: dice.chance(75) ? { first: size } : { last: size } };
}

/** An order, most often one that cursors are known of, with one or two of them; now and then with one of another order. */
function orderArguments(draft: Draft, model: string): Values {
  const { dice, world } = draft;
  if (dice.chance(15)) return { orderBy: orderBy(dice, model) };
  const orders = world.orders(model);
  const [own] = orders;
  const order = dice.chance(50) || orders.length < 2 ? own : dice.pick(orders);
  const given = order?.orderBy ? { orderBy: order.orderBy } : {};
  const cursors = (dice.chance(1) ? dice.pick(orders) : order)?.cursors ?? [];
  if (cursors.length === 0 || dice.chance(65)) return dice.chance(1) ? { ...given, after: 'no cursor' } : given;
  const after = { after: dice.pick(cursors) };
  const before = { before: dice.pick(cursors) };
  return dice.weighted<Values>([
    [8, { ...given, ...after }],
    [4, { ...given, ...before }],
    [2, { ...given, ...after, ...before }],
    [1, { ...given, after: '' }],
  ]);
}

const durations = ['-P1Y', '-P90D', '-P2W', 'P1M', '-PT36H'];

/** Durations stand at the root alone: below it the resolvers may read one anew for each place of a merged field. */
function filterArguments(draft: Draft, model: string, type: GraphQLInputType, nested: boolean): Values {
  const { dice, world } = draft;
  if (!dice.chance(nested ? 12 : 30)) return {};
  if (dice.chance(1)) return { filter: dice.pick([{}, { id: {} }, { id: { eq: null } }, { not: null }]) };
  if (!nested && dice.chance(8)) return { filter: { createdAt: { [dice.pick(['gte', 'lt'])]: dice.pick(durations) } } };
  const depth = dice.weighted([
    [5, 0],
    [3, 1],
    [nested ? 0 : 1, 2],
  ]);
  return { filter: external(dice.of(world.filter(model, depth)), type) };
}

/**
 * The arguments of a list of a type, and how many rows it may give. `rows` is how often the list stands in the answer; null
 * at the root.
 */
export function listArguments(draft: Draft, field: Field, model: string, rows: number | null): Written {
  const page = pageArguments(draft, rows ?? 1);
  const deleted = field.args.some(({ name }) => name === 'includeDeleted') && draft.dice.chance(25);
  const values = {
    ...page.values,
    ...orderArguments(draft, model),
    ...filterArguments(draft, model, typeOf(field, 'filter'), rows !== null),
    ...(deleted ? { includeDeleted: draft.dice.pick([true, true, false, null]) } : {}),
  };
  return { text: argumentsText(draft, field, values), size: page.size };
}
