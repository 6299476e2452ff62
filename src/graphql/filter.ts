/**
 * The `filter` argument: declared by column names, turned into a Prisma `where`. An operator without a value, or with an
 * empty object, is an error: nothing ever turns into "match everything".
 */
import { builder } from '../builder.ts';
import type PrismaTypes from '../db/generated/pothos.ts';
import { badInput } from '../errors.ts';
import type { EnumRef } from './enums.ts';
import { type FilterInput, presentEntries, toCondition, type Where } from './filter-conditions.ts';
import { enumOperators, operatorsOf } from './filter-operators.ts';
import { isSoft, keyColumn, type ModelName, modelField, recordColumns } from './model.ts';
import { type Need, needName, needType } from './paths.ts';

/** What a filter may speak of beside what every row has: columns, columns with a closed set, relations. */
export interface FilterSpec<Name extends ModelName> {
  readonly columns: readonly (keyof PrismaTypes[Name]['Where'] & string)[];
  readonly enums?: Readonly<Partial<Record<keyof PrismaTypes[Name]['Where'] & string, EnumRef>>>;
  readonly relations?: readonly PrismaTypes[Name]['RelationName'][];
  readonly derived?: Readonly<Record<string, DerivedFilter>>;
}

/**
 * A condition that no column holds, such as whether an invoice is overdue: a name for another filter, which may hang on the
 * moment. It may speak of columns that clients cannot filter by. Two columns of one row are compared by a generated column.
 */
export type DerivedFilter = { readonly description: string } & (
  | {
      /**
       * What holds of the rows found by `true`; `false` finds all others. So it must never be unknown: a comparison of a
       * column that may be empty stands beside `isNull: false`.
       */
      readonly filter: () => FilterInput;
    }
  | {
      /** What the client gives. */
      readonly type: 'DateOrDuration' | 'DateTimeOrDuration';
      readonly filter: (value: Date) => FilterInput;
    }
);

/** A filter input that its type's file has yet to declare, or has. */
export type FilterRef = ReturnType<typeof builder.inputRef<FilterInput>>;

const filters = new Map<string, FilterRef>();
const derivedFilters = new Map<string, ReadonlyMap<string, DerivedFilter>>();
const derivedNames = new Set<string>();

/** Whether a field of some filter has this name and is derived: what it means is found anew with each request. */
export const isDerived = (name: string): boolean => derivedNames.has(name);

function rememberDerived(model: string, derived: Readonly<Record<string, DerivedFilter>>): void {
  derivedFilters.set(model, new Map(Object.entries(derived)));
  for (const name of Object.keys(derived)) derivedNames.add(name);
}

/** The filter input of a type, made when first asked for, so that types may refer to each other in any order. */
export function filterRef(model: string): FilterRef {
  const known = filters.get(model);
  if (known) return known;
  const ref = builder.inputRef<FilterInput>(`${model}Filter`);
  filters.set(model, ref);
  return ref;
}

/** To-many relations: some, every or none of the related rows. Deleted rows do not count. */
function listFilterRef(model: string): FilterRef {
  const name = `${model}ListFilter`;
  const known = filters.get(name);
  if (known) return known;
  const ref = builder.inputRef<FilterInput>(name);
  filters.set(name, ref);
  const of = (quantity: string) => ({
    type: filterRef(model),
    extensions: { toMany: true },
    description: `${quantity} related row matches.`,
  });
  ref.implement({
    description: `Conditions on the related rows of type ${model}. Deleted ones do not count.`,
    fields: (t: { field(options: object): unknown }) => ({
      some: t.field(of('At least one')),
      every: t.field(of('Every')),
      none: t.field(of('No')),
    }),
  } as never);
  return ref;
}

