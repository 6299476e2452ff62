import { queryFromInfo } from '@pothos/plugin-prisma';
import { selectedFieldNames } from '@pothos/selection-mapper';
import type { GraphQLResolveInfo } from 'graphql';
import { isPermission, permissions } from '../../auth/permissions.ts';
import { can, type Scope } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { delegate } from '../../graphql/delegate.ts';
import type { ModelName } from '../../graphql/model.ts';
import type { PageRow } from '../../graphql/page.ts';
import { Role } from '../../graphql/role.ts';
import { findMemberships } from './membership.ts';
import { Plan } from './organization.ts';

interface OwnMembership {
  readonly role: string;
  readonly organization: PageRow | undefined;
}

const MembershipType = builder.objectRef<OwnMembership>('Membership').implement({
  description: 'A place of the caller in an organization.',
  fields: (t) => ({
    role: t.field({ type: Role, description: 'What the caller may do there.', resolve: ({ role }) => role }),
    organization: t.field({
      type: 'Organization' as never,
      description: 'The organization.',
      extensions: { permission: 'signedIn' },
      resolve: ({ organization }) => organization as never,
    }),
  }),
});

/** All organizations in one statement, and none when only the roles are asked for. */
async function ownMemberships(context: Context, info: GraphQLResolveInfo): Promise<OwnMembership[]> {
  const memberships = await findMemberships(context);
  if (!selectedFieldNames(context, info).has('organization'))
    return memberships.map(({ role }) => ({ role, organization: undefined }));
  const selection = queryFromInfo({
    context,
    info,
    typeName: 'Organization',
    path: ['organization'],
    select: { id: true },
  });
  const ids = memberships.map(({ organizationId }) => organizationId);
  const rows = await context.db.organization.findMany({ ...selection, where: { id: { in: ids } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return memberships.flatMap(({ role, organizationId }) => {
    const organization = byId.get(organizationId);
    return organization ? [{ role, organization }] : [];
  });
}

/** A row of the caller's own, or null when the caller has none. */
const ownRow = (model: ModelName, id: string | null, context: Context, info: GraphQLResolveInfo) =>
  (id && delegate(context.db, model).findFirst({ ...queryFromInfo({ context, info }), where: { id } })) || null;

const Viewer = builder.objectRef<Scope>('Viewer').implement({
  description: 'Who is asking, and what they may do in the organization they are in.',
  fields: (t) => ({
    user: t.field({
      type: 'User' as never,
      nullable: true,
      description: 'The person; null for an API key.',
      resolve: ({ userId }, _args, context, info) => ownRow('User', userId, context, info) as never,
    }),
    apiKey: t.field({
      type: 'ApiKey' as never,
      nullable: true,
      description: 'The API key; null for a person.',
      extensions: { permission: 'signedIn' },
      resolve: ({ apiKeyId }, _args, context, info) => ownRow('ApiKey', apiKeyId, context, info) as never,
    }),
    organization: t.field({
      type: 'Organization' as never,
      nullable: true,
      description: 'The current organization; null outside any.',
      extensions: { permission: 'signedIn' },
      resolve: ({ orgId: id }, _args, context, info) => ownRow('Organization', id, context, info) as never,
    }),
    role: t.field({
      type: Role,
      nullable: true,
      description: 'The role in the current organization.',
      resolve: ({ role }) => role,
    }),
    plan: t.field({
      type: Plan,
      nullable: true,
      description: 'The plan of the current organization.',
      resolve: ({ plan }) => plan,
    }),
    permissions: t.stringList({
      description: 'Every permission in the current organization, by role, by grant, and within the scopes of a key.',
      resolve: (scope) => Object.keys(permissions).filter((name) => isPermission(name) && can(scope, name)),
    }),
    memberships: t.field({
      type: [MembershipType],
      description:
        'Every organization of the person with the role there, in the order they were joined. Empty for an API key.',
      resolve: (_scope, _args, context, info) => ownMemberships(context, info),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who is asking. Needs only a sign-in, and no organization.',
    extensions: { permission: 'signedIn' },
    resolve: (_root, _args, { scope }) => scope,
  }),
);
