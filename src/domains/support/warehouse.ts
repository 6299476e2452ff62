import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Warehouse', {
  permission: 'support:read',
  filter: { columns: ['name', 'address'], relations: ['stockLevels'] },
  orderBy: { columns: ['name'] },
});

builder.prismaObject('Warehouse', {
  description: 'A building where stock is kept.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    address: t.expose('address', { type: 'JSON' }),
    stockLevels: relatedList(t, 'stockLevels', 'What there is in it.'),
  }),
});

builder.queryFields((t) => ({
  warehouse: byId(t, 'Warehouse', 'One warehouse.'),
  warehouses: list(t, 'Warehouse', 'The warehouses of the organization.'),
}));

const details = (t: InputFields) => ({
  address: t.field({ type: 'JSON' }),
});

const WarehouseCreateInput = builder.inputType('WarehouseCreateInput', {
  description: 'A new warehouse.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const WarehouseUpdateInput = builder.inputType('WarehouseUpdateInput', {
  description: 'Changes to a warehouse. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Warehouse', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: WarehouseCreateInput,
  update: WarehouseUpdateInput,
});
