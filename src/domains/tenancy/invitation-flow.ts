import { demandHeld } from '../../auth/giving.ts';
import { createInvitationToken, parseInvitationToken } from '../../auth/invitation-token.ts';
import type { Role as RoleName } from '../../auth/permissions.ts';
import { demandOrganization, demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { Role } from '../../graphql/role.ts';
import { changeRow, createRow, type Input, rowId, type Written } from '../../graphql/rows.ts';
import { findMemberships } from './membership.ts';

const dayMs = 86_400_000;
const maxDays = 90;

const InvitationSendInput = builder.inputType('InvitationSendInput', {
  description: 'Whom to invite.',
  fields: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: 'The address of the person.' }),
    role: t.field({ type: Role, required: true, description: 'What the person may do after accepting.' }),
    anyAddress: t.boolean({
      defaultValue: false,
      description:
        'Whether anyone who has the token can accept it. Otherwise only a person whose token says that this address is theirs and verified (`email_verified`).',
    }),
    expiresInDays: t.int({ defaultValue: 7, description: `For how many days it can be accepted: 1 to ${maxDays}.` }),
  }),
});

const InvitationAcceptInput = builder.inputType('InvitationAcceptInput', {
  description: 'The invitation to accept.',
  fields: (t) => ({ token: t.string({ required: true, description: 'The token that `invitationSend` gave.' }) }),
});

/** The same address, in upper or lower case; the wildcards of LIKE stand for themselves. */
const sameAddress = (email: string) => ({ equals: email.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const });

/** An invitation whose time is over makes room for a new one. */
async function makeRoom({ db }: Context, email: string): Promise<void> {
  const member = await db.member.findFirst({
    where: { email: sameAddress(email), status: 'active' },
    select: { userId: true },
  });
  if (member) throw new UserError('CONFLICT', 'The person with this address is a member already.', ['email']);
  await db.invitation.updateMany({
    where: { email: sameAddress(email), status: 'pending', expiresAt: { lte: new Date() } },
    data: { status: 'expired' },
  });
}

async function sendInvitation(
  context: Context,
  { email, role, anyAddress, expiresInDays }: typeof InvitationSendInput.$inferInput,
) {
  const days = expiresInDays ?? 7;
  if (days < 1 || days > maxDays)
    throw new UserError('BAD_USER_INPUT', `An invitation is good for 1 to ${maxDays} days.`, ['expiresInDays']);
  if (role !== 'owner') demandHeld(context.scope, { role: role as RoleName }, 'role');
  await makeRoom(context, email);
  const { token, hash } = createInvitationToken(demandOrganization(context.scope));
  const expiresAt = new Date(Date.now() + days * dayMs);
  const { id } = await createRow(
    context,
    'Invitation',
    { email, role },
    { isAnyAddress: anyAddress ?? false, tokenHash: hash, expiresAt, invitedById: context.scope.userId },
  );
  return { id, extra: { token } };
}

async function revokeInvitation(context: Context, input: Input): Promise<Written> {
  const id = rowId('Invitation', input);
  const invitation = await context.db.invitation.findFirst({ where: { id }, select: { status: true } });
  if (invitation && invitation.status !== 'pending') {
    throw new UserError('CONFLICT', `This invitation is ${invitation.status} already.`, ['id']);
  }
  return changeRow(context, 'Invitation', {
    id,
    expectedVersion: input.expectedVersion,
    data: { status: 'revoked' },
  });
}

/** What is wrong with a token is the database's to say, in the same words whatever it is. */
async function acceptInvitation(context: Context, text: string) {
  demandPerson(context.scope);
  const { orgId: id, hash } = parseInvitationToken(text) ?? { orgId: null, hash: '' };
  await context.db.$queryRaw`select app.accept_invitation(${id}::uuid, ${hash}, ${context.verifiedEmail})`;
  const mine = await findMemberships(context);
  return { id: id ?? '', extra: { role: mine.find(({ organizationId }) => organizationId === id)?.role } };
}

mutation({
  name: 'invitationSend',
  description:
    'Makes an invitation. No mail is sent: the token in the payload is yours to pass on. Only an owner invites owners, and nobody to a role with permissions that they do not have themselves.',
  permission: 'members:write',
  input: InvitationSendInput,
  returns: 'Invitation',
  payload: (t) => ({
    token: t.string({
      nullable: true,
      description: 'The token to accept it with. Shown only here; what is stored is its hash.',
      resolve: ({ extra }) => (extra.token as string | undefined) ?? null,
    }),
  }),
  run: (input, context) => sendInvitation(context, input),
});

mutation({
  name: 'invitationRevoke',
  description: 'Takes a pending invitation back: its token no longer works.',
  permission: 'members:write',
  input: TargetInput,
  returns: 'Invitation',
  run: (input, context) => revokeInvitation(context, input),
});

mutation({
  name: 'invitationAccept',
  description:
    'Joins the organization that an invitation names. Works once, for the person whose address was invited and is verified. API keys cannot.',
  permission: 'signedIn',
  input: InvitationAcceptInput,
  returns: 'Organization',
  payload: (t) => ({
    role: t.field({
      type: Role,
      nullable: true,
      description: 'What the caller may do in the organization.',
      resolve: ({ extra }) => (extra.role as string | undefined) ?? null,
    }),
  }),
  run: ({ token }, context) => acceptInvitation(context, token),
});
