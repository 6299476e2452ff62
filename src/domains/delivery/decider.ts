import { can, isCaller } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';

/**
 * Lets admins decide, and whoever manages all the projects that it is about.
 *
 * @throws UserError FORBIDDEN.
 */
export function demandDecider({ scope }: Context, managers: readonly (string | null)[]): void {
  const manages = managers.length > 0 && managers.every((id) => isCaller(scope, id));
  if (!manages && !can(scope, 'delivery:destroy'))
    throw new UserError('FORBIDDEN', 'Only admins and the manager of the project decide on this.', ['id']);
}
