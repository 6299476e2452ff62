import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { TicketPriority } from './ticket.ts';

readable('Sla', {
  permission: 'support:read',
  filter: {
    columns: ['name', 'firstResponseMinutes', 'resolutionMinutes', 'isActive'],
    enums: { priority: TicketPriority },
    relations: ['tickets', 'serviceAgreements'],
  },
  orderBy: { columns: ['name', 'priority', 'firstResponseMinutes', 'resolutionMinutes', 'isActive'] },
});

builder.prismaObject('Sla', {
  description: 'A service level: how fast a ticket is to be answered and solved.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    priority: t.expose('priority', { type: TicketPriority, nullable: true }),
    firstResponseMinutes: t.exposeInt('firstResponseMinutes'),
    resolutionMinutes: t.exposeInt('resolutionMinutes'),
    isActive: t.exposeBoolean('isActive'),
    tickets: relatedList(t, 'tickets', 'The tickets that are measured by it.'),
    serviceAgreements: relatedList(t, 'serviceAgreements', 'The agreements that promise it.'),
  }),
});

builder.queryFields((t) => ({
  sla: byId(t, 'Sla', 'One service level.'),
  slas: list(t, 'Sla', 'The service levels of the organization.'),
}));

const details = (t: InputFields) => ({
  priority: t.field({ type: TicketPriority }),
  isActive: t.boolean(),
});

const SlaCreateInput = builder.inputType('SlaCreateInput', {
  description: 'A new service level. Of those that are active, each priority has at most one.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    firstResponseMinutes: t.int({ required: true }),
    resolutionMinutes: t.int({ required: true }),
    ...details(t),
  }),
});

const SlaUpdateInput = builder.inputType('SlaUpdateInput', {
  description:
    'Changes to a service level. Tickets keep the times that they were promised. Fields left out stay; null clears.',
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
