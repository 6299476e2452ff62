import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const PropertyStatus = enumOf('PropertyStatus', 'Whether a place is in use.', {
  active: 'In use.',
  inactive: 'No longer in use.',
});

readable('Property', {
  permission: 'crm:read',
  filter: {
    columns: ['accountId', 'name', 'address', 'latitude', 'longitude', 'accessNotes'],
    enums: { status: PropertyStatus },
    relations: ['account', 'projects', 'devices', 'tickets', 'serviceAgreements'],
  },
  orderBy: {
    columns: ['name', 'latitude', 'longitude', 'status'],
    relations: ['account'],
  },
});

builder.prismaObject('Property', {
  description: 'A place that belongs to an account: a building, a site, a flat.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    address: t.expose('address', { type: 'JSON' }),
    latitude: t.exposeFloat('latitude', { nullable: true }),
    longitude: t.exposeFloat('longitude', { nullable: true }),
    accessNotes: t.exposeString('accessNotes', { nullable: true }),
    status: t.expose('status', { type: PropertyStatus }),
    account: t.relation('account'),
    projects: relatedList(t, 'projects', 'The projects at this place.'),
    devices: relatedList(t, 'devices', 'The devices at this place.'),
    tickets: relatedList(t, 'tickets', 'What is wrong at this place.'),
    serviceAgreements: relatedList(t, 'serviceAgreements', 'The agreements for this place.'),
  }),
});

builder.queryFields((t) => ({
  property: byId(t, 'Property', 'One property.'),
  properties: list(t, 'Property', 'The properties of all accounts.'),
}));

const details = (t: InputFields) => ({
  address: t.field({ type: 'JSON' }),
  latitude: t.float(),
  longitude: t.float(),
  accessNotes: t.string(),
  status: t.field({ type: PropertyStatus }),
});

const PropertyCreateInput = builder.inputType('PropertyCreateInput', {
  description: 'A new property.',
  fields: (t) => ({
    id: clientId(t),
    accountId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const PropertyUpdateInput = builder.inputType('PropertyUpdateInput', {
  description: 'Changes to a property. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), accountId: t.id(), name: t.string(), ...details(t) }),
});

lifecycle('Property', {
  write: 'crm:write',
  destroy: 'crm:destroy',
  create: PropertyCreateInput,
  update: PropertyUpdateInput,
});
