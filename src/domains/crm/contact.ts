import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('Contact', {
  permission: 'crm:read',
  filter: {
    columns: [
      'accountId',
      'firstName',
      'lastName',
      'fullName',
      'email',
      'phone',
      'title',
      'linkedinUrl',
      'isPrimary',
      'leadSource',
      'assignedToId',
      'metadata',
      'tags',
    ],
    relations: ['account', 'assignedTo', 'deals', 'interactions', 'convertedLeads', 'tickets'],
  },
  orderBy: {
    columns: ['firstName', 'lastName', 'fullName', 'email', 'title', 'isPrimary', 'leadSource'],
    relations: ['account', 'assignedTo'],
  },
});

builder.prismaObject('Contact', {
  description: 'A person at an account, or on their own.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    firstName: t.exposeString('firstName', { nullable: true }),
    lastName: t.exposeString('lastName', { nullable: true }),
    fullName: t.exposeString('fullName'),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    phone: t.exposeString('phone', { nullable: true }),
    title: t.exposeString('title', { nullable: true }),
    linkedinUrl: t.expose('linkedinUrl', { type: 'URL', nullable: true }),
    isPrimary: t.exposeBoolean('isPrimary'),
    leadSource: t.exposeString('leadSource', { nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    tags: t.exposeStringList('tags'),
    account: t.relation('account', { nullable: true }),
    assignedTo: t.relation('assignedTo', { nullable: true }),
    deals: relatedList(t, 'deals', 'The deals with this contact.'),
    interactions: relatedList(t, 'interactions', 'The calls, mails, meetings and notes with this contact.'),
    convertedLeads: relatedList(t, 'convertedLeads', 'The leads that became this contact.'),
    tickets: relatedList(t, 'tickets', 'What this contact needs help with.'),
  }),
});

builder.queryFields((t) => ({
  contact: byId(t, 'Contact', 'One contact.'),
  contacts: list(t, 'Contact', 'The contacts of the organization.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  firstName: t.string(),
  lastName: t.string(),
  fullName: t.string(),
  email: t.field({ type: 'EmailAddress' }),
  phone: t.string(),
  title: t.string(),
  linkedinUrl: t.field({ type: 'URL' }),
  isPrimary: t.boolean(),
  leadSource: t.string(),
  assignedToId: t.id(),
  metadata: t.field({ type: 'JSON' }),
  tags: t.stringList(),
});

const ContactCreateInput = builder.inputType('ContactCreateInput', {
  description: 'A new contact: with a full name, or with a first or last name to make it from.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const ContactUpdateInput = builder.inputType('ContactUpdateInput', {
  description:
    'Changes to a contact. Fields left out stay; null clears. A changed first or last name changes the full name.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

mutation({
  name: 'contactCreate',
  description: 'Makes a contact. Mail addresses are unique among live contacts.',
  permission: 'crm:write',
  input: ContactCreateInput,
  returns: 'Contact',
  run: (input, context) => createRow(context, 'Contact', input),
});

lifecycle('Contact', { write: 'crm:write', destroy: 'crm:destroy', update: ContactUpdateInput });
