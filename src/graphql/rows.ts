/**
 * Writing rows: from a mutation's input to columns, and the optimistic lock.
 */
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { delegate } from './delegate.ts';
import { toUuid } from './ids.ts';
import { hasField, isSoft, keyColumn, modelField, referencedModel } from './model.ts';
import type { PageRow } from './page.ts';
import { columnSql, tableSql } from './sql-names.ts';

export type Input = Readonly<Record<string, unknown>>;

/**
 * The UUID of an id in an input.
 *
 * @throws UserError BAD_USER_INPUT with its place, for an id of another type or none.
 */
export function uuidAt(model: string, id: unknown, path: readonly string[]): string {
  try {
    return toUuid(model, String(id));
  } catch (error) {
    throw new UserError('BAD_USER_INPUT', error instanceof Error ? error.message : 'Not an id.', path);
  }
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([key, item]) => holdsNul(key) || holdsNul(item))
  );
}

/** A text that Postgres can hold: it has no place for the character NUL. */
function checkText(value: unknown, path: readonly string[]): void {
  if (holdsNul(value)) throw new UserError('BAD_USER_INPUT', 'Text cannot hold the character NUL.', path);
}

/** Postgres refuses a longer text without saying where it stood. */
function checkCurrency(key: string, value: unknown): void {
  if (key === 'currency' && typeof value === 'string' && !/^[A-Z]{3}$/.test(value)) {
    throw new UserError('BAD_USER_INPUT', 'currency is an ISO 4217 code, for example EUR.', [key]);
  }
}

/** Every JSON column holds an object; a bare number or text in one would break whoever reads it. */
function checkObject(key: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError('BAD_USER_INPUT', `${key} expects a JSON object.`, [key]);
  }
}

function columnValue(model: string, key: string, value: unknown): unknown {
  checkText(value, [key]);
  checkCurrency(key, value);
  const field = modelField(model, key);
  if (value === null) {
    if (field.isRequired) throw new UserError('BAD_USER_INPUT', `${key} is required and cannot be cleared.`, [key]);
    return null;
  }
  if (field.type === 'Json') checkObject(key, value);
  const target = referencedModel(model, key);
  if (target && target !== 'Organization' && target !== 'User') return uuidAt(target, value, [key]);
  return key === 'id' ? uuidAt(model, value, [key]) : value;
}

/**
 * The columns that an input names: ids become UUIDs, absent fields stay untouched, an explicit null clears.
 *
 * @throws UserError BAD_USER_INPUT with the field's path, for a null where a value is required or an id of another type.
 */
export function rowData<T extends object>(model: string, input: Input): T {
  const entries = Object.entries(input).filter(
    ([key, value]) => value !== undefined && key !== 'expectedVersion' && hasField(model, key),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, columnValue(model, key, value)])) as T;
}

/** What a mutation gives back: the row's key. */
export interface Written {
  readonly id: string;
}

/** The UUID of the row that a mutation is about. */
export const rowId = (model: string, input: Input): string => uuidAt(model, input.id, ['id']);

const keyOf = (model: string, row: PageRow): Written => ({ id: String(row[keyColumn(model)]) });

/** Inserts one row; columns that the input does not name get their defaults. */
export async function createRow(context: Context, model: string, input: Input, extra: Input = {}): Promise<Written> {
  const data = { ...rowData(model, input), ...extra };
  return keyOf(model, await delegate(context.db, model).create({ data, select: { [keyColumn(model)]: true } }));
}

