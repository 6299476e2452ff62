import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('SystemService', {
  permission: 'delivery:read',
  filter: { columns: ['systemId', 'serviceId'], relations: ['system', 'service'] },
  orderBy: { columns: [], relations: ['system', 'service'] },
});

builder.prismaObject('SystemService', {
  description: 'A service that setting up a system takes.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    system: t.relation('system'),
    service: t.relation('service'),
  }),
});

builder.queryFields((t) => ({
  systemService: byId(t, 'SystemService', 'One service of a system.'),
  systemServices: list(t, 'SystemService', 'Which services the systems take.'),
}));

const SystemServiceCreateInput = builder.inputType('SystemServiceCreateInput', {
  description: 'A service for a system, which has each service once.',
  fields: (t) => ({ id: clientId(t), systemId: t.id({ required: true }), serviceId: t.id({ required: true }) }),
});

lifecycle('SystemService', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: SystemServiceCreateInput,
});
