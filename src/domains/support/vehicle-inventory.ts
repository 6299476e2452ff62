import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('VehicleInventory', {
  permission: 'support:read',
  filter: { columns: ['technicianId', 'vehicle', 'itemId', 'quantity'], relations: ['technician', 'item'] },
  orderBy: { columns: ['vehicle', 'quantity'], relations: ['technician', 'item'] },
});

builder.prismaObject('VehicleInventory', {
  description: 'How many of an item a technician carries in a vehicle.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    vehicle: t.exposeString('vehicle'),
    quantity: t.exposeInt('quantity'),
    technician: t.relation('technician'),
    item: t.relation('item'),
  }),
});

builder.queryFields((t) => ({
  vehicleInventory: byId(t, 'VehicleInventory', 'One vehicle inventory.'),
  vehicleInventories: list(t, 'VehicleInventory', 'The vehicle inventories of the organization.'),
}));

const details = (t: InputFields) => ({
  vehicle: t.string(),
  quantity: t.int(),
});

const VehicleInventoryCreateInput = builder.inputType('VehicleInventoryCreateInput', {
  description: 'A new vehicle inventory.',
  fields: (t) => ({
    id: clientId(t),
    technicianId: t.id({ required: true }),
    itemId: t.id({ required: true }),
    ...details(t),
  }),
});

const VehicleInventoryUpdateInput = builder.inputType('VehicleInventoryUpdateInput', {
  description: 'Changes to a vehicle inventory. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), technicianId: t.id(), itemId: t.id(), ...details(t) }),
});

lifecycle('VehicleInventory', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: VehicleInventoryCreateInput,
  update: VehicleInventoryUpdateInput,
});
