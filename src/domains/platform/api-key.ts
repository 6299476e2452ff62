import { createApiKey } from '../../auth/api-key.ts';
import { demandHeld, missingFor } from '../../auth/giving.ts';
import { atLeast, isPermission, permissions, roles } from '../../auth/permissions.ts';
import { demandOrganization, demandPerson, type Scope } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { clientId, mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { Role } from '../../graphql/role.ts';
import { changeRow, createRow, type Input, rowId, updateRow, type Written } from '../../graphql/rows.ts';

readable('ApiKey', {
  permission: 'keys:read',
  filter: {
    columns: ['name', 'prefix', 'scopes', 'createdById', 'lastUsedAt', 'expiresAt', 'revokedAt'],
    enums: { role: Role },
    relations: ['createdBy'],
  },
  orderBy: {
    columns: ['name', 'role', 'lastUsedAt', 'expiresAt', 'revokedAt'],
    relations: ['createdBy'],
  },
});

builder.prismaObject('ApiKey', {
  description:
    'A key for programs, good in this organization alone. The secret is shown once; only its hash is stored.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    prefix: t.exposeString('prefix'),
    role: t.expose('role', { type: Role }),
    scopes: t.exposeStringList('scopes'),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    createdBy: t.relation('createdBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  apiKey: byId(t, 'ApiKey', 'One API key.'),
  apiKeys: list(t, 'ApiKey', 'The API keys of the organization, revoked and expired ones included.'),
}));

const ApiKeyCreateInput = builder.inputType('ApiKeyCreateInput', {
  description: 'A new API key.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    role: t.field({
      type: Role,
      description:
        'What the key may do: at most ADMIN, and never more than its maker may at that time; MEMBER unless given.',
    }),
    scopes: t.stringList({
      description:
        'What the key is limited to, within its role: permissions (`crm:read`), areas (`crm:*`), or `*`, which it is unless given.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends; never unless given.' }),
  }),
});

const ApiKeyUpdateInput = builder.inputType('ApiKeyUpdateInput', {
  description: 'Another name for an API key. What it may do is fixed: make another key instead.',
  fields: (t) => ({ ...target(t), name: t.string() }),
});

const areas = new Set(Object.keys(permissions).map((name) => `${name.split(':')[0]}:*`));

function checkScopes(scopes: readonly string[]): void {
  const unknown = scopes.find((scope) => scope !== '*' && !areas.has(scope) && !isPermission(scope));
  if (unknown !== undefined) {
    throw new UserError('BAD_USER_INPUT', 'There is no such scope: give permissions such as crm:read, crm:*, or *.', [
      'scopes',
    ]);
  }
  if (scopes.length === 0)
    throw new UserError('BAD_USER_INPUT', 'A key without a scope is good for nothing.', ['scopes']);
}

/** A key has nothing that its maker has not, and never owns. */
function checkGift(scope: Scope, wanted: string, scopes: readonly string[]): void {
  const role = roles.find((name) => name === wanted);
  if (!role || role === 'owner')
    throw new UserError('BAD_USER_INPUT', 'A key cannot be OWNER; ADMIN is the most.', ['role']);
  const isHigher = !scope.role || !atLeast(scope.role, role);
  if (isHigher && missingFor(scope, { role, scopes }))
    throw new UserError('FORBIDDEN', 'A key cannot have a higher role than you have.', ['role']);
  demandHeld(scope, { role, scopes }, 'scopes');
}

async function createKey(context: Context, { role, scopes, ...input }: typeof ApiKeyCreateInput.$inferInput) {
  const createdById = demandPerson(context.scope);
  checkScopes(scopes ?? ['*']);
  checkGift(context.scope, role ?? 'member', scopes ?? ['*']);
  if (input.expiresAt && input.expiresAt <= new Date()) {
    throw new UserError('BAD_USER_INPUT', 'The end lies in the past.', ['expiresAt']);
  }
  const { key, prefix, hash } = createApiKey(demandOrganization(context.scope));
  const columns = { role: role ?? 'member', scopes: [...new Set(scopes ?? ['*'])], prefix, keyHash: hash, createdById };
  const { id } = await createRow(context, 'ApiKey', input, columns);
  return { id, extra: { secret: key } };
}

async function revokeKey(context: Context, input: Input): Promise<Written> {
  const id = rowId('ApiKey', input);
  const key = await context.db.apiKey.findFirst({ where: { id }, select: { revokedAt: true } });
  if (key?.revokedAt) throw new UserError('CONFLICT', 'This key is revoked already.', ['id']);
  return changeRow(context, 'ApiKey', {
    id,
    expectedVersion: input.expectedVersion,
    data: { revokedAt: new Date() },
  });
}

mutation({
  name: 'apiKeyCreate',
  description: 'Makes an API key. API keys cannot.',
  permission: 'keys:write',
  input: ApiKeyCreateInput,
  returns: 'ApiKey',
  payload: (t) => ({
    secret: t.string({
      nullable: true,
      description: 'The key itself. Shown only here; what is stored is its hash.',
      resolve: ({ extra }) => (extra.secret as string | undefined) ?? null,
    }),
  }),
  run: (input, context) => createKey(context, input),
});

mutation({
  name: 'apiKeyUpdate',
  description: 'Gives an API key another name.',
  permission: 'keys:write',
  input: ApiKeyUpdateInput,
  returns: 'ApiKey',
  run: (input, context) => updateRow(context, 'ApiKey', input),
});

mutation({
  name: 'apiKeyRevoke',
  description: 'Ends an API key for good, from its next request on.',
  permission: 'keys:write',
  input: TargetInput,
  returns: 'ApiKey',
  run: (input, context) => revokeKey(context, input),
});
