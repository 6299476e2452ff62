import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('InventoryItem', {
  permission: 'support:read',
  filter: {
    columns: [
      'sku',
      'name',
      'deviceTypeId',
      'unitCostCents',
      'currency',
      'reorderPoint',
      'quantityInStock',
      'needsReorder',
    ],
    relations: ['deviceType', 'stockLevels', 'vehicleInventory'],
  },
  orderBy: {
    columns: ['sku', 'name', 'unitCostCents', 'currency', 'reorderPoint', 'quantityInStock'],
    relations: ['deviceType'],
  },
});

builder.prismaObject('InventoryItem', {
  description: 'Something that is kept in stock: a spare part, a consumable, a new device.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    sku: t.exposeString('sku'),
    name: t.exposeString('name'),
    unitCost: money(t, 'What one of it costs to buy.', 'unitCostCents'),
    reorderPoint: t.exposeInt('reorderPoint'),
    quantityInStock: t.exposeInt('quantityInStock'),
    needsReorder: t.exposeBoolean('needsReorder'),
    deviceType: t.relation('deviceType', { nullable: true }),
    stockLevels: relatedList(t, 'stockLevels', 'How many there are in each warehouse.'),
    vehicleInventory: relatedList(t, 'vehicleInventory', 'How many there are in each vehicle.'),
  }),
});

builder.queryFields((t) => ({
  inventoryItem: byId(t, 'InventoryItem', 'One item of the stock.'),
  inventoryItems: list(
    t,
    'InventoryItem',
    'The items of the stock. Filter by `needsReorder` for what is to be ordered.',
  ),
}));

const details = (t: InputFields) => ({
  deviceTypeId: t.id(),
  unitCostCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
  reorderPoint: t.int(),
});

const InventoryItemCreateInput = builder.inputType('InventoryItemCreateInput', {
  description: 'A new item of the stock. `stockAdjust` says how many there are.',
  fields: (t) => ({
    id: clientId(t),
    sku: t.string({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const InventoryItemUpdateInput = builder.inputType('InventoryItemUpdateInput', {
  description: 'Changes to an item of the stock. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), sku: t.string(), name: t.string(), ...details(t) }),
});

lifecycle('InventoryItem', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: InventoryItemCreateInput,
  update: InventoryItemUpdateInput,
});
