/**
 * One column's Prisma condition as SQL, every value bound. The texts say what Prisma's own say, so that a filter means the
 * same wherever it runs; what Prisma does in other words under a `NOT` is done here too (`reversed`).
 */
import { Prisma } from '../db/generated/prisma/client.ts';
import { type ColumnKind, columnKind } from './filter-operators.ts';
import type { ModelField } from './model.ts';

const casts: Readonly<Record<ColumnKind, string>> = {
  ID: 'uuid',
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
  Float: 'double precision',
  BigInt: 'bigint',
  Decimal: 'numeric',
  DateTime: 'timestamptz',
  Date: 'date',
  JSON: 'jsonb',
  StringList: 'text',
};

/** A moment or day travels as text: what Postgres makes of it does not hang on any time zone. */
function asText(kind: ColumnKind, value: unknown): string {
  if (value instanceof Date) return kind === 'Date' ? value.toISOString().slice(0, 10) : value.toISOString();
  return String(value);
}

const bound = (kind: ColumnKind, value: unknown): Prisma.Sql =>
  Prisma.sql`${asText(kind, value)}::text::${Prisma.raw(casts[kind])}`;

const boundList = (kind: ColumnKind, values: unknown): Prisma.Sql =>
  Prisma.sql`${(values as readonly unknown[]).map((value) => asText(kind, value))}::text[]::${Prisma.raw(casts[kind])}[]`;

const comparisons: Readonly<Record<string, Prisma.Sql>> = {
  equals: Prisma.sql`=`,
  not: Prisma.sql`<>`,
  gt: Prisma.sql`>`,
  gte: Prisma.sql`>=`,
  lt: Prisma.sql`<`,
  lte: Prisma.sql`<=`,
};

const patterns: Readonly<Record<string, (text: string) => string>> = {
  contains: (text) => `%${text}%`,
  startsWith: (text) => `${text}%`,
  endsWith: (text) => `%${text}`,
};

function listOperator(column: Prisma.Sql, operator: string, value: unknown): Prisma.Sql | undefined {
  switch (operator) {
    case 'has':
      return Prisma.sql`${column} @> ${boundList('StringList', [value])}`;
    case 'hasSome':
      return Prisma.sql`${column} && ${boundList('StringList', value)}`;
    case 'hasEvery':
      return Prisma.sql`${column} @> ${boundList('StringList', value)}`;
    case 'isEmpty':
      return value ? Prisma.sql`${column} = '{}'` : Prisma.sql`${column} <> '{}'`;
    default:
      return undefined;
  }
}

function scalarOperator(
  column: Prisma.Sql,
  kind: ColumnKind,
  operator: string,
  value: unknown,
): Prisma.Sql | undefined {
  const [comparison, pattern] = [comparisons[operator], patterns[operator]];
  if (operator === 'not' && value === null) return Prisma.sql`${column} is not null`;
  if (comparison) return Prisma.sql`${column} ${comparison} ${bound(kind, value)}`;
  if (pattern) return Prisma.sql`${column} ilike ${pattern(String(value))}`;
  if (operator === 'in') return Prisma.sql`${column} = any(${boundList(kind, value)})`;
  return operator === 'notIn' ? Prisma.sql`${column} <> all(${boundList(kind, value)})` : undefined;
}

const jsonTexts: Readonly<Record<string, keyof typeof patterns>> = {
  string_contains: 'contains',
  string_starts_with: 'startsWith',
  string_ends_with: 'endsWith',
};

/** Comparing a JSON value means that it has the type of what it is compared with; under a NOT, another type still does not match. */
function jsonTyped(json: Prisma.Sql, condition: Prisma.Sql, type: string, reversed: boolean): Prisma.Sql {
  return reversed
    ? Prisma.sql`(${condition} or jsonb_typeof(${json}) <> ${type})`
    : Prisma.sql`(${condition} and jsonb_typeof(${json}) = ${type})`;
}

function jsonOperator(
  column: Prisma.Sql,
  path: readonly string[],
  operator: string,
  value: unknown,
  reversed: boolean,
): Prisma.Sql | undefined {
  const json = path.length > 0 ? Prisma.sql`(${column} #> ${path}::text[])` : column;
  const [comparison, text] = [comparisons[operator], jsonTexts[operator]];
  const wanted = Prisma.sql`${JSON.stringify(value)}::text::jsonb`;
  if (operator === 'equals' || operator === 'not') return Prisma.sql`${json} ${comparison} ${wanted}`;
  if (comparison) return jsonTyped(json, Prisma.sql`${json} ${comparison} ${wanted}`, typeof value, reversed);
  if (operator === 'array_contains') return jsonTyped(json, Prisma.sql`${json} @> ${wanted}`, 'array', reversed);
  if (!text) return undefined;
  const plain = path.length > 0 ? Prisma.sql`(${column} #>> ${path}::text[])` : Prisma.sql`${column}::text`;
  return jsonTyped(json, Prisma.sql`${plain} like ${patterns[text]?.(String(value))}`, 'string', reversed);
}

function operatorSql(
  column: Prisma.Sql,
  kind: ColumnKind,
  path: readonly string[],
  reversed: boolean,
  [name, value]: [string, unknown],
): Prisma.Sql {
  const json = () => jsonOperator(column, path, name, value, reversed);
  const plain = () =>
    kind === 'StringList' ? listOperator(column, name, value) : scalarOperator(column, kind, name, value);
  const sql = kind === 'JSON' ? json() : plain();
  if (!sql) throw new Error(`There is no SQL for the operator ${name} on ${kind}.`);
  return sql;
}

/**
 * Turns the Prisma condition on one column into SQL.
 *
 * @param reversed whether it stands under an odd number of NOTs.
 */
export function columnCondition(
  model: string,
  field: ModelField,
  column: Prisma.Sql,
  condition: unknown,
  reversed: boolean,
): Prisma.Sql {
  if (condition === null) return Prisma.sql`${column} is null`;
  const { path = [], mode: _mode, ...operators } = condition as Record<string, unknown>;
  const list = Object.entries(operators).map((entry) =>
    operatorSql(column, columnKind(model, field), path as string[], reversed, entry),
  );
  return list.length === 1 && list[0] ? list[0] : Prisma.sql`(${Prisma.join(list, ' and ')})`;
}
