import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('System', {
  permission: 'delivery:read',
  filter: { columns: ['name', 'category', 'description'], relations: ['systemServices', 'projectSystems'] },
  orderBy: { columns: ['name', 'category'] },
});

builder.prismaObject('System', {
  description:
    'A tool or way of working that is set up for clients: a shop, a mail automation, a heat pump with its control.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    category: t.exposeString('category', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    systemServices: relatedList(t, 'systemServices', 'The services that setting it up takes.'),
    projectSystems: relatedList(t, 'projectSystems', 'The projects that set it up.'),
  }),
});

builder.queryFields((t) => ({
  system: byId(t, 'System', 'One system.'),
  systems: list(t, 'System', 'The systems that the organization sets up.'),
}));

const details = (t: InputFields) => ({
  category: t.string(),
  description: t.string(),
});

const SystemCreateInput = builder.inputType('SystemCreateInput', {
  description: 'A new system.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const SystemUpdateInput = builder.inputType('SystemUpdateInput', {
  description: 'Changes to a system. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('System', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: SystemCreateInput,
  update: SystemUpdateInput,
});
