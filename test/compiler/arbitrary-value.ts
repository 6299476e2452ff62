/**
 * Values as a document writes them: as a literal, as a variable, or as a literal with variables in it.
 */
import {
  type GraphQLInputType,
  type GraphQLScalarType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import type { Draft } from './draft.ts';

const moment = (value: unknown): string => new Date(value as string | Date).toISOString();

/** Values of rows and of filters made for the database, as a client writes them. */
const scalars: Readonly<Record<string, (value: unknown) => unknown>> = {
  BigInt: String,
  Decimal: String,
  ID: String,
  String,
  DateTime: moment,
  DateTimeOrDuration: moment,
  Date: (value) => moment(value).slice(0, 10),
  DateOrDuration: (value) => moment(value).slice(0, 10),
};

const entries = (value: unknown): [string, unknown][] => Object.entries(value as object);

/** A value as it stands in the variables of a request. */
export function external(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return external(value, type.ofType);
  if (value === null || value === undefined) return value;
  if (isListType(type)) return (value as unknown[]).map((item) => external(item, type.ofType));
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return Object.fromEntries(
      entries(value).map(([key, item]) => [key, external(item, fields[key]?.type as GraphQLInputType)]),
    );
  }
  if (isEnumType(type))
    return (type.getValues().find((item) => item.value === value) ?? type.getValues()[0])?.name ?? value;
  return scalars[type.name]?.(value) ?? value;
}

const isName = (text: string): boolean => /^[_A-Za-z][_0-9A-Za-z]*$/.test(text);

type Inner = (value: unknown, type: GraphQLInputType) => string | null;

/** A JSON value as a literal; null when a key of it is no name, or a name that an object literal takes for its own. */
function jsonLiteral(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = entries(value).map(([key, item]) => {
    const text = jsonLiteral(item);
    if (Array.isArray(value) || text === null) return text;
    return isName(key) && key !== '__proto__' ? `${key}: ${text}` : null;
  });
  if (parts.includes(null)) return null;
  return Array.isArray(value) ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}

const scalarLiteral = (value: unknown, type: GraphQLScalarType): string | null =>
  type.name === 'JSON' ? jsonLiteral(value) : JSON.stringify(value);

/** Writes a value, asking `inner` for what stands in it. */
function written(value: unknown, type: GraphQLInputType, inner: Inner): string | null {
  if (isNonNullType(type)) return written(value, type.ofType, inner);
  if (value === null) return 'null';
  if (isListType(type)) {
    const items = (value as unknown[]).map((item) => inner(item, type.ofType));
    return items.includes(null) ? null : `[${items.join(', ')}]`;
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const parts = entries(value).map(([key, item]) => {
      const text = inner(item, fields[key]?.type as GraphQLInputType);
      return text === null ? null : `${key}: ${text}`;
    });
    return parts.includes(null) ? null : `{ ${parts.join(', ')} }`;
  }
  if (isEnumType(type)) return String(value);
  return isScalarType(type) ? scalarLiteral(value, type) : null;
}

/** A value without any variable; null when there is no such literal. */
const constant: Inner = (value, type) => written(value, type, constant);

/** A list of one may be written as its item. */
function bare(draft: Draft, value: unknown, type: GraphQLInputType): string | null {
  const list = isNonNullType(type) ? type.ofType : type;
  if (!isListType(list) || !Array.isArray(value) || value.length !== 1 || value[0] === null) return null;
  return draft.dice.chance(15) ? constant(value[0], list.ofType) : null;
}

/** Text that has nothing in it to escape, between three quotes. */
const block = (draft: Draft, value: unknown): string | null =>
  typeof value === 'string' && /^\w[\w ]*$/.test(value) && draft.dice.chance(3) ? `"""${value}"""` : null;

/** A value in a document, given as it stands in variables; `undefined` becomes a variable that is left out. */
export function valueText(draft: Draft, value: unknown, type: GraphQLInputType, variables = 25): string {
  const literal = value === undefined ? null : constant(value, type);
  if (literal === null || draft.dice.chance(variables)) return draft.variable(type, value, literal);
  const isText = literal.startsWith('"');
  return (
    (isText ? block(draft, value) : bare(draft, value, type)) ??
    written(value, type, (item, itemType) => valueText(draft, item, itemType, 8)) ??
    literal
  );
}
