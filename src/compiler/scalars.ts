/**
 * How SQL prints a column: exactly as the scalar's serializer and JSON.stringify do together.
 */
import {
  type GraphQLEnumType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { ModelField } from '../graphql/model.ts';
import { type Item, literal, sql, text } from './json-text.ts';

/** Prints a column that has a value, and one that may have none. */
interface Printer {
  /** The Prisma type of the column. */
  readonly of: string;
  readonly required: (column: string) => readonly Item[];
  readonly nullable: (column: string) => readonly Item[];
  /** Whether JavaScript prints the JSON of Postgres in other words: it drops zeros, sorts number-like keys, rounds. */
  readonly reprint?: true;
}

const orNull = (expression: string): readonly Item[] => [sql(`coalesce(${expression}, 'null')`)];

/** What needs quotes and no escapes. */
const quoted = (of: string, print: (column: string) => string): Printer => ({
  of,
  required: (column) => [text('"'), sql(print(column)), text('"')],
  nullable: (column) => orNull(`'"' || ${print(column)} || '"'`),
});
const json = (of: string): Printer => ({
  of,
  required: (column) => [sql(`to_json(${column})`)],
  nullable: (column) => orNull(`to_json(${column})`),
});
const plain = (of: string, reprint?: true): Printer => ({
  of,
  required: (column) => [sql(column)],
  nullable: (column) => orNull(`${column}::text`),
  ...(reprint ? { reprint } : {}),
});

/** A moment in UTC with milliseconds, as `Date.toISOString` gives it. */
export const isoText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A decimal number without zeros at its end. */
export const decimalText = (column: string): string => `trim_scale(${column})::text`;

const printers: Readonly<Record<string, Printer>> = {
  String: json('String'),
  EmailAddress: json('String'),
  URL: json('String'),
  Int: plain('Int'),
  Float: plain('Float', true),
  Boolean: json('Boolean'),
  BigInt: quoted('BigInt', (column) => `${column}::text`),
  Decimal: quoted('Decimal', decimalText),
  DateTime: quoted('DateTime', isoText),
  Date: json('DateTime'),
  JSON: plain('Json', true),
};

/** A value outside of the closed set is the resolvers' to complain of. */
function enumPrinter(type: GraphQLEnumType): Printer {
  const branches = type
    .getValues()
    .map(({ name, value }) => ` when ${literal(String(value))} then '"${name}"'`)
    .join('');
  return {
    of: 'String',
    required: (column) => [sql(`case ${column}${branches} else app.missing() end`)],
    nullable: (column) => [
      sql(`case when ${column} is null then 'null' else case ${column}${branches} else app.missing() end end`),
    ],
  };
}

function printerOf(type: GraphQLOutputType): Printer | undefined {
  const named = getNamedType(type);
  return isEnumType(named) ? enumPrinter(named) : printers[named.name];
}

/** How a field prints its column. */
export interface Printed {
  readonly items: readonly Item[];
  readonly reprint: boolean;
}

/** The JSON of a column as a field of this type, or null when SQL has no words for it. */
export function printColumn(type: GraphQLOutputType, field: ModelField, column: string): Printed | null {
  const printer = printerOf(type);
  if (!printer || printer.of !== field.type) return null;
  if (isNonNullType(type) && !field.isRequired && !field.isList) return null;
  const isList = isListType(getNullableType(type));
  if (isList !== field.isList || (isList && printer !== printers.String)) return null;
  const items = field.isRequired || isList ? printer.required(column) : printer.nullable(column);
  return { items, reprint: printer.reprint ?? false };
}
