/** The end of a membership, and what ends with it; and its return. What ends, the database sees to, whoever ends it. */
import { demand } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { toGlobalId } from '../../graphql/ids.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { changeRow, type Input, rowId, uuidAt, type Written } from '../../graphql/rows.ts';

const MemberRemoveInput = builder.inputType('MemberRemoveInput', {
  description: 'Who is shut out, and what becomes of their API keys.',
  fields: (t) => ({
    ...target(t),
    keysTo: t.id({
      description:
        'The owner who takes over the API keys that the member made. They are revoked unless given. Needs `keys:write`.',
    }),
  }),
});

/** Nothing happens twice: who is removed, or back, already is. */
async function setStatus(context: Context, input: Input, status: 'active' | 'removed'): Promise<Written> {
  const id = rowId('Member', input);
  const member = await context.db.member.findFirst({ where: { userId: id }, select: { status: true } });
  if (member?.status === status) throw new UserError('CONFLICT', `This member is ${status} already.`, ['id']);
  return changeRow(context, 'Member', { id, expectedVersion: input.expectedVersion, data: { status } });
}

/** Gives the keys of somebody who is about to leave to an owner. */
async function passKeys({ db, scope }: Context, from: string, keysTo: unknown): Promise<void> {
  demand(scope, 'keys:write');
  const createdById = uuidAt('Member', keysTo, ['keysTo']);
  const owner = { userId: createdById, role: 'owner', status: 'active', NOT: { userId: from } };
  if (!(await db.member.findFirst({ where: owner, select: { userId: true } })))
    throw new UserError('BAD_USER_INPUT', 'Keys pass to an owner of the organization.', ['keysTo']);
  await db.apiKey.updateMany({ where: { createdById: from, revokedAt: null }, data: { createdById } });
}

/** What will end with somebody, as far as the caller may see it. */
async function endingWith({ db }: Context, id: string) {
  const keys = await db.apiKey.findMany({ where: { createdById: id, revokedAt: null }, select: { id: true } });
  const sent = await db.invitation.findMany({ where: { invitedById: id, status: 'pending' }, select: { id: true } });
  return { keys: keys.map((row) => row.id), invitations: sent.map((row) => row.id) };
}

async function remove(input: typeof MemberRemoveInput.$inferInput, context: Context) {
  const id = rowId('Member', input);
  if (input.keysTo) await passKeys(context, id, input.keysTo);
  const extra = await endingWith(context, id);
  return { ...(await setStatus(context, input, 'removed')), extra };
}

mutation({
  name: 'memberRemove',
  description:
    'Shuts a member out, from their next request on. What they did stays; the API keys that they made are revoked, unless an owner takes them over, and so are the invitations that they sent and that are pending. Nobody removes somebody with permissions that they do not have themselves. `memberRestore` lets them in again.',
  permission: 'members:write',
  input: MemberRemoveInput,
  returns: 'Member',
  payload: (t) => ({
    revokedApiKeyIds: t.idList({
      nullable: true,
      description: 'The API keys that ended with the membership. Needs `keys:read`.',
      extensions: { permission: 'keys:read' },
      resolve: ({ extra }) => ((extra.keys ?? []) as string[]).map((id) => toGlobalId('ApiKey', id)),
    }),
    revokedInvitationIds: t.idList({
      nullable: true,
      description: 'The pending invitations that ended with the membership.',
      resolve: ({ extra }) => ((extra.invitations ?? []) as string[]).map((id) => toGlobalId('Invitation', id)),
    }),
  }),
  run: remove,
});

mutation({
  name: 'memberRestore',
  description:
    'Lets a removed member in again, with the role that they had and nothing beyond it. Nobody restores somebody with permissions that they do not have themselves.',
  permission: 'members:write',
  input: TargetInput,
  returns: 'Member',
  run: (input, context) => setStatus(context, input, 'active'),
});
