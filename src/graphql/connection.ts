/**
 * Lists: Relay connections over keysets, at the root and on any to-many relation, with the same arguments everywhere.
 *
 * `readable` registers a type once (its permission, filter and order); `byId`, `list` and `relatedList` make fields of it.
 * What a field is stands in its `extensions`, so that other stages can read it from the schema.
 */
import type { ArgBuilder, InputRef, ObjectRef } from '@pothos/core';
import { type PrismaModelTypes, queryFromInfo } from '@pothos/plugin-prisma';
import { selectedFieldNames } from '@pothos/selection-mapper';
import type { GraphQLResolveInfo } from 'graphql';
import { isPermission, permissions, type Requirement } from '../auth/permissions.ts';
import { builder, type Types } from '../builder.ts';
import type { Context } from '../context.ts';
import { delegate } from './delegate.ts';
import { type FilterSpec, filterFor } from './filter.ts';
import type { FilterInput } from './filter-conditions.ts';
import { toUuid } from './ids.ts';
import { isSoft, keyColumn, lowerFirst, type ModelName, modelField } from './model.ts';
import { type OrderInput, type OrderSpec, orderFor } from './order.ts';
import {
  type ConnectionValue,
  cursorOf,
  defaultPageSize,
  type ListArgs,
  maxPageSize,
  type Page,
  type PageRow,
  pageInfo,
  planPage,
  readerOf,
  sealOf,
  toConnection,
} from './page.ts';
import { rememberType } from './paths.ts';

interface Readable {
  readonly model: string;
  readonly permission: Requirement;
  readonly filter: InputRef<FilterInput>;
  readonly orderBy: InputRef<OrderInput>;
  readonly defaultOrder: readonly OrderInput[];
}

export interface ReadableOptions<Name extends ModelName> {
  /** What reading rows of this type needs, wherever they stand. */
  readonly permission: Requirement;
  readonly filter: FilterSpec<Name>;
  readonly orderBy: OrderSpec<Name>;
  /** Newest first unless given. */
  readonly defaultOrder?: readonly OrderInput[];
}

const readables = new Map<string, Readable>();

/** What is registered of a type, or undefined. */
export const findReadable = (model: string): Readable | undefined => readables.get(model);

function readableOf(model: string): Readable {
  const found = readables.get(model);
  if (!found) throw new Error(`${model} is not readable: call readable('${model}', …) in its file.`);
  return found;
}

const PageInfo = builder.objectRef<ReturnType<typeof pageInfo>>('PageInfo').implement({
  description: 'Where a page stands in its list, as Relay has it.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether rows follow the page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether rows precede the page.' }),
    startCursor: t.exposeString('startCursor', { nullable: true, description: 'The cursor of the first row.' }),
    endCursor: t.exposeString('endCursor', { nullable: true, description: 'The cursor of the last row.' }),
  }),
});

const nodePaths = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]];

const connections = new Map<string, ObjectRef<Types, ConnectionValue>>();

/** The connection of a type, made for the first list of it. */
function connectionOf(model: string): ObjectRef<Types, ConnectionValue> {
  const connection = connections.get(model) ?? makeConnection(model);
  connections.set(model, connection);
  return connection;
}

function makeConnection(model: string): ObjectRef<Types, ConnectionValue> {
  const node = model as never;
  const edge = builder.objectRef<{ connection: ConnectionValue; row: PageRow }>(`${model}Edge`).implement({
    description: `A ${model} in a list.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'The place of the row in this list, for `after` and `before`.',
        resolve: ({ connection, row }, _args, context) => cursorOf(connection, row, sealOf(context)),
      }),
      node: t.field({ type: node, description: 'The row.', resolve: ({ row }) => row as never }),
    }),
  });
  return builder.objectRef<ConnectionValue>(`${model}Connection`).implement({
    description: `A page of ${model}.`,
    extensions: { connectionOf: model },
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The rows with their cursors.',
        resolve: (connection) => connection.rows.map((row) => ({ connection, row })),
      }),
      nodes: t.field({ type: [node], description: 'The rows.', resolve: ({ rows }) => rows as never }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Where the page stands.',
        resolve: (connection, _args, context) => pageInfo(connection, sealOf(context)),
      }),
      totalCount: t.int({
        description: 'How many rows match in all. Counted only when asked for.',
        resolve: ({ totalCount }) => totalCount(),
      }),
    }),
  });
}

/** Registers a type that can be listed and looked up. */
export function readable<Name extends ModelName>(model: Name, options: ReadableOptions<Name>): void {
  rememberType(model, options.permission);
  readables.set(model, {
    model,
    permission: options.permission,
    filter: filterFor(model, options.filter),
    orderBy: orderFor(model, options.orderBy),
    defaultOrder: options.defaultOrder ?? [{ createdAt: { direction: 'desc' } }],
  });
}

function listArgs(arg: ArgBuilder<Types>, { model, filter, orderBy }: Readable) {
  const page = {
    first: arg.int({
      description: `The size of the page from the front, at most ${maxPageSize}; ${defaultPageSize} unless given.`,
    }),
    last: arg.int({ description: `The size of the page from the back, at most ${maxPageSize}.` }),
    after: arg.string({ description: 'Only what follows this cursor.' }),
    before: arg.string({ description: 'Only what precedes this cursor.' }),
    filter: arg({ type: filter, description: 'Only rows that match.' }),
    orderBy: arg({ type: [orderBy], description: 'The order; the id is always the last key.' }),
  };
  if (!isSoft(model)) return page;
  return { ...page, includeDeleted: arg.boolean({ description: 'Whether deleted rows are listed too.' }) };
}

const wantsRows = (names: ReadonlySet<string>): boolean =>
  [...names].some((name) => !['totalCount', '__typename'].includes(name));

/** A root field that finds one row by its id; null when there is none, or it is not the caller's. */
export function byId<Name extends ModelName>(
  t: PothosSchemaTypes.QueryFieldBuilder<Types, object>,
  model: Name,
  description: string,
) {
  const { permission } = readableOf(model);
  return t.field({
    type: model as never,
    nullable: true,
    description: `${description} Null when there is none. Needs \`${permission}\`.`,
    extensions: { permission, byId: model },
    args: { id: t.arg.id({ required: true, description: `The id: \`${lowerFirst(model)}_…\` or the bare UUID.` }) },
    resolve: (_root, { id }, context, info) =>
      delegate(context.db, model).findFirst({
        ...queryFromInfo({ context, info }),
        where: { [keyColumn(model)]: toUuid(model, String(id)) },
      }) as never,
  });
}