/** Why an update met no row: it is not there, it is deleted, or somebody was faster. */
async function missed(
  context: Context,
  model: string,
  id: string,
  expectedVersion: unknown,
  where: Input = {},
): Promise<UserError> {
  const soft = isSoft(model) ? { deletedAt: true } : {};
  const row = await delegate(context.db, model).findFirst({
    where: { [keyColumn(model)]: id },
    select: { version: true, ...soft },
  });
  if (!row) return new UserError('NOT_FOUND', `There is no such ${model}.`, ['id']);
  const current = Number(row.version);
  if (typeof expectedVersion === 'number' && expectedVersion !== current) {
    return new UserError(
      'CONFLICT',
      `Somebody changed it: the current version is ${current}, not ${expectedVersion}.`,
      ['expectedVersion'],
      current,
    );
  }
  if (row.deletedAt) return new UserError('CONFLICT', 'It is deleted. Restore it first.', ['id'], current);
  if (where.deletedAt) return new UserError('CONFLICT', 'It is not deleted.', ['id'], current);
  return new UserError('FORBIDDEN', `This ${model} may not be changed.`, ['id'], current);
}

/**
 * Reads the row that a mutation is about, for a rule that must know its columns before it changes it.
 *
 * @returns the columns of `select`, and `version`.
 * @throws UserError NOT_FOUND, or CONFLICT with the current version: as `changeRow` does.
 */
export async function liveRow(
  context: Context,
  model: string,
  input: Input,
  select: Input,
): Promise<PageRow & { readonly version: number }> {
  const id = rowId(model, input);
  const live = isSoft(model) ? { deletedAt: null } : {};
  const version = typeof input.expectedVersion === 'number' ? { version: input.expectedVersion } : {};
  const row = await delegate(context.db, model).findFirst({
    where: { [keyColumn(model)]: id, ...live, ...version },
    select: { ...select, version: true },
  });
  if (!row) throw await missed(context, model, id, input.expectedVersion);
  return { ...row, version: Number(row.version) };
}

/** Locks the row that a mutation is about until the end of the transaction: others who lock it take turns. */
export async function lockRow({ db }: Context, model: string, input: Input): Promise<void> {
  const key = columnSql('row', model, keyColumn(model));
  await db.$queryRaw`select from ${tableSql(model)} as "row" where ${key} = ${rowId(model, input)}::uuid for update`;
}

/** Puts what is wrong with a row to the input field that names it, where it is another one than the mutation is about. */
export const atField =
  (field: string) =>
  (error: unknown): never => {
    throw error instanceof UserError ? new UserError(error.code, error.message, [field]) : error;
  };

interface Change {
  readonly id: string;
  readonly expectedVersion?: unknown;
  readonly data: Input;
  /** Further conditions on the row, such as its state. */
  readonly where?: Input;
}

/**
 * Changes one row, if it is live and at the expected version.
 *
 * @throws UserError NOT_FOUND, or CONFLICT with the current version.
 */
export async function changeRow(
  context: Context,
  model: string,
  { id, expectedVersion, data, where = {} }: Change,
): Promise<Written> {
  const live = isSoft(model) && !('deletedAt' in where) ? { deletedAt: null } : {};
  const version = typeof expectedVersion === 'number' ? { version: expectedVersion } : {};
  const [row] = await delegate(context.db, model).updateManyAndReturn({
    where: { [keyColumn(model)]: id, ...live, ...version, ...where },
    data,
    select: { [keyColumn(model)]: true },
  });
  if (!row) throw await missed(context, model, id, expectedVersion, where);
  return keyOf(model, row);
}

/** Changes the columns that an update's input names. */
export async function updateRow(context: Context, model: string, input: Input, extra: Input = {}): Promise<Written> {
  const { id: _id, ...columns } = rowData<Record<string, unknown>>(model, input);
  return changeRow(context, model, {
    id: rowId(model, input),
    expectedVersion: input.expectedVersion,
    data: { ...columns, ...extra },
  });
}

/** Removes one row for good. */
export async function removeRow(context: Context, model: string, input: Input): Promise<Written> {
  const id = rowId(model, input);
  const version = typeof input.expectedVersion === 'number' ? { version: input.expectedVersion } : {};
  const { count } = await delegate(context.db, model).deleteMany({ where: { [keyColumn(model)]: id, ...version } });
  if (count === 0) throw await missed(context, model, id, input.expectedVersion);
  return { id };
}
