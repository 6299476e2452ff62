/**
 * SQL under construction: texts, values, and places that are only known with the variables of a request.
 *
 * Takes parts, gives one text with numbered parameters and their values. A value never becomes part of the text.
 */
import type { Requirement } from '../auth/permissions.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import type { OpenCursor } from '../graphql/sealed-cursors.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** What is only known with a request. */
export interface Bindings {
  readonly variables: Variables;
  /** Opens the cursors of the caller. */
  readonly open: OpenCursor;
}

/** A value that is bound. */
export interface Bound {
  readonly value: string | null;
}

/** Parts that hang on the variables of the request. */
export interface Late {
  readonly late: (bindings: Bindings) => Parts;
}

/** What the caller must be allowed for the parts around it to be sent. It adds nothing to the text. */
export interface Needed {
  readonly needs: readonly Requirement[];
}

export type Part = string | Bound | Late | Needed;
export type Parts = readonly Part[];

/** Argument values of a document that may hang on variables: known now, or with each request. */
export type Given<T> = { readonly now: T } | { readonly late: (variables: Variables) => T };

/** Makes parts of what is given: at once, or with each request. */
export const fromGiven = <T>(given: Given<T>, make: (value: T, open: OpenCursor) => Parts): Parts =>
  'now' in given ? make(given.now, noCursor) : [{ late: ({ variables, open }) => make(given.late(variables), open) }];

/** Cursors come with a request, even if they stand in the document: they are of an organization. */
const noCursor: OpenCursor = () => {
  throw new Error('A cursor was opened before there was a request.');
};

export const bound = (value: string | null): Bound => ({ value });

/** A text list as Postgres writes it: `{"a","b"}`. */
export const arrayLiteral = (items: readonly unknown[]): string =>
  `{${items.map((item) => (item === null ? 'NULL' : `"${String(item).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;

const boundValue = (value: unknown): Bound =>
  bound(Array.isArray(value) ? arrayLiteral(value) : value === null ? null : String(value));

/** A piece of Prisma's SQL, whose values are texts and lists of texts. */
export function sqlParts({ strings, values }: Prisma.Sql): Parts {
  return strings.flatMap((text, index) => (index < values.length ? [text, boundValue(values[index])] : [text]));
}

/** Joins texts that stand beside each other, so that a plan which is used again holds as few parts as can be. */
export function compact(parts: Parts): Parts {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

export interface Written {
  readonly text: string;
  readonly values: readonly (string | null)[];
  /** What the parts need of the caller. */
  readonly needs: ReadonlySet<Requirement>;
}

/** Writes parts down for one request. */
export function write(parts: Parts, bindings: Bindings): Written {
  const values: (string | null)[] = [];
  const texts: string[] = [];
  const needs = new Set<Requirement>();
  const add = (list: Parts): void => {
    for (const part of list) {
      if (typeof part === 'string') texts.push(part);
      else if ('late' in part) add(part.late(bindings));
      else if ('needs' in part) for (const need of part.needs) needs.add(need);
      else texts.push(`$${values.push(part.value)}`);
    }
  };
  add(parts);
  return { text: texts.join(''), values, needs };
}

/** Whether parts are the same for every request. */
export const isFixed = (parts: Parts): boolean => parts.every((part) => typeof part === 'string' || !('late' in part));
