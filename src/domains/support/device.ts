import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { today, todaySql } from '../../graphql/today.ts';
import { activeOn } from './warranty.ts';

const DeviceStatus = enumOf('DeviceStatus', 'Where a device stands.', {
  in_stock: 'Not at work yet, or back from the client.',
  installed: 'At work.',
  faulty: 'Broken, to be repaired or replaced.',
  retired: 'Out of use for good.',
});

const underWarranty = 'Whether a warranty on it holds today.';

readable('Device', {
  permission: 'support:read',
  filter: {
    columns: ['propertyId', 'deviceTypeId', 'serialNumber', 'installedOn', 'config'],
    enums: { status: DeviceStatus },
    relations: ['property', 'deviceType', 'tickets', 'warranties', 'taskDevices'],
    derived: {
      isUnderWarranty: { description: underWarranty, filter: () => ({ warranties: { some: activeOn(today()) } }) },
    },
  },
  orderBy: { columns: ['serialNumber', 'status', 'installedOn'], relations: ['property', 'deviceType'] },
});

const isUnderWarrantySql: DerivedJson = (column) =>
  `to_json(exists (select from warranties where warranties.device_id = ${column('id')} and ${todaySql} between starts_on and ends_on))`;

const activeWarranty = () => ({ where: { startsOn: { lte: today() }, endsOn: { gte: today() } } });

const lastFirst = { orderBy: [{ endsOn: 'desc' as const }, { id: 'desc' as const }] };

builder.prismaObject('Device', {
  description: "One device with its serial number: at a client's place, or in stock for one.",
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    serialNumber: t.exposeString('serialNumber'),
    status: t.expose('status', { type: DeviceStatus }),
    installedOn: t.expose('installedOn', { type: 'Date', nullable: true }),
    config: t.expose('config', { type: 'JSON' }),
    isUnderWarranty: t.boolean({
      description: underWarranty,
      select: () => ({ warranties: { ...activeWarranty(), select: { id: true }, take: 1 } }),
      extensions: { derived: isUnderWarrantySql },
      resolve: ({ warranties }) => warranties.length > 0,
    }),
    warranty: t.field({
      type: 'Warranty' as never,
      nullable: true,
      description: 'The warranty that holds today; of several, the one that ends last.',
      select: (_args, _context, nested) => ({
        warranties: nested({ ...activeWarranty(), ...lastFirst, take: 1 }),
      }),
      resolve: ({ warranties }) => (warranties[0] ?? null) as never,
    }),
    property: t.relation('property'),
    deviceType: t.relation('deviceType'),
    tickets: relatedList(t, 'tickets', 'The tickets about it.'),
    warranties: relatedList(t, 'warranties', 'The warranties on it, those that are over included.'),
    taskDevices: relatedList(t, 'taskDevices', 'The tasks that are about it.'),
  }),
});

builder.queryFields((t) => ({
  device: byId(t, 'Device', 'One device.'),
  devices: list(t, 'Device', 'The devices of all clients.'),
}));

const details = (t: InputFields) => ({ config: t.field({ type: 'JSON' }) });

const DeviceCreateInput = builder.inputType('DeviceCreateInput', {
  description: 'A new device. It is in stock until it is installed.',
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
