/**
 * The tree between an operation and its SQL: what is read of which model, by which way, under which response keys.
 */
import type { GraphQLOutputType } from 'graphql';
import type { DerivedJson, MoneyColumns, Reference } from '../graphql/declared.ts';
import type { ModelField } from '../graphql/model.ts';
import type { OrderInput } from '../graphql/order.ts';
import type { ListArgs } from '../graphql/page.ts';
import type { Given } from './parts.ts';

/** `__typename`, anywhere. */
export interface TypenameField {
  readonly kind: 'typename';
  readonly key: string;
  readonly name: string;
}

/** An object made of one row. */
export interface ObjectPlan {
  readonly model: string;
  readonly fields: readonly FieldPlan[];
}

/** The way from a row to another row: a relation of the model, or a column that holds a key. */
export type Link = { readonly relation: ModelField } | { readonly reference: Reference };

export interface MoneyField {
  readonly key: string;
  readonly name: 'cents' | 'currency' | 'amount' | '__typename';
}

export type FieldPlan =
  | TypenameField
  | { readonly kind: 'id'; readonly key: string }
  | {
      readonly kind: 'column';
      readonly key: string;
      readonly place: string;
      readonly type: GraphQLOutputType;
      readonly field: ModelField;
    }
  | { readonly kind: 'derived'; readonly key: string; readonly json: DerivedJson }
  | { readonly kind: 'ofRow'; readonly key: string; readonly object: ObjectPlan }
  | {
      readonly kind: 'money';
      readonly key: string;
      readonly columns: MoneyColumns;
      readonly fields: readonly MoneyField[];
    }
  | {
      readonly kind: 'row';
      readonly key: string;
      readonly link: Link;
      readonly required: boolean;
      readonly object: ObjectPlan;
    }
  | {
      readonly kind: 'list';
      readonly key: string;
      readonly relation: ModelField;
      readonly connection: ConnectionPlan;
    };

/** A page of a list. */
export interface ConnectionPlan {
  readonly model: string;
  readonly defaultOrder: readonly OrderInput[];
  readonly args: Given<ListArgs>;
  readonly fields: readonly ConnectionField[];
}

export type ConnectionField =
  | TypenameField
  | { readonly kind: 'totalCount'; readonly key: string }
  | { readonly kind: 'nodes'; readonly key: string; readonly object: ObjectPlan }
  | { readonly kind: 'edges'; readonly key: string; readonly fields: readonly EdgeField[] }
  | { readonly kind: 'pageInfo'; readonly key: string; readonly fields: readonly PageInfoField[] };

export type EdgeField =
  | TypenameField
  | { readonly kind: 'cursor'; readonly key: string }
  | { readonly kind: 'node'; readonly key: string; readonly object: ObjectPlan };

export interface PageInfoField {
  readonly key: string;
  readonly name: 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor' | '__typename';
}

export type RootField =
  | TypenameField
  | { readonly kind: 'byId'; readonly key: string; readonly id: Given<string>; readonly object: ObjectPlan }
  | { readonly kind: 'own'; readonly key: string; readonly object: ObjectPlan }
  | { readonly kind: 'list'; readonly key: string; readonly connection: ConnectionPlan }
  /** Null stands for an id that names nothing that can be read. */
  | { readonly kind: 'node'; readonly key: string; readonly id: Given<string>; readonly object: ObjectPlan | null }
  | {
      readonly kind: 'nodes';
      readonly key: string;
      readonly ids: Given<readonly string[]>;
      readonly objects: readonly ObjectPlan[];
    };

export interface QueryPlan {
  readonly fields: readonly RootField[];
}
