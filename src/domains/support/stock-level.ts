import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { demandEmpty } from './stock-place.ts';

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
  stockLevel: byId(t, 'StockLevel', 'What one warehouse holds of one item.'),
  stockLevels: list(t, 'StockLevel', 'What the warehouses hold.'),
}));

lifecycle('StockLevel', { write: 'support:write', destroy: 'support:destroy', before: demandEmpty('StockLevel') });
