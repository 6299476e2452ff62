/**
 * Cursors: opaque keysets, sealed by `sealed-cursors.ts`. A cursor holds the sort keys' values of one row and the order they belong to; it becomes the
 * condition "after that row", with rows without a value in their place.
 */
import { badInput } from '../errors.ts';
import type { Where } from './filter-conditions.ts';
import { isUuid } from './ids.ts';
import type { SortKey } from './order.ts';
import type { OpenCursor, SealCursor } from './sealed-cursors.ts';

/** What a cursor was made for. Another order, or another type, is another signature. */
export const signature = (model: string, keys: readonly SortKey[]): string =>
  `${model}:${keys.map(({ path, direction, nulls }) => `${path.join('.')}${direction === 'asc' ? '+' : '-'}${nulls.charAt(0)}`).join(',')}`;

function valueAt(row: unknown, path: readonly string[]): string | null {
  const value = path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : null),
    row,
  );
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** The cursor of a row. */
export function encodeCursor(model: string, keys: readonly SortKey[], row: unknown, seal: SealCursor): string {
  const values = keys.map(({ path }) => valueAt(row, path));
  return seal(JSON.stringify([signature(model, keys), ...values]));
}

const invalid = () => badInput('This cursor is not one of this list, or of another order. Start again without it.');

function parseValue(kind: SortKey['kind'], text: string): unknown {
  const checked = (ok: boolean, value: unknown) => {
    if (!ok) throw invalid();
    return value;
  };
  switch (kind) {
    case 'ID':
      return checked(isUuid(text), text);
    case 'DateTime':
    case 'Date':
      return checked(!Number.isNaN(Date.parse(text)), new Date(text));
    case 'Int':
    case 'Float':
      return checked(text !== '' && Number.isFinite(Number(text)), Number(text));
    case 'BigInt':
      return checked(/^-?\d{1,19}$/.test(text), /^-?\d{1,19}$/.test(text) ? BigInt(text) : null);
    case 'Decimal':
      return checked(/^-?\d+(\.\d+)?$/.test(text), text);
    case 'Boolean':
      return checked(text === 'true' || text === 'false', text === 'true');
    default:
      return checked(!text.includes('\0'), text);
  }
}

function decode(model: string, keys: readonly SortKey[], cursor: string, open: OpenCursor): readonly unknown[] {
  const content = open(cursor);
  if (content === null) throw invalid();
  const parsed: unknown = JSON.parse(content);
  if (!Array.isArray(parsed) || parsed[0] !== signature(model, keys) || parsed.length !== keys.length + 1)
    throw invalid();
  return keys.map((key, index) => {
    const value: unknown = parsed[index + 1];
    if (value === null && key.absences.length > 0) return null;
    if (typeof value !== 'string') throw invalid();
    return parseValue(key.kind, value);
  });
}

/** A condition on the column at the end of a path. */
function at(path: readonly string[], condition: unknown): Where {
  const [name = '', ...rest] = path;
  return rest.length === 0 ? { [name]: condition } : { [name]: { is: at(rest, condition) } };
}

/** Prisma cannot ask whether a relation of two columns is there, so its reference is asked. */
const missing = ({ absences }: SortKey): Where => ({ OR: absences.map((path) => at(path, null)) });
/** A value in the last of them means values in all before it. */
const present = ({ absences }: SortKey): Where => at(absences.at(-1) ?? [], { not: null });

const same = (key: SortKey, value: unknown): Where => (value === null ? missing(key) : at(key.path, { equals: value }));

/** False comes before true; Prisma does not compare them. */
function further({ path, kind, direction }: SortKey, value: unknown): Where[] {
  if (kind !== 'Boolean') return [at(path, { [direction === 'asc' ? 'gt' : 'lt']: value })];
  return value === (direction === 'asc') ? [] : [at(path, { equals: direction === 'asc' })];
}

/** The ways to come after a value; any of them will do, and none may be left. */
function beyond(key: SortKey, value: unknown): Where[] {
  if (value === null) return key.nulls === 'first' ? [present(key)] : [];
  return key.absences.length > 0 && key.nulls === 'last' ? [...further(key, value), missing(key)] : further(key, value);
}

/** Lets an index end the scan early: whatever comes after cannot lie before the first key's value. */
function bound(key: SortKey | undefined, value: unknown): Where[] {
  if (!key || key.absences.length > 0 || key.kind === 'Boolean') return [];
  return [at(key.path, { [key.direction === 'asc' ? 'gte' : 'lte']: value })];
}

/**
 * The condition "after this cursor" in the order of the keys.
 *
 * @throws GatewayError BAD_USER_INPUT for a text that is no cursor, or one of another order or type.
 */
export function afterCursor(
  model: string,
  keys: readonly SortKey[],
  order: readonly SortKey[],
  cursor: string,
  open: OpenCursor,
): Where {
  const values = decode(model, keys, cursor, open);
  const alternatives = order.flatMap((key, index) => {
    const ties = order.slice(0, index).map((earlier, i) => same(earlier, values[i]));
    return beyond(key, values[index]).map((after) => ({ AND: [...ties, after] }));
  });
  return { AND: [...bound(order[0], values[0]), { OR: alternatives }] };
}
