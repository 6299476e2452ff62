import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('TaskDevice', {
  permission: 'support:read',
  filter: { columns: ['taskId', 'deviceId'], relations: ['task', 'device'] },
  orderBy: { columns: [], relations: ['task', 'device'] },
});

builder.prismaObject('TaskDevice', {
  description: 'A device that a task is about.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    task: t.relation('task'),
    device: t.relation('device'),
  }),
});

builder.queryFields((t) => ({
  taskDevice: byId(t, 'TaskDevice', 'One task device.'),
  taskDevices: list(t, 'TaskDevice', 'The task devices of the organization.'),
}));

const TaskDeviceCreateInput = builder.inputType('TaskDeviceCreateInput', {
  description: 'A new task device.',
  fields: (t) => ({ id: clientId(t), taskId: t.id({ required: true }), deviceId: t.id({ required: true }) }),
});

const TaskDeviceUpdateInput = builder.inputType('TaskDeviceUpdateInput', {
  description: 'Changes to a task device. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t) }),
});

lifecycle('TaskDevice', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: TaskDeviceCreateInput,
  update: TaskDeviceUpdateInput,
});