const forEveryRole = (requirement: Requirement): boolean =>
  requirement === 'member' || (isPermission(requirement) && permissions[requirement] === 'viewer');

/** A root field that lists the rows of a type. */
export function list<Name extends ModelName>(
  t: PothosSchemaTypes.QueryFieldBuilder<Types, object>,
  model: Name,
  description: string,
) {
  const entry = readableOf(model);
  return t.field({
    type: connectionOf(entry.model),
    // Who may not read this list still gets the rest of the answer.
    nullable: !forEveryRole(entry.permission),
    description: `${description} Needs \`${entry.permission}\`.`,
    extensions: { permission: entry.permission, list: model },
    args: listArgs(t.arg as never, entry),
    resolve: async (_root: unknown, args: ListArgs, context: Context, info: GraphQLResolveInfo) => {
      const page = planPage(model, args, entry.defaultOrder, readerOf(context));
      const selection = queryFromInfo({
        context,
        info,
        typeName: model,
        paths: nodePaths,
        select: page.select as never,
      });
      const rows = wantsRows(selectedFieldNames(context, info))
        ? await delegate(context.db, model).findMany({ ...page.query, ...(selection as object) })
        : [];
      return toConnection(page, rows, () => delegate(context.db, model).count({ where: page.matching }));
    },
  } as never);
}

type RelatedPage = Page & { readonly relation: string };

/** What a related list adds to its parent's `select`: the page's rows, and their number when it is asked for. */
function relatedSelect(
  { relation, ...page }: RelatedPage,
  nested: { select?: object } | true,
  names: ReadonlySet<string>,
) {
  const select = { ...page.select, ...(typeof nested === 'object' ? nested.select : {}) };
  return {
    ...(wantsRows(names) ? { [relation]: { ...page.query, select } } : {}),
    ...(names.has('totalCount') ? { _count: { select: { [relation]: { where: page.matching } } } } : {}),
  };
}

/**
 * Whether the rows of a list came with its parent. One that stands in several places may have been taken from some of them
 * only, when the same relation is wanted with other arguments too; Pothos does not tell, so its parent is read once more.
 */
const cameWithParent = (_parent: unknown, { fieldNodes }: GraphQLResolveInfo): boolean => fieldNodes.length === 1;

type NestedSelection = (query: unknown, path: unknown) => { select?: object } | true;

/** A field that lists the rows of a to-many relation, as `list` does. */
export function relatedList<Model extends PrismaModelTypes, Shape extends object>(
  t: PothosSchemaTypes.PrismaObjectFieldBuilder<Types, Model, Shape>,
  relation: Model['ListRelations'],
  description: string,
) {
  const { model: owner } = t as unknown as { model: string };
  const entry = readableOf(modelField(owner, relation).type);
  const plan = (args: ListArgs, context: Context): RelatedPage => ({
    ...planPage(entry.model, args, entry.defaultOrder, readerOf(context)),
    relation,
  });
  return t.field({
    type: connectionOf(entry.model),
    description,
    extensions: {
      permission: entry.permission,
      relatedList: { relation, model: entry.model },
      pothosPrismaSelect: (
        args: ListArgs,
        context: Context,
        nested: NestedSelection,
        names: () => ReadonlySet<string>,
      ) => {
        const page = plan(args, context);
        const rows = nested({ select: page.select }, { getType: () => entry.model, paths: nodePaths });
        return { select: relatedSelect(page, rows, names()) };
      },
      pothosPrismaLoaded: cameWithParent,
    },
    args: listArgs(t.arg as never, entry),
    resolve: (parent: object, args: ListArgs, context: Context) => {
      const row = parent as Record<string, unknown> & { _count?: Record<string, number> };
      return toConnection(plan(args, context), (row[relation] ?? []) as PageRow[], () => row._count?.[relation] ?? 0);
    },
  } as never);
}
