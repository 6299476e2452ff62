/** Steps of a row from one state to the next, and who may decide on what others hand in. */
import { can } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { ModelName } from '../../graphql/model.ts';
import { type Input, liveRow } from '../../graphql/rows.ts';

export interface Step {
  /** The states that it begins in. */
  readonly from: readonly string[];
  /** What happens to the row, as a participle. */
  readonly done: string;
}

interface Standing {
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

const inWords = (states: readonly string[]): string => states.join(' or ').replaceAll('_', ' ');

/**
 * Reads a row for a step, with further columns.
 *
 * @throws UserError CONFLICT naming the state, when the step does not begin in it.
 */
export async function rowIn<T extends object = object>(
  context: Context,
  model: ModelName,
  input: Input,
  { from, done }: Step,
  select: Input = {},
): Promise<T & Standing> {
  const row = (await liveRow(context, model, input, { id: true, status: true, ...select })) as unknown as T & Standing;
  if (from.includes(row.status)) return row;
  throw new UserError(
    'CONFLICT',
    `This ${model.toLowerCase()} is ${inWords([row.status])}; only one that is ${inWords(from)} can be ${done}.`,
    ['id'],
    row.version,
  );
}

/**
 * Lets admins decide, and whoever manages all the projects that it is about.
 *
 * @throws UserError FORBIDDEN.
 */
export function demandDecider({ scope }: Context, managers: readonly (string | null)[]): void {
  const manages = scope.userId !== null && managers.length > 0 && managers.every((id) => id === scope.userId);
  if (!manages && !can(scope, 'delivery:destroy'))
    throw new UserError('FORBIDDEN', 'Only admins and the manager of the project decide on this.', ['id']);
}