/** Declares the filter of a type. */
export function filterFor<Name extends ModelName>(model: Name, spec: FilterSpec<Name>): FilterRef {
  const ref = filterRef(model);
  const enums: Readonly<Record<string, EnumRef | undefined>> = spec.enums ?? {};
  const derived = spec.derived ?? {};
  rememberDerived(model, derived);
  ref.implement({
    description: `Conditions on ${model}; all of them must hold. Rows without a value match no comparison, only \`isNull\`.`,
    extensions: { filterOf: model },
    fields: (t: { field(options: object): unknown }) => {
      const column = (name: string, type: unknown) =>
        t.field({ type, extensions: { column: name }, description: `Condition on \`${name}\`.` });
      const relation = (name: string) => {
        const { type, isList } = modelField(model, name);
        return t.field({
          type: isList ? listFilterRef(type) : filterRef(type),
          extensions: { relation: name },
          description: `Condition on \`${name}\`.`,
        });
      };
      return {
        ...Object.fromEntries(
          [...recordColumns(model), ...spec.columns].map((name) => [
            name === keyColumn(model) ? 'id' : name,
            column(name, operatorsOf(model, name)),
          ]),
        ),
        ...Object.fromEntries(
          Object.entries(enums).flatMap(([name, ref]) => (ref ? [[name, column(name, enumOperators(ref))]] : [])),
        ),
        ...Object.fromEntries((spec.relations ?? []).map((name) => [name, relation(name)])),
        ...Object.fromEntries(
          Object.entries(derived).map(([name, { description, ...rest }]) => [
            name,
            t.field({ type: 'type' in rest ? rest.type : 'Boolean', extensions: { derived: name }, description }),
          ]),
        ),
        and: t.field({ type: [ref], description: 'All of these hold.' }),
        or: t.field({ type: [ref], description: 'At least one of these holds.' }),
        not: t.field({ type: ref, description: 'This does not hold.' }),
      };
    },
  } as never);
  return ref;
}

function many(model: string, value: unknown, need: Need, where: string): Where[] {
  const list = value as readonly FilterInput[];
  if (list.length === 0) throw badInput(`${where} is an empty list. Leave it out, or give it a condition.`);
  return list.map((item, index) => toWhere(model, item, need, `${where}[${index}]`));
}

/** Related rows that are deleted take no part in some, every and none. */
function listCondition(model: string, input: FilterInput, need: Need, where: string): Where {
  const conditions = presentEntries(input, where).map(([quantity, value]) => {
    const inner = toWhere(model, value as FilterInput, need, `${where}.${quantity}`);
    if (!isSoft(model)) return [quantity, inner];
    const live =
      quantity === 'every' ? { OR: [{ deletedAt: { not: null } }, inner] } : { AND: [{ deletedAt: null }, inner] };
    return [quantity, live];
  });
  return Object.fromEntries(conditions);
}

function derivedCondition(model: string, derived: DerivedFilter, value: unknown, need: Need, where: string): Where {
  if ('type' in derived) return toWhere(model, derived.filter(value as Date), need, where);
  const met = toWhere(model, derived.filter(), need, where);
  return value === true ? met : { NOT: met };
}

function fieldCondition(model: string, key: string, value: FilterInput, need: Need, where: string): Where {
  const name = key === 'id' ? keyColumn(model) : key;
  const field = modelField(model, name);
  if (field.kind !== 'object') return toCondition(model, field, value, where);
  if (field.isList) return { [name]: listCondition(field.type, value, need, where) };
  return { [name]: { is: toWhere(field.type, value, need, where) } };
}

/**
 * Turns a filter into a Prisma `where`.
 *
 * @param need is told of what each type and column on the way needs, before anything else is said of the condition on it.
 * @throws GatewayError BAD_USER_INPUT naming the place, for an empty or null condition or an id of another type.
 */
export function toWhere(model: string, filter: FilterInput, need: Need, where = 'filter'): Where {
  needType(model, need);
  const conditions = presentEntries(filter, where).map(([key, value]) => {
    const place = `${where}.${key}`;
    if (key === 'and') return { AND: many(model, value, need, place) };
    if (key === 'or') return { OR: many(model, value, need, place) };
    if (key === 'not') return { NOT: toWhere(model, value as FilterInput, need, place) };
    needName(model, key, need);
    const derived = derivedFilters.get(model)?.get(key);
    if (derived) return derivedCondition(model, derived, value, need, place);
    return fieldCondition(model, key, value as FilterInput, need, place);
  });
  return conditions.length === 1 && conditions[0] ? conditions[0] : { AND: conditions };
}
