import { isPermission } from '../../auth/permissions.ts';
import { can } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { Role } from '../../graphql/role.ts';
import { changeRow, type Input, rowId, updateRow, type Written } from '../../graphql/rows.ts';

const MemberStatus = enumOf('MemberStatus', 'Whether somebody is still here.', {
  active: 'May enter the organization.',
  removed: 'May not enter any more; history keeps the name.',
});

const lists = [
  'invitedMembers',
  'sentInvitations',
  'createdApiKeys',
  'ownedAccounts',
  'assignedContacts',
  'assignedLeads',
  'ownedDeals',
  'interactions',
  'activities',
] as const;

readable('Member', {
  permission: 'members:read',
  filter: {
    columns: ['permissions', 'title', 'displayName', 'email', 'avatarUrl', 'invitedById', 'joinedAt'],
    enums: { role: Role, status: MemberStatus },
    relations: ['invitedBy', ...lists],
  },
  orderBy: {
    columns: ['displayName', 'email', 'role', 'status', 'title', 'joinedAt'],
    relations: ['invitedBy'],
  },
});

builder.prismaObject('Member', {
  description: 'A person in the organization, with a role. Removed members stay, so that history keeps its names.',
  interfaces: [Node],
  select: { id: true, userId: true },
  fields: (t) => ({
    ...recordFields(t),
    role: t.expose('role', { type: Role }),
    status: t.expose('status', { type: MemberStatus }),
    permissions: t.exposeStringList('permissions'),
    title: t.exposeString('title', { nullable: true }),
    displayName: t.exposeString('displayName', { nullable: true }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    avatarUrl: t.expose('avatarUrl', { type: 'URL', nullable: true }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime' }),
    invitedBy: t.relation('invitedBy', { nullable: true }),
    invitedMembers: relatedList(t, 'invitedMembers', 'The people this member invited.'),
    sentInvitations: relatedList(t, 'sentInvitations', 'The invitations this member sent.'),
    createdApiKeys: relatedList(t, 'createdApiKeys', 'The API keys this member made.'),
    ownedAccounts: relatedList(t, 'ownedAccounts', 'The accounts this member looks after.'),
    assignedContacts: relatedList(t, 'assignedContacts', 'The contacts this member looks after.'),
    assignedLeads: relatedList(t, 'assignedLeads', 'The leads this member looks after.'),
    ownedDeals: relatedList(t, 'ownedDeals', 'The deals this member looks after.'),
    interactions: relatedList(t, 'interactions', 'The calls, mails, meetings and notes of this member.'),
    activities: relatedList(t, 'activities', 'What this member did, by the activity log.'),
  }),
});

builder.queryFields((t) => ({
  member: byId(t, 'Member', 'One member, removed or not.'),
  members: list(t, 'Member', 'The members of the organization, removed ones included: filter by `status`.'),
}));

const MemberUpdateInput = builder.inputType('MemberUpdateInput', {
  description: 'Changes to a member. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), permissions: t.stringList() }),
});

const MemberSetRoleInput = builder.inputType('MemberSetRoleInput', {
  description: 'Another role for a member.',
  fields: (t) => ({ ...target(t), role: t.field({ type: Role, required: true, description: 'The new role.' }) }),
});

/** Nobody gives away what they do not have. */
function checkGrant({ scope }: Context, granted: readonly string[]): void {
  for (const name of granted) {
    if (!isPermission(name))
      throw new UserError('BAD_USER_INPUT', 'There is no such permission: give such as crm:read.', ['permissions']);
    if (!can(scope, name))
      throw new UserError('FORBIDDEN', `You cannot grant ${name}, which you do not have.`, ['permissions']);
  }
}

function updateMember(context: Context, input: typeof MemberUpdateInput.$inferInput): Promise<Written> {
  if (!input.permissions) return updateRow(context, 'Member', input);
  checkGrant(context, input.permissions);
  return updateRow(context, 'Member', { ...input, permissions: [...new Set(input.permissions)] });
}

/** Nothing happens twice: who is removed, or back, already is. */
async function setStatus(context: Context, input: Input, status: 'active' | 'removed'): Promise<Written> {
  const id = rowId('Member', input);
  const member = await context.db.member.findFirst({ where: { userId: id }, select: { status: true } });
  if (member?.status === status) throw new UserError('CONFLICT', `This member is ${status} already.`, ['id']);
  return changeRow(context, 'Member', { id, expectedVersion: input.expectedVersion, data: { status } });
}

mutation({
  name: 'memberUpdate',
  description:
    'Changes the title and the further permissions of a member. Nobody can grant a permission they do not have.',
  permission: 'members:write',
  input: MemberUpdateInput,
  returns: 'Member',
  run: (input, context) => updateMember(context, input),
});

mutation({
  name: 'memberSetRole',
  description: 'Gives a member another role. Only an owner makes or unmakes owners, and one always remains.',
  permission: 'members:write',
  input: MemberSetRoleInput,
  returns: 'Member',
  run: (input, context) =>
    changeRow(context, 'Member', {
      id: rowId('Member', input),
      expectedVersion: input.expectedVersion,
      data: { role: input.role },
    }),
});

mutation({
  name: 'memberRemove',
  description:
    'Shuts a member out, from their next request on. What they did stays; `memberRestore` lets them in again.',
  permission: 'members:write',
  input: TargetInput,
  returns: 'Member',
  run: (input, context) => setStatus(context, input, 'removed'),
});

mutation({
  name: 'memberRestore',
  description: 'Lets a removed member in again, with the role they had.',
  permission: 'members:write',
  input: TargetInput,
  returns: 'Member',
  run: (input, context) => setStatus(context, input, 'active'),
});
