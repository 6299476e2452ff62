import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('DeviceType', {
  permission: 'support:read',
  filter: { columns: ['name', 'category', 'manufacturer', 'model'], relations: ['devices', 'inventoryItems'] },
  orderBy: { columns: ['name', 'category', 'manufacturer', 'model'] },
});

builder.prismaObject('DeviceType', {
  description: 'A model of device, as a manufacturer sells it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    category: t.exposeString('category', { nullable: true }),
    manufacturer: t.exposeString('manufacturer', { nullable: true }),
    model: t.exposeString('model', { nullable: true }),
    devices: relatedList(t, 'devices', 'The devices of this model.'),
    inventoryItems: relatedList(t, 'inventoryItems', 'What is kept in stock of it, or for it.'),
  }),
});

builder.queryFields((t) => ({
  deviceType: byId(t, 'DeviceType', 'One model of device.'),
  deviceTypes: list(t, 'DeviceType', 'The models of device that the organization knows.'),
}));

const details = (t: InputFields) => ({
  category: t.string(),
  manufacturer: t.string(),
  model: t.string(),
});

const DeviceTypeCreateInput = builder.inputType('DeviceTypeCreateInput', {
  description: 'A new model of device.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const DeviceTypeUpdateInput = builder.inputType('DeviceTypeUpdateInput', {
  description: 'Changes to a model of device. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('DeviceType', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: DeviceTypeCreateInput,
  update: DeviceTypeUpdateInput,
});
