import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const DeviceStatus = enumOf('DeviceStatus', 'Where a device stands.', ['in_stock', 'installed', 'faulty', 'retired']);

readable('Device', {
  permission: 'support:read',
  filter: {
    columns: ['propertyId', 'deviceTypeId', 'serialNumber', 'installedOn', 'config'],
    enums: { status: DeviceStatus },
    relations: ['property', 'deviceType', 'tickets', 'warranties', 'taskDevices'],
  },
  orderBy: { columns: ['serialNumber', 'status', 'installedOn'], relations: ['property', 'deviceType'] },
});

builder.prismaObject('Device', {
  description: "A device at a client's place, or in stock.",
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    serialNumber: t.exposeString('serialNumber'),
    status: t.expose('status', { type: DeviceStatus }),
    installedOn: t.expose('installedOn', { type: 'Date', nullable: true }),
    config: t.expose('config', { type: 'JSON' }),
    property: t.relation('property'),
    deviceType: t.relation('deviceType'),
    tickets: relatedList(t, 'tickets', 'The tickets.'),
    warranties: relatedList(t, 'warranties', 'The warranties.'),
    taskDevices: relatedList(t, 'taskDevices', 'The task devices.'),
  }),
});

builder.queryFields((t) => ({
  device: byId(t, 'Device', 'One device.'),
  devices: list(t, 'Device', 'The devices of the organization.'),
}));

const details = (t: InputFields) => ({
  status: t.field({ type: DeviceStatus }),
  installedOn: t.field({ type: 'Date' }),
  config: t.field({ type: 'JSON' }),
});

const DeviceCreateInput = builder.inputType('DeviceCreateInput', {
  description: 'A new device.',
  fields: (t) => ({
    id: clientId(t),
    propertyId: t.id({ required: true }),
    deviceTypeId: t.id({ required: true }),
    serialNumber: t.string({ required: true }),
    ...details(t),
  }),
});

const DeviceUpdateInput = builder.inputType('DeviceUpdateInput', {
  description: 'Changes to a device. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), propertyId: t.id(), deviceTypeId: t.id(), serialNumber: t.string(), ...details(t) }),
});

lifecycle('Device', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: DeviceCreateInput,
  update: DeviceUpdateInput,
});
