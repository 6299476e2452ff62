import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { Role } from '../../graphql/role.ts';

const InvitationStatus = enumOf('InvitationStatus', 'What became of an invitation.', {
  pending: 'Can be accepted.',
  accepted: 'Was accepted.',
  revoked: 'Was taken back.',
  expired: 'Was not accepted in time.',
});

readable('Invitation', {
  permission: 'members:write',
  filter: {
    columns: ['email', 'invitedById', 'expiresAt', 'acceptedAt', 'isAnyAddress', 'acceptedById'],
    enums: { role: Role, status: InvitationStatus },
    relations: ['invitedBy', 'acceptedBy'],
  },
  orderBy: {
    columns: ['email', 'role', 'status', 'expiresAt', 'acceptedAt'],
    relations: ['invitedBy', 'acceptedBy'],
  },
});

const statusSql: DerivedJson = (column) =>
  `to_json(upper(case when ${column('status')} = 'pending' and ${column('expiresAt')} <= now() then 'expired' else ${column('status')} end))`;

builder.prismaObject('Invitation', {
  description: 'An invitation to join the organization, accepted with a token that is shown once.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    email: t.expose('email', { type: 'EmailAddress' }),
    role: t.expose('role', { type: Role }),
    status: t.field({
      type: InvitationStatus,
      description:
        'The state. A pending invitation reads EXPIRED from `expiresAt` on; filters and orders take it as PENDING until another one replaces it.',
      select: { status: true, expiresAt: true },
      extensions: { derived: statusSql },
      resolve: ({ status, expiresAt }) => (status === 'pending' && expiresAt <= new Date() ? 'expired' : status),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    acceptedAt: t.expose('acceptedAt', { type: 'DateTime', nullable: true }),
    isAnyAddress: t.exposeBoolean('isAnyAddress'),
    invitedBy: t.relation('invitedBy', { nullable: true }),
    acceptedBy: t.relation('acceptedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  invitation: byId(t, 'Invitation', 'One invitation.'),
  invitations: list(t, 'Invitation', 'The invitations of the organization, whatever became of them.'),
}));
