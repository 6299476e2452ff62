import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import type { Input } from './rows.ts';

/**
 * The input of a row that belongs to a person: the caller, unless it names another one.
 *
 * @throws UserError BAD_USER_INPUT for an API key that names nobody.
 */
export function ownUnlessGiven({ scope }: Context, input: Input): Input {
  const userId = input.userId ?? scope.userId;
  if (!userId) throw new UserError('BAD_USER_INPUT', 'Name the person: an API key is none.', ['userId']);
  return { ...input, userId };
}
