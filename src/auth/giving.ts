/**
 * Nobody gives what they do not have: a role, a grant or an API key stands for a set of permissions, and whoever gives it has
 * each of them, by role or by grant, and within the scopes of the key that they ask with. The same holds for whoever changes
 * or ends what somebody has, so that nobody is lowered by those who have less. The database holds both, whoever writes.
 */
import { UserError } from '../errors.ts';
import { covers, isPermission, type Permission, permissions, type Role } from './permissions.ts';
import { can, type Scope } from './scope.ts';

/** What is given: a role, permissions beyond one, and of an API key the scopes that limit it. */
export interface Gift {
  readonly role?: Role;
  readonly extra?: readonly string[];
  readonly scopes?: readonly string[];
}

const nobody = { orgId: null, userId: null, apiKeyId: null, plan: null };

/** The whole set of permissions that something stands for. */
export function permissionsOf({ role, extra = [], scopes }: Gift): Permission[] {
  const given: Scope | null = role ? { ...nobody, role, extra, keyScopes: scopes ?? null } : null;
  return Object.keys(permissions).filter(
    (name): name is Permission => isPermission(name) && (given ? can(given, name) : covers(extra, name)),
  );
}

/** The first permission of a gift that the caller does not have; undefined when they may give it. */
export const missingFor = (scope: Scope, gift: Gift): Permission | undefined =>
  permissionsOf(gift).find((permission) => !can(scope, permission));

/**
 * Lets the caller give something, or says what they lack for it.
 *
 * @throws UserError FORBIDDEN at the input field, naming a permission that the caller does not have.
 */
export function demandHeld(scope: Scope, gift: Gift, path: string): void {
  const missing = missingFor(scope, gift);
  if (missing) throw new UserError('FORBIDDEN', `You cannot grant ${missing}, which you do not have.`, [path]);
}
