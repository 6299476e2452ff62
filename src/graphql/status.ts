/** Rows that go from state to state: each step begins in some of them, and is refused in all others. */
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { inWords, type ModelName } from './model.ts';
import { changeRow, type Input, liveRow, lockRow, type Written } from './rows.ts';

export interface Step {
  /** The states that it begins in. */
  readonly from: readonly string[];
  /** What happens to the row, as a participle: completes "only one that is … can be …". */
  readonly done: string;
}

/** A step that always ends in the same state. */
export interface StatusMove extends Step {
  readonly to: string;
}

/** What is read of a row for a step. */
export interface Standing {
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

/** `a, b or c`. */
const anyOf = (states: readonly string[]): string =>
  states
    .map(inWords)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/**
 * Refuses a row that is in none of the states that a step begins in.
 *
 * @param path the input field that names the row, where it is another one than the mutation is about.
 * @throws UserError CONFLICT naming the state.
 */
export function demandState(
  model: ModelName,
  { status, version }: { readonly status: unknown; readonly version?: number },
  { from, done }: Step,
  path = 'id',
): void {
  const state = String(status);
  if (from.includes(state)) return;
  const message = `This ${inWords(model)} is ${inWords(state)}; only one that is ${anyOf(from)} can be ${done}.`;
  throw new UserError('CONFLICT', message, [path], path === 'id' ? version : null);
}

/**
 * Reads the row that a mutation is about, with further columns, for a step.
 *
 * @throws UserError CONFLICT naming its state when the step does not begin in it, and as `liveRow` does.
 */
export async function rowIn<T extends object = object>(
  context: Context,
  model: ModelName,
  input: Input,
  step: Step,
  select: Input = {},
): Promise<T & Standing> {
  const row = (await liveRow(context, model, input, { id: true, status: true, ...select })) as unknown as T & Standing;
  demandState(model, row, step);
  return row;
}

/** As `rowIn`; of two steps at the same moment the second waits, and sees the state that the first one left. */
export async function lockedRowIn<T extends object = object>(
  context: Context,
  model: ModelName,
  input: Input,
  step: Step,
  select: Input = {},
): Promise<T & Standing> {
  await lockRow(context, model, input);
  return rowIn<T>(context, model, input, step, select);
}

/** Changes a row as it was read: of two who have read the same, one is refused. */
export const moveRow = (
  context: Context,
  model: ModelName,
  { id, version }: Pick<Standing, 'id' | 'version'>,
  data: Input,
): Promise<Written> => changeRow(context, model, { id, expectedVersion: version, data });

/**
 * Takes a row from one of some states to another, and changes further columns. Of two who do so at the same moment, one is
 * refused.
 *
 * @throws UserError CONFLICT naming the state that it is in.
 */
export async function moveStatus(
  context: Context,
  model: ModelName,
  input: Input,
  move: StatusMove,
  data: Input = {},
): Promise<Written> {
  return moveRow(context, model, await rowIn(context, model, input, move), { ...data, status: move.to });
}
