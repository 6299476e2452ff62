import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const AccountKind = enumOf('AccountKind', 'A company or a person.', ['company', 'person']);

const AccountLifecycle = enumOf('AccountLifecycle', 'How far the relation has come.', {
  prospect: 'Not a client yet.',
  client: 'A client.',
  former: 'No longer a client.',
});

export const AccountClassification = enumOf('AccountClassification', 'How promising or endangered the relation is.', {
  cold: 'No word for 45 days or more.',
  warm: 'A word within 45 days.',
  hot: 'An open deal and a word within 14 days.',
  vip: '100,000.00 or more won in one currency.',
  at_risk: 'A client whose last word was negative, or who has been silent for 60 days.',
});

readable('Account', {
  permission: 'crm:read',
  filter: {
    columns: [
      'name',
      'industry',
      'website',
      'email',
      'phone',
      'billingAddress',
      'ownerId',
      'lastInteractionAt',
      'metadata',
      'tags',
    ],
    enums: { kind: AccountKind, lifecycle: AccountLifecycle, classification: AccountClassification },
    relations: [
      'owner',
      'contacts',
      'deals',
      'properties',
      'interactions',
      'proposals',
      'contracts',
      'documents',
      'projects',
      'briefs',
      'invoices',
      'tickets',
      'serviceAgreements',
      'conversations',
      'events',
    ],
  },
  orderBy: {
    columns: ['name', 'industry', 'lifecycle', 'classification', 'lastInteractionAt'],
    relations: ['owner'],
  },
});

builder.prismaObject('Account', {
  description: 'A company or person the organization does business with.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    kind: t.expose('kind', { type: AccountKind }),
    lifecycle: t.expose('lifecycle', { type: AccountLifecycle }),
    classification: t.expose('classification', { type: AccountClassification, nullable: true }),
    industry: t.exposeString('industry', { nullable: true }),
    website: t.expose('website', { type: 'URL', nullable: true }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    phone: t.exposeString('phone', { nullable: true }),
    billingAddress: t.expose('billingAddress', { type: 'JSON' }),
    lastInteractionAt: t.expose('lastInteractionAt', { type: 'DateTime', nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    tags: t.exposeStringList('tags'),
    owner: t.relation('owner', { nullable: true }),
    contacts: relatedList(t, 'contacts', 'The people at this account.'),
    deals: relatedList(t, 'deals', 'The deals with this account.'),
    properties: relatedList(t, 'properties', 'The places of this account.'),
    interactions: relatedList(t, 'interactions', 'The calls, mails, meetings and notes with this account.'),
    proposals: relatedList(t, 'proposals', 'The proposals to this account.'),
    contracts: relatedList(t, 'contracts', 'The contracts with this account.'),
    documents: relatedList(t, 'documents', 'The documents about this account.'),
    projects: relatedList(t, 'projects', 'The projects for this account.'),
    briefs: relatedList(t, 'briefs', 'What this account wants.'),
    invoices: relatedList(t, 'invoices', 'The invoices to this account.'),
    tickets: relatedList(t, 'tickets', 'What this account needs help with.'),
    serviceAgreements: relatedList(t, 'serviceAgreements', 'What this account pays for being looked after.'),
    conversations: relatedList(t, 'conversations', 'The conversations with this account.'),
    events: relatedList(t, 'events', 'The appointments with this account.'),
  }),
});

builder.queryFields((t) => ({
  account: byId(t, 'Account', 'One account.'),
  accounts: list(t, 'Account', 'The accounts of the organization.'),
}));

const details = (t: InputFields) => ({
  kind: t.field({ type: AccountKind }),
  lifecycle: t.field({ type: AccountLifecycle }),
  classification: t.field({ type: AccountClassification }),
  industry: t.string(),
  website: t.field({ type: 'URL' }),
  email: t.field({ type: 'EmailAddress' }),
  phone: t.string(),
  billingAddress: t.field({ type: 'JSON' }),
  ownerId: t.id(),
  metadata: t.field({ type: 'JSON' }),
  tags: t.stringList(),
});

const AccountCreateInput = builder.inputType('AccountCreateInput', {
  description: 'A new account.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const AccountUpdateInput = builder.inputType('AccountUpdateInput', {
  description: 'Changes to an account. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Account', {
  write: 'crm:write',
  destroy: 'crm:destroy',
  create: AccountCreateInput,
  update: AccountUpdateInput,
});
