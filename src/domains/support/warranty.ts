import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Warranty', {
  permission: 'support:read',
  filter: { columns: ['deviceId', 'provider', 'terms', 'startsOn', 'endsOn'], relations: ['device'] },
  orderBy: { columns: ['provider', 'startsOn', 'endsOn'], relations: ['device'] },
});

builder.prismaObject('Warranty', {
  description: 'What the maker of a device promises.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    provider: t.exposeString('provider', { nullable: true }),
    terms: t.exposeString('terms', { nullable: true }),
    startsOn: t.expose('startsOn', { type: 'Date' }),
    endsOn: t.expose('endsOn', { type: 'Date' }),
    device: t.relation('device'),
  }),
});

builder.queryFields((t) => ({
  warranty: byId(t, 'Warranty', 'One warranty.'),
  warranties: list(t, 'Warranty', 'The warranties of the organization.'),
}));

const details = (t: InputFields) => ({
  provider: t.string(),
  terms: t.string(),
});

const WarrantyCreateInput = builder.inputType('WarrantyCreateInput', {
  description: 'A new warranty.',
  fields: (t) => ({
    id: clientId(t),
    deviceId: t.id({ required: true }),
    startsOn: t.field({ type: 'Date', required: true }),
    endsOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const WarrantyUpdateInput = builder.inputType('WarrantyUpdateInput', {
  description: 'Changes to a warranty. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    deviceId: t.id(),
    startsOn: t.field({ type: 'Date' }),
    endsOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

lifecycle('Warranty', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: WarrantyCreateInput,
  update: WarrantyUpdateInput,
});
