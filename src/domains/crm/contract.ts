import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, updateRow, type Written } from '../../graphql/rows.ts';

const ContractStatus = enumOf('ContractStatus', 'Where a contract stands.', {
  draft: 'Being written.',
  sent: 'With the customer.',
  signed: 'In force. Set by `contractSign` alone.',
  terminated: 'Ended before its time.',
  expired: 'Ended by its time.',
});

readable('Contract', {
  permission: 'crm:read',
  filter: {
    columns: [
      'accountId',
      'proposalId',
      'clientName',
      'title',
      'scope',
      'terms',
      'startsOn',
      'endsOn',
      'signedAt',
      'signedBy',
    ],
    enums: { status: ContractStatus },
    relations: ['account', 'proposal'],
  },
  orderBy: {
    columns: ['clientName', 'title', 'status', 'startsOn', 'endsOn', 'signedAt', 'signedBy'],
    relations: ['account', 'proposal'],
  },
});

builder.prismaObject('Contract', {
  description: 'An agreement with a customer.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    clientName: t.exposeString('clientName', { nullable: true }),
    title: t.exposeString('title'),
    scope: t.exposeString('scope', { nullable: true }),
    terms: t.exposeString('terms', { nullable: true }),
    status: t.expose('status', { type: ContractStatus }),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    signedAt: t.expose('signedAt', { type: 'DateTime', nullable: true }),
    signedBy: t.exposeString('signedBy', { nullable: true }),
    account: t.relation('account', { nullable: true }),
    proposal: t.relation('proposal', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  contract: byId(t, 'Contract', 'One contract.'),
  contracts: list(t, 'Contract', 'The contracts of the organization.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  proposalId: t.id(),
  clientName: t.string(),
  scope: t.string(),
  terms: t.string(),
  status: t.field({ type: ContractStatus, description: 'Where it stands. Only `contractSign` makes it SIGNED.' }),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
});

const ContractCreateInput = builder.inputType('ContractCreateInput', {
  description: 'A new contract.',
  fields: (t) => ({ id: clientId(t), title: t.string({ required: true }), ...details(t) }),
});

const ContractUpdateInput = builder.inputType('ContractUpdateInput', {
  description: 'Changes to a contract. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), title: t.string(), ...details(t) }),
});

function refuseSigned({ status }: Input): void {
  if (status === 'signed') throw new UserError('BAD_USER_INPUT', 'Only contractSign signs a contract.', ['status']);
}

/** What was signed once can end, and is no draft again. */
async function updateContract(context: Context, input: Input): Promise<Written> {
  refuseSigned(input);
  if (input.status !== 'draft' && input.status !== 'sent') return updateRow(context, 'Contract', input);
  const { signedAt, status, version } = await liveRow(context, 'Contract', input, { signedAt: true, status: true });
  if (signedAt) {
    throw new UserError(
      'CONFLICT',
      `This contract was signed and is ${status}; it cannot be ${input.status} again.`,
      ['status'],
      version,
    );
  }
  return updateRow(context, 'Contract', { ...input, expectedVersion: version });
}

mutation({
  name: 'contractCreate',
  description: 'Makes a contract.',
  permission: 'crm:write',
  input: ContractCreateInput,
  returns: 'Contract',
  run: (input, context) => {
    refuseSigned(input);
    return createRow(context, 'Contract', input);
  },
});

mutation({
  name: 'contractUpdate',
  description: 'Changes a contract.',
  permission: 'crm:write',
  input: ContractUpdateInput,
  returns: 'Contract',
  run: (input, context) => updateContract(context, input),
});

lifecycle('Contract', { write: 'crm:write', destroy: 'crm:destroy' });
