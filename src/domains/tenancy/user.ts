import { queryFromInfo } from '@pothos/plugin-prisma';
import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { toGlobalId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { recordFields } from '../../graphql/record.ts';
import { changeRow, rowData, type Written } from '../../graphql/rows.ts';
import { findMemberships } from './membership.ts';

builder.prismaObject('User', {
  description: 'A person who signs in, as that person alone sees it in `viewer`. To colleagues the person is a Member.',
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    email: t.expose('email', { type: 'EmailAddress' }),
    fullName: t.exposeString('fullName', { nullable: true }),
    avatarUrl: t.expose('avatarUrl', { type: 'URL', nullable: true }),
    preferences: t.expose('preferences', { type: 'JSON' }),
    isOnboardingCompleted: t.exposeBoolean('isOnboardingCompleted'),
    isActive: t.exposeBoolean('isActive'),
    currentOrganization: t.field({
      type: 'Organization' as never,
      nullable: true,
      description:
        'The organization used when a request names none; null when there is none, or the person is no longer a member.',
      extensions: { permission: 'signedIn' },
      select: { currentOrgId: true },
      resolve: async ({ currentOrgId }, _args, context, info) => {
        const mine = currentOrgId ? await findMemberships(context) : [];
        if (!mine.some(({ organizationId }) => organizationId === currentOrgId)) return null as never;
        const selection = queryFromInfo({ context, info, select: { id: true } });
        return context.db.organization.findFirst({ ...selection, where: { id: currentOrgId ?? '' } }) as never;
      },
    }),
  }),
});

const UserUpdateInput = builder.inputType('UserUpdateInput', {
  description: 'Changes to oneself. Fields left out stay; null clears.',
  fields: (t) => ({
    fullName: t.string(),
    avatarUrl: t.field({ type: 'URL' }),
    preferences: t.field({ type: 'JSON' }),
    isOnboardingCompleted: t.boolean(),
    currentOrganizationId: t.id({ description: 'The organization to use when a request names none: one of your own.' }),
    expectedVersion: t.int({ description: 'The version that you have seen; another one is refused as CONFLICT.' }),
  }),
});

/** The column for `currentOrganizationId`, if it was given: one of the caller's organizations, or none. */
async function currentOrganization(
  context: Context,
  id: string | null | undefined,
): Promise<{ currentOrgId?: string | null }> {
  if (id === undefined) return {};
  if (id === null) return { currentOrgId: null };
  const wanted = id.toLowerCase();
  const mine = await findMemberships(context);
  const found = mine.find(({ organizationId }) =>
    [organizationId, toGlobalId('Organization', organizationId)].includes(wanted),
  );
  if (!found)
    throw new UserError('NOT_FOUND', 'You are not a member of this organization, or it does not exist.', [
      'currentOrganizationId',
    ]);
  return { currentOrgId: found.organizationId };
}

async function updateUser(context: Context, input: typeof UserUpdateInput.$inferInput): Promise<Written> {
  const id = demandPerson(context.scope);
  const data = {
    ...rowData<object>('User', input),
    ...(await currentOrganization(context, input.currentOrganizationId)),
  };
  return changeRow(context, 'User', { id, expectedVersion: input.expectedVersion, data });
}

mutation({
  name: 'userUpdate',
  description: 'Changes the person who is asking; every organization sees the new name and picture. API keys cannot.',
  permission: 'signedIn',
  input: UserUpdateInput,
  returns: 'User',
  run: (input, context) => updateUser(context, input),
});
