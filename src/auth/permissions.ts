/**
 * Every permission and the least role that has it. A field names its permission; nothing is checked by hand. The database
 * has the same table, `app.least_roles()`, and the same rules of what covers what: a test holds the two together.
 * Roles are ordered: a viewer reads, a member writes domain data, an admin manages people and keys, an owner owns.
 */

export const roles = ['viewer', 'member', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

export const permissions = {
  'crm:read': 'viewer',
  'crm:write': 'member',
  'crm:destroy': 'admin',
  'knowledge:read': 'viewer',
  'knowledge:write': 'member',
  'knowledge:destroy': 'admin',
  'delivery:read': 'viewer',
  'delivery:write': 'member',
  'delivery:destroy': 'admin',
  'projects:assign': 'admin',
  'rates:read': 'admin',
  'rates:write': 'admin',
  'finance:read': 'member',
  'finance:write': 'member',
  'finance:destroy': 'admin',
  'ai:read': 'viewer',
  'ai:write': 'member',
  'ai:destroy': 'admin',
  'people:read': 'viewer',
  'people:write': 'member',
  'people:destroy': 'admin',
  'support:read': 'viewer',
  'support:write': 'member',
  'support:destroy': 'admin',
  'communication:read': 'viewer',
  'communication:write': 'member',
  'communication:destroy': 'admin',
  'files:read': 'viewer',
  'files:write': 'member',
  'files:destroy': 'admin',
  'content:read': 'viewer',
  'content:write': 'member',
  'content:destroy': 'admin',
  'platform:read': 'viewer',
  'platform:write': 'member',
  'platform:destroy': 'admin',
  'jobs:read': 'viewer',
  'jobs:write': 'member',
  'organization:read': 'viewer',
  'organization:write': 'admin',
  'organization:own': 'owner',
  'members:read': 'viewer',
  'members:write': 'admin',
  'keys:read': 'admin',
  'keys:write': 'admin',
  'integrations:read': 'admin',
  'integrations:write': 'admin',
  'audit:read': 'admin',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof permissions;

/** What a field asks of its caller: a permission, a place in an organization, or only a sign-in. */
export type Requirement = Permission | 'member' | 'signedIn' | 'public';

export const isPermission = (value: string): value is Permission => Object.hasOwn(permissions, value);

/** Whether a role is at least another one. */
export const atLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

/** The names that cover a permission, granted or in the scopes of a key. Whoever writes or destroys may read. */
function naming(permission: Permission): readonly string[] {
  const [area, verb] = permission.split(':');
  return [permission, ...(verb === 'read' ? [`${area}:write`, `${area}:destroy`] : [])];
}

/** The scopes of keys that cover a permission: besides, whole areas and everything. */
export const covering = (permission: Permission): readonly string[] => [
  '*',
  `${permission.split(':')[0]}:*`,
  ...naming(permission),
];

/** Whether what was granted covers a permission. */
export const covers = (granted: readonly string[], permission: Permission): boolean =>
  naming(permission).some((name) => granted.includes(name));

/** Whether a key's scopes cover a permission. */
export const within = (scopes: readonly string[], permission: Permission): boolean =>
  covering(permission).some((scope) => scopes.includes(scope));
