import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { ModelName } from '../../graphql/model.ts';
import { snakeCase } from '../../graphql/model.ts';
import { changeRow, type Input, liveRow, rowId, type Written } from '../../graphql/rows.ts';

/** One way from state to state. */
export interface StatusMove {
  readonly from: readonly string[];
  readonly to: string;
  /** Completes "only one that is … can be …". */
  readonly step: string;
}

const inWords = (name: string): string => snakeCase(name).replaceAll('_', ' ');

const anyOf = (states: readonly string[]): string =>
  states
    .map(inWords)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** Why a row in some state cannot go on from there. */
export const wrongState = (model: string, status: string, { from, step }: Omit<StatusMove, 'to'>, version: number) =>
  new UserError(
    'CONFLICT',
    `This ${inWords(model)} is ${inWords(status)}; only one that is ${anyOf(from)} can be ${step}.`,
    ['id'],
    version,
  );

/**
 * Takes a row from one of some states to another. Of two who do so at the same moment, one is refused.
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
  const row = await liveRow(context, model, input, { status: true });
  const status = String(row.status);
  if (!move.from.includes(status)) throw wrongState(model, status, move, row.version);
  return changeRow(context, model, {
    id: rowId(model, input),
    expectedVersion: row.version,
    data: { ...data, status: move.to },
  });
}
