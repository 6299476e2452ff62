/**
 * JSON made by SQL: a sequence of fixed texts and SQL expressions becomes one expression that gives a text.
 *
 * `concat` turned out to be the fastest way for Postgres to make an object, and the only one whose text is exactly what
 * JSON.stringify prints: `json_build_object` adds blanks, and takes no more than 50 pairs.
 */
import type { Parts } from './parts.ts';

/** A fixed piece of JSON, or SQL that gives one. SQL that gives null adds nothing. */
export type Item = { readonly text: string } | { readonly sql: Parts };

export const text = (value: string): Item => ({ text: value });
export const sql = (...parts: Parts): Item => ({ sql: parts });

/** A text as an SQL literal. Only names of the document and of the schema ever come here. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A function of Postgres takes no more than 100 arguments. */
const maxArguments = 90;

function merged(items: readonly Item[]): Item[] {
  const result: Item[] = [];
  for (const item of items) {
    const last = result.at(-1);
    if ('text' in item && last && 'text' in last) result[result.length - 1] = text(last.text + item.text);
    else result.push(item);
  }
  return result;
}

const argumentOf = (item: Item): Parts => ('text' in item ? [literal(item.text)] : item.sql);

function call(list: readonly Parts[]): Parts {
  if (list.length <= maxArguments)
    return ['concat(', ...list.flatMap((parts, index) => (index ? [', ', ...parts] : parts)), ')'];
  const groups = Array.from({ length: Math.ceil(list.length / maxArguments) }, (_, index) =>
    call(list.slice(index * maxArguments, (index + 1) * maxArguments)),
  );
  return call(groups);
}

/** One expression that gives the items one after the other. */
export const concat = (items: readonly Item[]): Parts => call(merged(items).map(argumentOf));

/** The members of an object: response keys and what stands behind them. */
export type Member = readonly [key: string, value: readonly Item[]];

/** An object. Response keys are names of GraphQL, so they need no escaping. */
export const object = (members: readonly Member[]): Item[] => [
  text('{'),
  ...members.flatMap(([key, value], index) => [text(`${index ? ',' : ''}"${key}":`), ...value]),
  text('}'),
];
