import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { clientId, type InputFields, lifecycle, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, updateRow } from '../../graphql/rows.ts';

const PropertyStatus = enumOf('PropertyStatus', 'Whether a place is in use.', {
  active: 'In use.',
  inactive: 'No longer in use.',
});

readable('Property', {
  permission: 'crm:read',
  filter: {
    columns: [
      'id',
      'accountId',
      'name',
      'address',
      'latitude',
      'longitude',
      'accessNotes',
      'deletedAt',
      'createdAt',
      'updatedAt',
      'version',
    ],
    enums: { status: PropertyStatus },
    relations: ['account'],
  },
  orderBy: {
    columns: ['id', 'name', 'latitude', 'longitude', 'status', 'createdAt', 'updatedAt'],
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

mutation({
  name: 'propertyCreate',
  description: 'Makes a property of an account.',
  permission: 'crm:write',
  input: PropertyCreateInput,
  returns: 'Property',
  run: (input, context) => createRow(context, 'Property', input),
});

mutation({
  name: 'propertyUpdate',
  description: 'Changes a property.',
  permission: 'crm:write',
  input: PropertyUpdateInput,
  returns: 'Property',
  run: (input, context) => updateRow(context, 'Property', input),
});

lifecycle('Property', { write: 'crm:write', destroy: 'crm:destroy' });
