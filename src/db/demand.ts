/**
 * A read that travels with its entry asks for its permissions on the way: the database compares them with the caller's role,
 * grants and scopes, and skips the read when one is missing.
 */
import { isPermission, type Permission, permissions, type Requirement } from '../auth/permissions.ts';
import type { Caller } from '../auth/scope.ts';
import type { Statement } from './pipeline.ts';

/** The code of the error that a read ends with before it begins. */
export const lackingPermission = 'GW022';

/** What not every caller of a kind has: any member of an organization has what viewers have, but a key has its scopes. */
const isOpen = (permission: Permission, caller: Caller): boolean =>
  caller.kind === 'person' && permissions[permission] === 'viewer';

/** The statement that enters, which now fails with GW022 for a caller who lacks one of these permissions. */
export function demanding(enter: Statement, caller: Caller, requirements: ReadonlySet<Requirement>): Statement {
  const asked = [...requirements].filter(isPermission).filter((permission) => !isOpen(permission, caller));
  if (asked.length === 0 || caller.kind === 'anyone') return enter;
  const values = [...(enter.values ?? []), `{${asked.join()}}`];
  return {
    name: enter.name ? `${enter.name}_demanding` : '',
    text: `${enter.text} as entered where app.demand(entered.org_id, $${values.length}::text[])`,
    values,
  };
}
