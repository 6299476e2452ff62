import { demandHeld } from '../../auth/giving.ts';
import { isPermission, type Role as RoleName } from '../../auth/permissions.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { Role } from '../../graphql/role.ts';
import { changeRow, rowId, updateRow, type Written } from '../../graphql/rows.ts';

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

function checkNames(granted: readonly string[]): void {
  if (!granted.every(isPermission))
    throw new UserError('BAD_USER_INPUT', 'There is no such permission: give such as crm:read.', ['permissions']);
}

function updateMember(context: Context, input: typeof MemberUpdateInput.$inferInput): Promise<Written> {
  if (!input.permissions) return updateRow(context, 'Member', input);
  checkNames(input.permissions);
  demandHeld(context.scope, { extra: input.permissions }, 'permissions');
  return updateRow(context, 'Member', { ...input, permissions: [...new Set(input.permissions)] });
}

function setRole(context: Context, input: typeof MemberSetRoleInput.$inferInput): Promise<Written> {
  const role = input.role as RoleName;
  // Of owners the database has its own words.
  if (role !== 'owner') demandHeld(context.scope, { role }, 'role');
  const { expectedVersion } = input;
  return changeRow(context, 'Member', { id: rowId('Member', input), expectedVersion, data: { role } });
}

mutation({
  name: 'memberUpdate',
  description:
    'Changes the title and the further permissions of a member. Nobody grants, or takes from somebody, what they do not have themselves.',
  permission: 'members:write',
  input: MemberUpdateInput,
  returns: 'Member',
  run: (input, context) => updateMember(context, input),
});

mutation({
  name: 'memberSetRole',
  description:
    'Gives a member another role. Only an owner makes or unmakes owners, and one always remains; nobody gives or takes a role with permissions that they do not have themselves. With a lower role, what was granted beyond the old one ends, and so do the invitations that the member sent to a higher one.',
  permission: 'members:write',
  input: MemberSetRoleInput,
  returns: 'Member',
  run: (input, context) => setRole(context, input),
});
