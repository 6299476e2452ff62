/**
 * The `orderBy` argument: a list of one-key objects, turned into sort keys. The row's id is always the last key, so every
 * order is total and a cursor marks one place in it.
 */
import { builder } from '../builder.ts';
import type PrismaTypes from '../db/generated/pothos.ts';
import { badInput } from '../errors.ts';
import { type ColumnKind, columnKind } from './filter-operators.ts';
import { keyColumn, type ModelName, modelField, recordColumns } from './model.ts';
import { type Need, needName, needType } from './paths.ts';

export type OrderInput = Readonly<Record<string, unknown>>;

/** One sort key: the path to a column through to-one relations. */
export interface SortKey {
  readonly path: readonly string[];
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
  /** The columns that, by being null, leave this key without a value: references on the way to it, and itself. */
  readonly absences: readonly (readonly string[])[];
  readonly kind: ColumnKind;
}

/** What an order may speak of beside what every row has. */
export interface OrderSpec<Name extends ModelName> {
  readonly columns: readonly (keyof PrismaTypes[Name]['Shape'] & string)[];
  readonly relations?: readonly PrismaTypes[Name]['RelationName'][];
}

const SortDirection = builder.enumType('SortDirection', {
  description: 'Up or down.',
  values: {
    ASC: { value: 'asc', description: 'Lowest first.' },
    DESC: { value: 'desc', description: 'Highest first.' },
  },
});
const NullsOrder = builder.enumType('NullsOrder', {
  description: 'Where rows without a value stand.',
  values: {
    FIRST: { value: 'first', description: 'Before all others.' },
    LAST: { value: 'last', description: 'After all others.' },
  },
});
const Ordering = builder.inputType('Ordering', {
  description: 'How to sort by one column.',
  fields: (t) => ({
    direction: t.field({ type: SortDirection, defaultValue: 'asc', description: 'Up or down.' }),
    nulls: t.field({
      type: NullsOrder,
      description: 'Where rows without a value stand: last when ascending, first when descending, unless given.',
    }),
  }),
});

/** An order input that its type's file has yet to declare, or has. */
export type OrderRef = ReturnType<typeof builder.inputRef<OrderInput>>;

const orders = new Map<string, OrderRef>();

/** The order input of a type, made when first asked for. */
export function orderRef(model: string): OrderRef {
  const known = orders.get(model);
  if (known) return known;
  const ref = builder.inputRef<OrderInput>(`${model}OrderBy`);
  orders.set(model, ref);
  return ref;
}

/** The columns that every row has, by which it can always be sorted. */
const orderColumns = (model: string) => recordColumns(model).filter((name) => !['deletedAt', 'version'].includes(name));

/** Declares the order of a type. */
export function orderFor<Name extends ModelName>(model: Name, spec: OrderSpec<Name>): OrderRef {
  const ref = orderRef(model);
  ref.implement({
    description: `An order of ${model}: exactly one key in each object.`,
    extensions: { orderOf: model },
    fields: (t: { field(options: object): unknown }) => ({
      ...Object.fromEntries(
        [...orderColumns(model), ...spec.columns].map((name) => [
          name === keyColumn(model) ? 'id' : name,
          t.field({ type: Ordering, extensions: { column: name }, description: `By \`${name}\`.` }),
        ]),
      ),
      ...Object.fromEntries(
        (spec.relations ?? []).map((name) => [
          name,
          t.field({
            type: orderRef(modelField(model, name).type),
            extensions: { relation: name },
            description: `By a column of \`${name}\`.`,
          }),
        ]),
      ),
    }),
  } as never);
  return ref;
}

function onlyEntry(input: OrderInput, where: string): [string, OrderInput] {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  const [entry] = entries;
  if (!entry || entries.length !== 1)
    throw badInput(`${where} needs exactly one key; for a second column add a second object to the list.`);
  return entry as [string, OrderInput];
}

type Step = Pick<SortKey, 'path' | 'absences'>;

function sortKey(
  model: string,
  input: OrderInput,
  need: Need,
  where: string,
  so: Step = { path: [], absences: [] },
): SortKey {
  needType(model, need);
  const [key, value] = onlyEntry(input, where);
  needName(model, key, need);
  const name = key === 'id' ? keyColumn(model) : key;
  const field = modelField(model, name);
  const path = [...so.path, name];
  const nullColumn = [...so.path, field.relationFromFields?.at(-1) ?? name];
  const absences = field.isRequired ? so.absences : [...so.absences, nullColumn];
  if (field.kind === 'object') return sortKey(field.type, value, need, `${where}.${key}`, { path, absences });
  const direction = (value.direction ?? 'asc') as SortKey['direction'];
  const usual = direction === 'asc' ? 'last' : 'first';
  const nulls = (value.nulls ?? usual) as SortKey['nulls'];
  if (nulls !== usual && field.isRequired && absences.length > 0)
    throw badInput(`${where}.${key}: nulls cannot be chosen here, because ${name} is required.`);
  return { path, direction, nulls, absences, kind: columnKind(model, field) };
}

/**
 * The sort keys of an `orderBy` argument, the row's id last.
 *
 * @param need is told of what each type and column on the way needs.
 * @throws GatewayError BAD_USER_INPUT for an object with no or several keys.
 */
export function sortKeys(model: string, orderBy: readonly OrderInput[], need: Need): readonly SortKey[] {
  const id = keyColumn(model);
  const keys = orderBy.map((item, index) => sortKey(model, item, need, `orderBy[${index}]`));
  const last = keys.findIndex(({ path }) => path.length === 1 && path[0] === id);
  if (last >= 0) return keys.slice(0, last + 1);
  const direction = keys.at(-1)?.direction ?? 'desc';
  return [...keys, { path: [id], direction, nulls: direction === 'asc' ? 'last' : 'first', absences: [], kind: 'ID' }];
}

/** The other way round, for pages that are read backwards. */
export const reversed = (keys: readonly SortKey[]): readonly SortKey[] =>
  keys.map((key) => ({
    ...key,
    direction: key.direction === 'asc' ? 'desc' : 'asc',
    nulls: key.nulls === 'first' ? 'last' : 'first',
  }));

const nest = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner, name) => ({ [name]: inner }), value);

/** The keys as Prisma's `orderBy`. Prisma takes `nulls` only where the column itself may be null. */
export const toPrismaOrder = (model: string, keys: readonly SortKey[]): unknown[] =>
  keys.map(({ path, direction, nulls }) => {
    const field = path
      .slice(1)
      .reduce((current, name) => modelField(current.type, name), modelField(model, path[0] ?? ''));
    return nest(path, field.isRequired ? direction : { sort: direction, nulls });
  });

/** The columns that a cursor needs, as a Prisma `select`. */
export function orderSelect(keys: readonly SortKey[]): Record<string, unknown> {
  const select: Record<string, unknown> = {};
  for (const { path } of keys) {
    let level = select;
    path.forEach((name, index) => {
      if (index === path.length - 1) level[name] = true;
      else {
        const next = (level[name] ?? { select: {} }) as { select: Record<string, unknown> };
        level[name] = next;
        level = next.select;
      }
    });
  }
  return select;
}
