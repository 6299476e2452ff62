/**
 * Rows that no relation leads to, such as the author of an audit entry. What one field asks for all over a list is one
 * statement; each field of each operation has a loader of its own, which ends with the operation's transaction.
 */
import { queryFromInfo } from '@pothos/plugin-prisma';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { Db } from '../db/client.ts';
import { delegate } from './delegate.ts';
import { keyColumn, type ModelName } from './model.ts';
import type { PageRow } from './page.ts';

type Loader = DataLoader<string, PageRow | null>;

const loaders = new WeakMap<Db, Map<string, Loader>>();

/** The response path without list indices: the same for all rows of a list. */
function fieldPath(path: GraphQLResolveInfo['path'] | undefined): string {
  if (!path) return '';
  return typeof path.key === 'number' ? fieldPath(path.prev) : `${fieldPath(path.prev)}.${path.key}`;
}

/** A field of an interface type has a loader for each type that it leads to. */
function loaderAt(context: Context, info: GraphQLResolveInfo, model: ModelName, make: () => Loader): Loader {
  const fields = loaders.get(context.db) ?? new Map<string, Loader>();
  loaders.set(context.db, fields);
  const key = `${model}${fieldPath(info.path)}`;
  const loader = fields.get(key) ?? make();
  fields.set(key, loader);
  return loader;
}

const findBy = (context: Context, model: ModelName, column: string, query: object): Loader =>
  new DataLoader(async (values: readonly string[]) => {
    const found = await delegate(context.db, model).findMany({ ...query, where: { [column]: { in: values } } });
    const rows = new Map(found.map((row) => [String(row[column]), row]));
    return values.map((value) => rows.get(value) ?? null);
  });

/** The row with a key, with what the document selects of it; null when there is none. For a field that has no relation. */
export function loadRow(
  context: Context,
  info: GraphQLResolveInfo,
  model: ModelName,
  key: string,
): Promise<PageRow | null> {
  const column = keyColumn(model);
  // Asked for each row, because it also notes for the fields below this one that their data is loaded.
  const query = queryFromInfo({ context, info, typeName: model, select: { [column]: true } as never });
  return loaderAt(context, info, model, () => findBy(context, model, column, query)).load(key);
}

/** The user ids of members by the ids of their rows, which nothing but the audit trail speaks of. */
export async function loadMemberId(context: Context, info: GraphQLResolveInfo, rowId: string): Promise<string | null> {
  const make = () => findBy(context, 'Member', 'id', { select: { id: true, userId: true } });
  const row = await loaderAt(context, info, 'Member', make).load(rowId);
  return row ? String(row.userId) : null;
}

/** {@link loadMemberId} in SQL. */
export const memberIdSql = (rowId: string): string =>
  `(select member.user_id from org_members as member where member.org_id = (select app.named_org_id()) and member.id = ${rowId})`;
