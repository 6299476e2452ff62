import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ServiceUnit = enumOf('ServiceUnit', 'What the price of a service is for.', {
  hour: 'An hour of work.',
  day: 'A day of work.',
  item: 'One piece.',
  month: 'A month of it.',
});

readable('Service', {
  permission: 'crm:read',
  filter: {
    columns: ['name', 'description', 'unitPriceCents', 'currency', 'isActive'],
    enums: { unit: ServiceUnit },
    relations: ['proposalLineItems'],
  },
  orderBy: { columns: ['name', 'unit', 'unitPriceCents', 'currency', 'isActive'] },
});

builder.prismaObject('Service', {
  description: 'Something the organization sells, with its price.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    unit: t.expose('unit', { type: ServiceUnit }),
    unitPrice: money(t, 'The price of one unit.', 'unitPriceCents'),
    isActive: t.exposeBoolean('isActive'),
    proposalLineItems: relatedList(t, 'proposalLineItems', 'The lines of proposals that offer it.'),
  }),
});

builder.queryFields((t) => ({
  service: byId(t, 'Service', 'One service.'),
  services: list(t, 'Service', 'What the organization sells.'),
}));

const details = (t: InputFields) => ({
  description: t.string(),
  unit: t.field({ type: ServiceUnit }),
  unitPriceCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
  isActive: t.boolean(),
});

const ServiceCreateInput = builder.inputType('ServiceCreateInput', {
  description: 'A new service.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const ServiceUpdateInput = builder.inputType('ServiceUpdateInput', {
  description:
    'Changes to a service. Fields left out stay; null clears. Proposals keep the prices they were made with.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Service', {
  write: 'crm:write',
  destroy: 'crm:destroy',
  create: ServiceCreateInput,
  update: ServiceUpdateInput,
});
