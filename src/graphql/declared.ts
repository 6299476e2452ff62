/**
 * What a field may declare of itself in its `extensions`, beside what `connection.ts` and `record.ts` say, so that reads can
 * be compiled: a field that declares where its value comes from needs no resolver.
 */

import type { Permission } from '../auth/permissions.ts';

/** An amount: the column of the minor units, and the column of the currency, here or in a row that a relation leads to. */
export interface MoneyColumns {
  readonly cents: string;
  readonly currency: readonly string[];
}

/** A column that holds the key of a row of a model, though no relation says so. */
export interface Reference {
  readonly model: string;
  readonly column: string;
}

/** A value derived from columns: SQL that gives its JSON as a text, made of the row's columns by name. */
export type DerivedJson = (column: (field: string) => string) => string;

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** Permissions that it needs beside its own: it reaches into their areas, too. */
    readonly besides?: readonly Permission[];
    /** The columns of an amount. */
    readonly money?: MoneyColumns;
    /** The row that a column names. */
    readonly reference?: Reference;
    /** The SQL of a derived value. */
    readonly derived?: DerivedJson;
    /** An object that is made of this row: its fields declare themselves where they come from in it. */
    readonly ofRow?: true;
    /** A root field that is the caller's own organization. */
    readonly own?: string;
    /** A root field that finds rows by global ids: one, or a list. */
    readonly globalIds?: 'one' | 'many';
  }
}
