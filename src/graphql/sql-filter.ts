/**
 * A filter as one SQL condition, for statements that Prisma cannot write, such as a search by vector. It is made from the
 * same Prisma `where` that lists use, so it means the same and refuses the same. Values are bound; identifiers come from
 * the Prisma model; row security does the isolation, as ever.
 */
import { Prisma } from '../db/generated/prisma/client.ts';
import { toWhere } from './filter.ts';
import type { FilterInput, Where } from './filter-conditions.ts';
import { type ModelField, modelField } from './model.ts';
import type { Need } from './paths.ts';
import { columnCondition } from './sql-conditions.ts';
import { columnSql, joinSql, tableSql } from './sql-names.ts';

/** The alias of the table that a condition is about, unless another is given. */
export const rootAlias = 't0';

interface Scope {
  readonly model: string;
  readonly depth: number;
  /** The alias at depth 0. */
  readonly root: string;
  /** Under an odd number of NOTs. */
  readonly reversed: boolean;
  /** Whether "unknown" and "false" differ here, because a NOT stands outside. */
  readonly exact: boolean;
}

const alias = ({ depth, root }: Scope): string => (depth === 0 ? root : `t${depth}`);

const everyOf = (list: readonly Prisma.Sql[]): Prisma.Sql =>
  list.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join([...list], ' and ')})`;
const anyOf = (list: readonly Prisma.Sql[]): Prisma.Sql =>
  list.length === 0 ? Prisma.sql`false` : Prisma.sql`(${Prisma.join([...list], ' or ')})`;

const listOf = (value: unknown): readonly Where[] => (Array.isArray(value) ? value : [value]) as readonly Where[];

interface Related {
  readonly inner: Scope;
  readonly from: Prisma.Sql;
  readonly join: Prisma.Sql;
}

function related(scope: Scope, field: ModelField): Related {
  const inner = { ...scope, model: field.type, depth: scope.depth + 1 };
  const from = Prisma.sql`${tableSql(field.type)} as ${Prisma.raw(`"${alias(inner)}"`)}`;
  return { inner, from, join: joinSql(scope.model, field, alias(scope), alias(inner)) };
}

const exists = ({ from, join }: Related, condition = Prisma.sql`true`): Prisma.Sql =>
  Prisma.sql`exists (select from ${from} where ${join} and ${condition})`;

/**
 * The other row's condition, by its key: a sub-select that the planner cannot turn into a join, so that an index on the way
 * to the first rows stays in use. A missing row matches nothing; what a row leaves unknown stays unknown.
 */
function toOne(scope: Scope, field: ModelField, where: Where): Prisma.Sql {
  const there = related(scope, field);
  const condition = Prisma.sql`(select ${conditionOf(there.inner, where)} from ${there.from} where ${there.join})`;
  return scope.exact ? Prisma.sql`(${exists(there)} and ${condition})` : condition;
}

function toMany(scope: Scope, field: ModelField, [quantity, where]: [string, Where]): Prisma.Sql {
  const there = related(scope, field);
  const condition = conditionOf({ ...there.inner, exact: quantity === 'every' }, where);
  if (quantity === 'some') return exists(there, condition);
  return Prisma.sql`not ${exists(there, quantity === 'every' ? Prisma.sql`not ${condition}` : condition)}`;
}

function fieldSql(scope: Scope, name: string, value: unknown): Prisma.Sql {
  const field = modelField(scope.model, name);
  if (field.kind !== 'object')
    return columnCondition(scope.model, field, columnSql(alias(scope), scope.model, name), value, scope.reversed);
  const quantities = Object.entries(value as Record<string, Where>);
  return everyOf(
    quantities.map(([quantity, where]) =>
      quantity === 'is' ? toOne(scope, field, where) : toMany(scope, field, [quantity, where]),
    ),
  );
}

function conditionOf(scope: Scope, where: Where): Prisma.Sql {
  const parts = Object.entries(where).map(([key, value]) => {
    if (key === 'AND') return everyOf(listOf(value).map((item) => conditionOf(scope, item)));
    if (key === 'OR') return anyOf(listOf(value).map((item) => conditionOf(scope, item)));
    if (key !== 'NOT') return fieldSql(scope, key, value);
    return Prisma.sql`(not ${conditionOf({ ...scope, reversed: !scope.reversed, exact: true }, value as Where)})`;
  });
  return everyOf(parts);
}

/** A Prisma `where` of the forms that filters and cursors take, as a condition on the table under an alias. */
export const whereSql = (model: string, where: Where, root = rootAlias): Prisma.Sql =>
  conditionOf({ model, depth: 0, root, reversed: false, exact: false }, where);

/**
 * A filter as a condition on the table under {@link rootAlias}.
 *
 * @param need is told of what each type and column on the way needs.
 * @throws GatewayError BAD_USER_INPUT as `toWhere` does.
 */
export const filterSql = (model: string, filter: FilterInput, need: Need): Prisma.Sql =>
  whereSql(model, toWhere(model, filter, need));
