import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('StockLevel', {
  permission: 'support:read',
  filter: { columns: ['itemId', 'warehouseId', 'quantity'], relations: ['item', 'warehouse'] },
  orderBy: { columns: ['quantity'], relations: ['item', 'warehouse'] },
});

builder.prismaObject('StockLevel', {
  description: 'How many of an item a warehouse holds.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    quantity: t.exposeInt('quantity'),
    item: t.relation('item'),
    warehouse: t.relation('warehouse'),
  }),
});

builder.queryFields((t) => ({
  stockLevel: byId(t, 'StockLevel', 'One stock level.'),
  stockLevels: list(t, 'StockLevel', 'The stock levels of the organization.'),
}));

const details = (t: InputFields) => ({
  quantity: t.int(),
});

const StockLevelCreateInput = builder.inputType('StockLevelCreateInput', {
  description: 'A new stock level.',
  fields: (t) => ({
    id: clientId(t),
    itemId: t.id({ required: true }),
    warehouseId: t.id({ required: true }),
    ...details(t),
  }),
});

const StockLevelUpdateInput = builder.inputType('StockLevelUpdateInput', {
  description: 'Changes to a stock level. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), itemId: t.id(), warehouseId: t.id(), ...details(t) }),
});

lifecycle('StockLevel', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: StockLevelCreateInput,
  update: StockLevelUpdateInput,
});
