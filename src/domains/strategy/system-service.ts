import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('SystemService', {
  permission: 'delivery:read',
  filter: { columns: ['systemId', 'serviceId'], relations: ['system', 'service'] },
  orderBy: { columns: [], relations: ['system', 'service'] },
});

builder.prismaObject('SystemService', {
  description: 'A service that a system needs.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    system: t.relation('system'),
    service: t.relation('service'),
  }),
});

builder.queryFields((t) => ({
  systemService: byId(t, 'SystemService', 'One system service.'),
  systemServices: list(t, 'SystemService', 'The system services of the organization.'),
}));

const SystemServiceCreateInput = builder.inputType('SystemServiceCreateInput', {
  description: 'A new system service.',
  fields: (t) => ({ id: clientId(t), systemId: t.id({ required: true }), serviceId: t.id({ required: true }) }),
});

const SystemServiceUpdateInput = builder.inputType('SystemServiceUpdateInput', {
  description: 'Changes to a system service. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t) }),
});

lifecycle('SystemService', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: SystemServiceCreateInput,
  update: SystemServiceUpdateInput,
});
