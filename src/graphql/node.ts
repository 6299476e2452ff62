/**
 * `node` and `nodes`: any row by its global id. A row that is not there, or not the caller's, is null. Several ids of one
 * type are one statement.
 */
import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { demand } from '../auth/scope.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { badInput } from '../errors.ts';
import { findReadable } from './connection.ts';
import { delegate } from './delegate.ts';
import { parseGlobalId } from './ids.ts';
import { keyColumn } from './model.ts';
import { maxPageSize, type PageRow } from './page.ts';
import { Node } from './record.ts';

type Found = PageRow & { readonly __typename: string };

/** Fetches rows of one type, by key. */
async function fetchType(
  type: string,
  ids: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Map<string, Found>> {
  const readable = findReadable(type);
  if (!readable) return new Map();
  demand(context.scope, readable.permission);
  const key = keyColumn(type);
  const selection = queryFromInfo({ context, info, typeName: type, select: { [key]: true } as never });
  const rows = await delegate(context.db, type).findMany({ ...(selection as object), where: { [key]: { in: ids } } });
  return new Map(rows.map((row) => [String(row[key]), Object.assign(row, { __typename: type })]));
}

/**
 * Lets through as many ids as a page has rows.
 *
 * @throws GatewayError BAD_USER_INPUT for more.
 */
export function checkIds(ids: readonly string[]): readonly string[] {
  if (ids.length > maxPageSize) throw badInput(`At most ${maxPageSize} ids at once; ${ids.length} were given.`);
  return ids;
}

async function fetchNodes(
  ids: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<(Found | null)[]> {
  const parsed = ids.map(parseGlobalId);
  const types = [...new Set(parsed.flatMap((id) => (id ? [id.type] : [])))];
  const found = new Map<string, Map<string, Found>>();
  for (const type of types) {
    const wanted = parsed.flatMap((id) => (id?.type === type ? [id.id] : []));
    found.set(type, await fetchType(type, wanted, context, info));
  }
  return parsed.map((id) => (id && found.get(id.type)?.get(id.id)) ?? null);
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its global id. Null when there is none. Needs the permission of the type.',
    extensions: { permission: 'member', globalIds: 'one' },
    args: { id: t.arg.id({ required: true, description: 'The global id.' }) },
    resolve: async (_root, { id }, context, info) => (await fetchNodes([String(id)], context, info))[0] as never,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Up to ${maxPageSize} things by their global ids, in that order; null for each that is not there. Needs the permission of each type.`,
    extensions: { permission: 'member', globalIds: 'many' },
    args: { ids: t.arg.idList({ required: true, description: 'The global ids.' }) },
    resolve: (_root, { ids }, context, info) => {
      return fetchNodes(checkIds(ids.map(String)), context, info) as never;
    },
  }),
}));
