import { UserError } from '../../errors.ts';
import { toUuid } from '../../graphql/ids.ts';
import type { ModelName } from '../../graphql/model.ts';

/**
 * The UUID of an id that stands in an input where no column of a row does.
 *
 * @throws UserError BAD_USER_INPUT with its place.
 */
export function uuidAt(model: ModelName, id: string, path: readonly string[]): string {
  try {
    return toUuid(model, id);
  } catch (error) {
    throw new UserError('BAD_USER_INPUT', error instanceof Error ? error.message : 'Not an id.', path);
  }
}
