import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('TaskDevice', {
  permission: 'support:read',
  filter: { columns: ['taskId', 'deviceId'], relations: ['task', 'device'] },
  orderBy: { columns: [], relations: ['task', 'device'] },
});

builder.prismaObject('TaskDevice', {
  description: 'That a task is about a device.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    task: t.relation('task'),
    device: t.relation('device'),
  }),
});

builder.queryFields((t) => ({
  taskDevice: byId(t, 'TaskDevice', 'One device of one task.'),
  taskDevices: list(t, 'TaskDevice', 'Which tasks are about which devices.'),
}));

const TaskDeviceCreateInput = builder.inputType('TaskDeviceCreateInput', {
  description: 'A device that a task is about from now on.',
  fields: (t) => ({ id: clientId(t), taskId: t.id({ required: true }), deviceId: t.id({ required: true }) }),
});

lifecycle('TaskDevice', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: TaskDeviceCreateInput,
});
