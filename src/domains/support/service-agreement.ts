import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ServiceAgreementStatus = enumOf('ServiceAgreementStatus', 'Where a service agreement stands.', [
  'draft',
  'active',
  'expired',
  'canceled',
]);

readable('ServiceAgreement', {
  permission: 'support:read',
  filter: {
    columns: ['accountId', 'propertyId', 'slaId', 'name', 'startsOn', 'endsOn', 'feeCents', 'currency'],
    enums: { status: ServiceAgreementStatus },
    relations: ['account', 'property', 'sla'],
  },
  orderBy: {
    columns: ['name', 'status', 'startsOn', 'endsOn', 'feeCents', 'currency'],
    relations: ['account', 'property', 'sla'],
  },
});

builder.prismaObject('ServiceAgreement', {
  description: 'What a client pays for being looked after.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    status: t.expose('status', { type: ServiceAgreementStatus }),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    fee: money(t, 'The fee.', 'feeCents'),
    account: t.relation('account'),
    property: t.relation('property', { nullable: true }),
    sla: t.relation('sla', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  serviceAgreement: byId(t, 'ServiceAgreement', 'One service agreement.'),
  serviceAgreements: list(t, 'ServiceAgreement', 'The service agreements of the organization.'),
}));

const details = (t: InputFields) => ({
  propertyId: t.id(),
  slaId: t.id(),
  status: t.field({ type: ServiceAgreementStatus }),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
  feeCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
});

const ServiceAgreementCreateInput = builder.inputType('ServiceAgreementCreateInput', {
  description: 'A new service agreement.',
  fields: (t) => ({
    id: clientId(t),
    accountId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const ServiceAgreementUpdateInput = builder.inputType('ServiceAgreementUpdateInput', {
  description: 'Changes to a service agreement. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), accountId: t.id(), name: t.string(), ...details(t) }),
});

lifecycle('ServiceAgreement', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: ServiceAgreementCreateInput,
  update: ServiceAgreementUpdateInput,
});
