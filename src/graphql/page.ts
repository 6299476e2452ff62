/**
 * A page of a list: from Relay's arguments to one Prisma query, and from its rows to edges.
 */
import type { Context } from '../context.ts';
import { badInput } from '../errors.ts';
import { afterCursor, encodeCursor } from './cursor.ts';
import { toWhere } from './filter.ts';
import type { FilterInput, Where } from './filter-conditions.ts';
import { isSoft } from './model.ts';
import { type OrderInput, orderSelect, reversed, type SortKey, sortKeys, toPrismaOrder } from './order.ts';
import { demandOf, type Need } from './paths.ts';
import type { OpenCursor, SealCursor } from './sealed-cursors.ts';

/** The most rows a page has, and how many it has unless told. */
export const maxPageSize = 100;
export const defaultPageSize = 25;

export interface ListArgs {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
  readonly filter?: FilterInput | null | undefined;
  readonly orderBy?: readonly OrderInput[] | null | undefined;
  readonly includeDeleted?: boolean | null | undefined;
}

/** Who reads a page: what is asked of them, and how their cursors are opened. */
export interface Reader {
  readonly need: Need;
  readonly open: OpenCursor;
}

/** The caller as reader, who is refused what is needed and missing. */
export const readerOf = (context: Context): Reader => ({
  need: demandOf(context),
  open: (cursor) => {
    const opened = context.cursors.open(cursor);
    return opened?.orgId === context.scope.orgId ? opened.content : null;
  },
});

/** Seals cursors for the caller's organization. */
export const sealOf =
  ({ cursors, scope }: Context): SealCursor =>
  (content) =>
    cursors.seal({ orgId: scope.orgId, content });

/** What a page asks of the database. `take` is one more than its size, to know whether there are more. */
export interface Page {
  readonly model: string;
  readonly keys: readonly SortKey[];
  readonly size: number;
  readonly backward: boolean;
  readonly continued: boolean;
  /** The conditions without the cursor: what `totalCount` counts. */
  readonly matching: Where;
  readonly query: { readonly where: Where; readonly orderBy: unknown[]; readonly take: number };
  readonly select: Record<string, unknown>;
}

function pageSize({ first, last }: ListArgs): number {
  if (typeof first === 'number' && typeof last === 'number') throw badInput('Give first or last, not both.');
  const size = first ?? last ?? defaultPageSize;
  if (size < 0 || size > maxPageSize) throw badInput(`A page has 0 to ${maxPageSize} rows; ${size} were asked for.`);
  return size;
}

function matchingRows(model: string, { filter, includeDeleted }: ListArgs, need: Need): Where {
  const live = isSoft(model) && !includeDeleted ? [{ deletedAt: null }] : [];
  return { AND: filter ? [...live, toWhere(model, filter, need)] : live };
}

/**
 * Plans a page.
 *
 * @param reader is told of what each type and column that the filter and the order reach needs.
 * @throws GatewayError BAD_USER_INPUT for a wrong size, cursor, filter or order.
 */
export function planPage(
  model: string,
  args: ListArgs,
  defaultOrder: readonly OrderInput[],
  { need, open }: Reader,
): Page {
  const size = pageSize(args);
  const backward = typeof args.last === 'number';
  const keys = sortKeys(model, args.orderBy && args.orderBy.length > 0 ? args.orderBy : defaultOrder, need);
  const order = backward ? reversed(keys) : keys;
  const matching = matchingRows(model, args, need);
  const limits = [
    ...(args.after ? [afterCursor(model, keys, keys, args.after, open)] : []),
    ...(args.before ? [afterCursor(model, keys, reversed(keys), args.before, open)] : []),
  ];
  return {
    model,
    keys,
    size,
    backward,
    matching,
    continued: Boolean(backward ? args.before : args.after),
    query: {
      where: limits.length > 0 ? { AND: [matching, ...limits] } : matching,
      orderBy: toPrismaOrder(model, order),
      take: size + 1,
    },
    select: orderSelect(keys),
  };
}

export type PageRow = Readonly<Record<string, unknown>>;

/** A connection, before its fields are asked for. */
export interface ConnectionValue {
  readonly page: Page;
  /** The rows of the page in the order asked for. */
  readonly rows: readonly PageRow[];
  readonly hasMore: boolean;
  readonly totalCount: () => Promise<number> | number;
}

/** Makes the connection of a page out of the rows that its query gave. */
export function toConnection(
  page: Page,
  found: readonly PageRow[],
  totalCount: ConnectionValue['totalCount'],
): ConnectionValue {
  const rows = found.slice(0, page.size);
  return { page, rows: page.backward ? rows.reverse() : rows, hasMore: found.length > page.size, totalCount };
}

export const cursorOf = ({ page }: ConnectionValue, row: PageRow, seal: SealCursor): string =>
  encodeCursor(page.model, page.keys, row, seal);

/** Relay's PageInfo of a connection. */
export function pageInfo(connection: ConnectionValue, seal: SealCursor) {
  const { page, rows, hasMore } = connection;
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    hasNextPage: page.backward ? page.continued : hasMore,
    hasPreviousPage: page.backward ? hasMore : page.continued,
    startCursor: first ? cursorOf(connection, first, seal) : null,
    endCursor: last ? cursorOf(connection, last, seal) : null,
  };
}
