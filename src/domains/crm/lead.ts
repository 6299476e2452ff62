import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, updateRow, type Written } from '../../graphql/rows.ts';

const LeadStatus = enumOf('LeadStatus', 'How far a lead has come.', {
  new: 'Nobody has been in touch.',
  contacted: 'Somebody has been in touch.',
  qualified: 'Worth converting.',
  unqualified: 'Not worth more effort.',
  converted: 'Became an account, a contact and a deal. Set by `leadConvert` alone.',
});

readable('Lead', {
  permission: 'crm:read',
  filter: {
    columns: [
      'firstName',
      'lastName',
      'email',
      'phone',
      'companyName',
      'source',
      'score',
      'assignedToId',
      'notes',
      'convertedAt',
      'convertedAccountId',
      'convertedContactId',
      'convertedDealId',
      'metadata',
    ],
    enums: { status: LeadStatus },
    relations: ['assignedTo', 'convertedAccount', 'convertedContact', 'convertedDeal'],
  },
  orderBy: {
    columns: ['firstName', 'lastName', 'email', 'companyName', 'source', 'status', 'score', 'convertedAt'],
    relations: ['assignedTo', 'convertedAccount', 'convertedContact', 'convertedDeal'],
  },
});

builder.prismaObject('Lead', {
  description: 'Somebody who might become a customer. Converting a lead makes an account, a contact and a deal.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    firstName: t.exposeString('firstName', { nullable: true }),
    lastName: t.exposeString('lastName', { nullable: true }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    phone: t.exposeString('phone', { nullable: true }),
    companyName: t.exposeString('companyName', { nullable: true }),
    source: t.exposeString('source', { nullable: true }),
    status: t.expose('status', { type: LeadStatus }),
    score: t.exposeInt('score'),
    notes: t.exposeString('notes', { nullable: true }),
    convertedAt: t.expose('convertedAt', { type: 'DateTime', nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    assignedTo: t.relation('assignedTo', { nullable: true }),
    convertedAccount: t.relation('convertedAccount', { nullable: true }),
    convertedContact: t.relation('convertedContact', { nullable: true }),
    convertedDeal: t.relation('convertedDeal', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  lead: byId(t, 'Lead', 'One lead.'),
  leads: list(t, 'Lead', 'The leads of the organization.'),
}));

const details = (t: InputFields) => ({
  firstName: t.string(),
  lastName: t.string(),
  email: t.field({ type: 'EmailAddress' }),
  phone: t.string(),
  companyName: t.string(),
  source: t.string(),
  status: t.field({ type: LeadStatus, description: 'How far it has come. Only `leadConvert` makes it CONVERTED.' }),
  score: t.int(),
  assignedToId: t.id(),
  notes: t.string(),
  metadata: t.field({ type: 'JSON' }),
});

const LeadCreateInput = builder.inputType('LeadCreateInput', {
  description: 'A new lead. It needs a name, a mail address or a company.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const LeadUpdateInput = builder.inputType('LeadUpdateInput', {
  description: 'Changes to a lead. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

function refuseConverted({ status }: Input): void {
  if (status === 'converted') throw new UserError('BAD_USER_INPUT', 'Only leadConvert converts a lead.', ['status']);
}

async function updateLead(context: Context, input: Input): Promise<Written> {
  refuseConverted(input);
  if (!input.status) return updateRow(context, 'Lead', input);
  const { status, version } = await liveRow(context, 'Lead', input, { status: true });
  if (status === 'converted')
    throw new UserError('CONFLICT', 'This lead is converted and stays so.', ['status'], version);
  return updateRow(context, 'Lead', { ...input, expectedVersion: version });
}

mutation({
  name: 'leadCreate',
  description: 'Makes a lead.',
  permission: 'crm:write',
  input: LeadCreateInput,
  returns: 'Lead',
  run: (input, context) => {
    refuseConverted(input);
    return createRow(context, 'Lead', input);
  },
});

mutation({
  name: 'leadUpdate',
  description: 'Changes a lead.',
  permission: 'crm:write',
  input: LeadUpdateInput,
  returns: 'Lead',
  run: (input, context) => updateLead(context, input),
});

lifecycle('Lead', { write: 'crm:write', destroy: 'crm:destroy' });
