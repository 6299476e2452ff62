import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('InventoryItem', {
  permission: 'support:read',
  filter: {
    columns: ['sku', 'name', 'deviceTypeId', 'unitCostCents', 'currency', 'reorderPoint'],
    relations: ['deviceType', 'stockLevels', 'vehicleInventory'],
  },
  orderBy: { columns: ['sku', 'name', 'unitCostCents', 'currency', 'reorderPoint'], relations: ['deviceType'] },
});

builder.prismaObject('InventoryItem', {
  description: 'Something kept in stock.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    sku: t.exposeString('sku'),
    name: t.exposeString('name'),
    unitCost: money(t, 'What one costs.', 'unitCostCents'),
    reorderPoint: t.exposeInt('reorderPoint'),
    deviceType: t.relation('deviceType', { nullable: true }),
    stockLevels: relatedList(t, 'stockLevels', 'The stock levels.'),
    vehicleInventory: relatedList(t, 'vehicleInventory', 'The vehicle inventories.'),
  }),
});

builder.queryFields((t) => ({
  inventoryItem: byId(t, 'InventoryItem', 'One inventory item.'),
  inventoryItems: list(t, 'InventoryItem', 'The inventory items of the organization.'),
}));

const details = (t: InputFields) => ({
  deviceTypeId: t.id(),
  unitCostCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
  reorderPoint: t.int(),
});

const InventoryItemCreateInput = builder.inputType('InventoryItemCreateInput', {
  description: 'A new inventory item.',
  fields: (t) => ({
    id: clientId(t),
    sku: t.string({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const InventoryItemUpdateInput = builder.inputType('InventoryItemUpdateInput', {
  description: 'Changes to an inventory item. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), sku: t.string(), name: t.string(), ...details(t) }),
});

lifecycle('InventoryItem', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: InventoryItemCreateInput,
  update: InventoryItemUpdateInput,
});
