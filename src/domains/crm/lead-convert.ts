import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { madeRow, mutation, payloadRow, target } from '../../graphql/mutation.ts';
import { changeRow, createRow, liveRow, rowData } from '../../graphql/rows.ts';

const LeadConvertInput = builder.inputType('LeadConvertInput', {
  description: 'Which lead, and what becomes of it.',
  fields: (t) => ({
    ...target(t),
    accountId: t.id({ description: 'The account that the contact joins; a new one is made unless given.' }),
    accountName: t.string({
      description: "The name of the new account; the lead's company, or the person, unless given.",
    }),
    createDeal: t.boolean({ defaultValue: true, description: 'Whether a deal is made.' }),
    dealTitle: t.string({ description: 'The title of the deal; the name of the account unless given.' }),
    valueCents: t.field({ type: 'BigInt', description: 'The value of the deal in minor units.' }),
    currency: t.string({ description: 'The ISO 4217 currency of the deal.' }),
    pipelineId: t.id({ description: 'The pipeline of the deal; the default one unless given.' }),
  }),
});

type Wishes = typeof LeadConvertInput.$inferInput;

interface Lead {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly companyName: string | null;
  readonly source: string | null;
  readonly assignedToId: string | null;
}

interface NamedRow {
  readonly id: string;
  readonly name: string;
}

const leadColumns = {
  id: true,
  status: true,
  firstName: true,
  lastName: true,
  email: true,
  phone: true,
  companyName: true,
  source: true,
  assignedToId: true,
};

async function openLead(context: Context, input: Wishes): Promise<Lead> {
  const lead = (await liveRow(context, 'Lead', input, leadColumns)) as unknown as Lead;
  if (lead.status === 'converted')
    throw new UserError('CONFLICT', 'This lead is converted already.', ['id'], lead.version);
  return lead;
}

const personName = ({ firstName, lastName, email, companyName }: Lead): string =>
  [firstName, lastName].filter(Boolean).join(' ') || email || companyName || 'Unknown';

async function existingAccount(context: Context, id: string): Promise<NamedRow> {
  const account = await context.db.account.findFirst({
    where: { id, deletedAt: null },
    select: { id: true, name: true },
  });
  if (!account) throw new UserError('NOT_FOUND', 'There is no such account.', ['accountId']);
  return account;
}

async function newAccount(context: Context, lead: Lead, wanted: string | null | undefined): Promise<NamedRow> {
  const company = wanted || lead.companyName;
  const name = company || personName(lead);
  const person = company ? { kind: 'company' } : { kind: 'person', email: lead.email, phone: lead.phone };
  const { id } = await createRow(context, 'Account', { name, ownerId: lead.assignedToId, ...person });
  return { id, name };
}

const newContact = (context: Context, lead: Lead, account: NamedRow, isPrimary: boolean) =>
  createRow(context, 'Contact', {
    accountId: account.id,
    firstName: lead.firstName,
    lastName: lead.lastName,
    fullName: personName(lead),
    email: lead.email,
    phone: lead.phone,
    leadSource: lead.source,
    assignedToId: lead.assignedToId,
    isPrimary,
  });

const newDeal = (
  context: Context,
  lead: Lead,
  account: NamedRow,
  contactId: string,
  { dealTitle, valueCents, currency, pipelineId }: Wishes,
) =>
  createRow(context, 'Deal', {
    title: dealTitle || account.name,
    accountId: account.id,
    contactId,
    ownerId: lead.assignedToId,
    valueCents: valueCents ?? undefined,
    currency: currency ?? undefined,
    pipelineId: pipelineId ?? undefined,
  });

/** All of it or, as everything here is one transaction, nothing. */
async function convertLead(input: Wishes, context: Context) {
  const lead = await openLead(context, input);
  const { accountId } = rowData<{ accountId?: string | null }>('Contact', { accountId: input.accountId });
  if (accountId && input.accountName)
    throw new UserError('BAD_USER_INPUT', 'Give accountId or accountName, not both.', ['accountName']);
  const account = accountId
    ? await existingAccount(context, accountId)
    : await newAccount(context, lead, input.accountName);
  const contact = await newContact(context, lead, account, !accountId);
  const deal = input.createDeal === false ? null : await newDeal(context, lead, account, contact.id, input);
  const extra = { accountId: account.id, contactId: contact.id, dealId: deal?.id ?? null };
  const data = {
    status: 'converted',
    convertedAt: new Date(),
    convertedAccountId: extra.accountId,
    convertedContactId: extra.contactId,
    convertedDealId: extra.dealId,
  };
  return { ...(await changeRow(context, 'Lead', { id: lead.id, expectedVersion: lead.version, data })), extra };
}

mutation({
  name: 'leadConvert',
  description: 'Turns a lead into an account, a contact and a deal in one step.',
  permission: 'crm:write',
  input: LeadConvertInput,
  returns: 'Lead',
  payload: (t) => ({
    account: payloadRow(t, 'Account', 'The account, made or joined.', madeRow('accountId')),
    contact: payloadRow(t, 'Contact', 'The contact.', madeRow('contactId')),
    deal: payloadRow(t, 'Deal', 'The deal, if one was made.', madeRow('dealId')),
  }),
  run: convertLead,
});
