/**
 * The operator inputs: one for each kind of column (`StringFilter`, `IDFilter`, ...) and one for each enum.
 */
import type { InputRef } from '@pothos/core';
import { builder } from '../builder.ts';
import type { EnumRef } from './enums.ts';
import { keyColumn, type ModelField, modelField, referencedModel } from './model.ts';

/** The kinds of columns, as far as comparing goes. */
export type ColumnKind =
  | 'ID'
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'Float'
  | 'BigInt'
  | 'Decimal'
  | 'DateTime'
  | 'Date'
  | 'JSON'
  | 'StringList';

const kinds: Readonly<Record<string, ColumnKind>> = {
  Boolean: 'Boolean',
  Int: 'Int',
  Float: 'Float',
  BigInt: 'BigInt',
  Decimal: 'Decimal',
  Json: 'JSON',
  String: 'String',
};

/** The kind of a column. Days are named `…_on`, moments `…_at`: Prisma has one type for both. */
export function columnKind(model: string, field: ModelField): ColumnKind {
  if (field.isList) return 'StringList';
  if (field.type === 'DateTime') return field.name.endsWith('On') ? 'Date' : 'DateTime';
  if (field.name === keyColumn(model) || field.name === 'id' || referencedModel(model, field.name)) return 'ID';
  return /Id$/.test(field.name) && field.type === 'String' && !/^stripe/.test(field.name) && field.name !== 'requestId'
    ? 'ID'
    : (kinds[field.type] ?? 'String');
}

type Operators = Readonly<Record<string, readonly [type: unknown, description: string]>>;

const equality = (type: unknown): Operators => ({
  eq: [type, 'Equal to.'],
  ne: [type, 'Not equal to.'],
  in: [[type], 'One of these.'],
  notIn: [[type], 'None of these.'],
});
const order = (type: unknown): Operators => ({
  gt: [type, 'Greater than.'],
  gte: [type, 'Greater than or equal to.'],
  lt: [type, 'Less than.'],
  lte: [type, 'Less than or equal to.'],
});
const nullness: Operators = { isNull: ['Boolean', 'Whether there is no value.'] };
const text: Operators = {
  contains: ['String', 'Contains this text, in upper or lower case.'],
  startsWith: ['String', 'Begins with this text, in upper or lower case.'],
  endsWith: ['String', 'Ends with this text, in upper or lower case.'],
};
const comparable = (type: string): Operators => ({ ...equality(type), ...order(type), ...nullness });

const operators: Readonly<Record<ColumnKind, Operators>> = {
  ID: { ...equality('ID'), ...nullness },
  String: { ...equality('String'), ...order('String'), ...text, ...nullness },
  Boolean: { eq: ['Boolean', 'Equal to.'], ne: ['Boolean', 'Not equal to.'], ...nullness },
  Int: comparable('Int'),
  Float: comparable('Float'),
  BigInt: comparable('BigInt'),
  Decimal: comparable('Decimal'),
  DateTime: comparable('DateTimeOrDuration'),
  Date: comparable('DateOrDuration'),
  StringList: {
    has: ['String', 'Holds this value.'],
    hasAny: [['String'], 'Holds at least one of these.'],
    hasAll: [['String'], 'Holds all of these.'],
    isEmpty: ['Boolean', 'Whether the list is empty.'],
  },
  JSON: {
    path: [['String'], 'The keys that lead to the value; the whole value without it.'],
    eq: ['JSON', 'Equal to this JSON value.'],
    ne: ['JSON', 'Not equal to this JSON value.'],
    gt: ['JSON', 'Greater than this number or text.'],
    gte: ['JSON', 'Greater than or equal to this number or text.'],
    lt: ['JSON', 'Less than this number or text.'],
    lte: ['JSON', 'Less than or equal to this number or text.'],
    contains: ['String', 'A text that contains this one.'],
    startsWith: ['String', 'A text that begins with this one.'],
    endsWith: ['String', 'A text that ends with this one.'],
    has: ['JSON', 'A list that holds this JSON value.'],
  },
};

const made = new Map<string, InputRef<object>>();

function operatorInput(name: string, description: string, list: Operators): InputRef<object> {
  const known = made.get(name);
  if (known) return known;
  const ref = builder.inputRef<object>(name);
  made.set(name, ref);
  ref.implement({
    description,
    fields: (t: { field(options: object): unknown }) =>
      Object.fromEntries(
        Object.entries(list).map(([operator, [type, text]]) => [operator, t.field({ type, description: text })]),
      ),
  } as never);
  return ref;
}

/** The operators of a column. */
export function operatorsOf(model: string, column: string): InputRef<object> {
  const kind = columnKind(model, modelField(model, column));
  return operatorInput(`${kind}Filter`, `Comparisons of a ${kind} value.`, operators[kind]);
}

/** The operators of a column with a closed set. */
export const enumOperators = (ref: EnumRef): InputRef<object> =>
  operatorInput(`${(ref as unknown as { name: string }).name}Filter`, 'Comparisons of a value out of a closed set.', {
    ...equality(ref),
    ...nullness,
  });
