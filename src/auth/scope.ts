/**
 * Who is asking: minted once for a request, from what the database says of a verified credential, and frozen.
 */
import { forbidden } from '../errors.ts';
import type { Wanted } from '../wanted.ts';
import {
  atLeast,
  covers,
  isPermission,
  type Permission,
  permissions,
  type Requirement,
  type Role,
  within,
} from './permissions.ts';

/** A verified credential, before the database has said anything about it. */
export type Caller =
  | {
      readonly kind: 'person';
      readonly userId: string;
      readonly email: string;
      /** The address, when the issuer of the token vouches for it. */
      readonly verifiedEmail: string | null;
      readonly fullName: string | null;
      readonly avatarUrl: string | null;
      /** The organization of the `X-Org` header: id or slug. */
      readonly wantedOrg: string | null;
      /** The organization the token names. */
      readonly claimedOrg: string | null;
    }
  | { readonly kind: 'key'; readonly orgId: string; readonly prefix: string; readonly hash: string }
  | { readonly kind: 'anyone' };

/** Whoever has not signed in, and asks for nothing but what is public. */
export const anyone: Caller = { kind: 'anyone' };

/** Whom a caller counts as where something is shared out; null for those who are not signed in. */
export const ownerOf = (caller: Caller): string | null =>
  caller.kind === 'person' ? caller.userId : caller.kind === 'key' ? caller.orgId : null;

/** Where a request comes from; written into the audit trail. */
export interface RequestInfo {
  readonly id: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Whether its answer is still waited for; what works for nobody is cancelled. */
  readonly wanted?: Wanted | undefined;
}

/** Who is asking, and in which organization. `orgId` and `role` are null outside any. */
export interface Scope {
  readonly orgId: string | null;
  readonly userId: string | null;
  readonly apiKeyId: string | null;
  readonly role: Role | null;
  readonly plan: string | null;
  /** Permissions beyond the role. */
  readonly extra: readonly string[];
  /** What an API key is limited to; null for people. */
  readonly keyScopes: readonly string[] | null;
}

/** Whether the caller has a permission, by role or by grant, and a key by its scopes too. */
export function can(scope: Scope, permission: Permission): boolean {
  if (!scope.role) return false;
  if (scope.keyScopes && !within(scope.keyScopes, permission)) return false;
  return atLeast(scope.role, permissions[permission]) || covers(scope.extra, permission);
}

/** Whether the caller is a certain user. An API key is nobody. */
export const isCaller = (scope: Scope, userId: string | null): boolean =>
  scope.userId !== null && scope.userId === userId;

const noOrganization = () =>
  forbidden('No organization: name one in the X-Org header (id or slug), or make one with organizationCreate.');

/** Whether the caller has what a field asks for. */
export function isAllowed(scope: Scope, requirement: Requirement): boolean {
  if (requirement === 'public') return true;
  if (requirement === 'signedIn') return scope.userId !== null || scope.apiKeyId !== null;
  return scope.role !== null && (requirement === 'member' || can(scope, requirement));
}

/**
 * Lets the caller pass, or says what is missing.
 *
 * @throws GatewayError FORBIDDEN, naming the permission and the least role that has it.
 */
export function demand(scope: Scope, requirement: Requirement): void {
  if (isAllowed(scope, requirement)) return;
  if (!scope.role || !isPermission(requirement)) throw noOrganization();
  const need = scope.keyScopes && !within(scope.keyScopes, requirement) ? 'the key scope' : 'the permission';
  throw forbidden(`This needs ${need} ${requirement} (role ${permissions[requirement].toUpperCase()} or above).`, {
    permission: requirement,
  });
}

/**
 * The person who is asking, for what no API key may do.
 *
 * @throws GatewayError FORBIDDEN for an API key.
 */
export function demandPerson({ userId }: Scope): string {
  if (!userId) throw forbidden('An API key cannot do this: sign in as a person.');
  return userId;
}

/**
 * The organization the caller is in.
 *
 * @throws GatewayError FORBIDDEN outside any.
 */
export function demandOrganization({ orgId }: Scope): string {
  if (!orgId) throw noOrganization();
  return orgId;
}
