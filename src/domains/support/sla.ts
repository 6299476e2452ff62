import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const SlaPriority = enumOf('SlaPriority', 'The priority of tickets it is meant for; null for every priority.', [
  'low',
  'medium',
  'high',
  'urgent',
]);

readable('Sla', {
  permission: 'support:read',
  filter: {
    columns: ['name', 'firstResponseMinutes', 'resolutionMinutes', 'isActive'],
    enums: { priority: SlaPriority },
    relations: ['tickets', 'serviceAgreements'],
  },
  orderBy: { columns: ['name', 'priority', 'firstResponseMinutes', 'resolutionMinutes', 'isActive'] },
});

builder.prismaObject('Sla', {
  description: 'How fast tickets are answered and solved.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    priority: t.expose('priority', { type: SlaPriority, nullable: true }),
    firstResponseMinutes: t.exposeInt('firstResponseMinutes'),
    resolutionMinutes: t.exposeInt('resolutionMinutes'),
    isActive: t.exposeBoolean('isActive'),
    tickets: relatedList(t, 'tickets', 'The tickets.'),
    serviceAgreements: relatedList(t, 'serviceAgreements', 'The service agreements.'),
  }),
});

builder.queryFields((t) => ({
  sla: byId(t, 'Sla', 'One sla.'),
  slas: list(t, 'Sla', 'The slas of the organization.'),
}));

const details = (t: InputFields) => ({
  priority: t.field({ type: SlaPriority }),
  isActive: t.boolean(),
});

const SlaCreateInput = builder.inputType('SlaCreateInput', {
  description: 'A new sla.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    firstResponseMinutes: t.int({ required: true }),
    resolutionMinutes: t.int({ required: true }),
    ...details(t),
  }),
});

const SlaUpdateInput = builder.inputType('SlaUpdateInput', {
  description: 'Changes to a sla. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    name: t.string(),
    firstResponseMinutes: t.int(),
    resolutionMinutes: t.int(),
    ...details(t),
  }),
});

lifecycle('Sla', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: SlaCreateInput,
  update: SlaUpdateInput,
});
