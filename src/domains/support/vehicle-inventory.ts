import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { demandEmpty } from './stock-place.ts';

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
  vehicleInventory: byId(t, 'VehicleInventory', 'What one vehicle holds of one item.'),
  vehicleInventories: list(t, 'VehicleInventory', 'What the vehicles of the technicians hold.'),
}));

lifecycle('VehicleInventory', {
  write: 'support:write',
  destroy: 'support:destroy',
  before: demandEmpty('VehicleInventory'),
});
