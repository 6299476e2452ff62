import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Agent', {
  permission: 'ai:read',
  filter: { columns: ['name', 'role', 'model', 'instructions', 'tools', 'isEnabled'], relations: ['agentRuns'] },
  orderBy: { columns: ['name', 'role', 'model', 'isEnabled'] },
});

builder.prismaObject('Agent', {
  description: 'An assistant that works by itself, step by step, on what its runs are given.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    role: t.exposeString('role', { nullable: true }),
    model: t.exposeString('model', { nullable: true }),
    instructions: t.exposeString('instructions', { nullable: true }),
    tools: t.expose('tools', { type: 'JSON' }),
    isEnabled: t.exposeBoolean('isEnabled'),
    agentRuns: relatedList(t, 'agentRuns', 'Its runs, newest first.'),
  }),
});

builder.queryFields((t) => ({
  agent: byId(t, 'Agent', 'One agent.'),
  agents: list(t, 'Agent', 'The agents of the organization, disabled ones among them.'),
}));

const details = (t: InputFields) => ({
  role: t.string(),
  model: t.string(),
  instructions: t.string(),
  tools: t.field({ type: 'JSON' }),
  isEnabled: t.boolean(),
});

const AgentCreateInput = builder.inputType('AgentCreateInput', {
  description: 'A new agent, enabled unless told otherwise.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const AgentUpdateInput = builder.inputType('AgentUpdateInput', {
  description: 'Changes to an agent. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Agent', { write: 'ai:write', destroy: 'ai:destroy', create: AgentCreateInput, update: AgentUpdateInput });
