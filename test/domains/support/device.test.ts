import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let needed: { readonly propertyId: string; readonly deviceTypeId: string };
let serial = 0;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  const accountId = await make(org.member, 'Account', { name: 'Hotel' });
  needed = {
    propertyId: await make(org.member, 'Property', { accountId, name: 'Plant room' }),
    deviceTypeId: await make(org.member, 'DeviceType', { name: 'Boiler' }),
  };
});

/** A day so many days from now. */
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const device = (input: object = {}) =>
  make(org.member, 'Device', { ...needed, serialNumber: `S-${++serial}`, ...input });

test('a device is installed, breaks, is repaired, comes back and is retired', async () => {
  const id = await device();
  const move = (mutation: string, input: object = {}) =>
    write(org.member, mutation, { id, ...input }, 'status installedOn');
  expect(await move('deviceInstall', { installedOn: '2026-01-31' })).toEqual({
    status: 'INSTALLED',
    installedOn: '2026-01-31',
  });
  expect(await move('deviceReportFault')).toEqual({ status: 'FAULTY', installedOn: '2026-01-31' });
  expect(await move('deviceInstall')).toEqual({ status: 'INSTALLED', installedOn: '2026-01-31' });
  expect(await move('deviceReturn')).toEqual({ status: 'IN_STOCK', installedOn: null });
  expect(await move('deviceInstall')).toEqual({ status: 'INSTALLED', installedOn: day(0) });
  expect(await move('deviceRetire')).toEqual({ status: 'RETIRED', installedOn: day(0) });
});

test('a device is installed where it is needed', async () => {
  const accountId = await make(org.member, 'Account', { name: 'Annex' });
  const propertyId = await make(org.member, 'Property', { accountId, name: 'Roof' });
  const moved = await write(org.member, 'deviceInstall', { id: await device(), propertyId }, 'property { name }');
  expect(moved.property).toEqual({ name: 'Roof' });
});

test.each([
  ['deviceReturn', [], 'This device is in stock; only one that is installed or faulty can be taken back.'],
  [
    'deviceInstall',
    ['deviceInstall'],
    'This device is installed; only one that is in stock or faulty can be installed.',
  ],
  [
    'deviceReportFault',
    ['deviceReportFault'],
    'This device is faulty; only one that is in stock or installed can be reported as faulty.',
  ],
  [
    'deviceRetire',
    ['deviceRetire'],
    'This device is retired; only one that is in stock, installed or faulty can be retired.',
  ],
] as const)('%s after %j is refused', async (mutation, before, message) => {
  const id = await device();
  for (const step of before) await write(org.member, step, { id });
  expect(await refusal(org.member, mutation, { id })).toEqual(conflict(message, 'id', before.length + 1));
});

test('a serial number stands on one live device', async () => {
  const id = await device({ serialNumber: 'Twice' });
  const again = { ...needed, serialNumber: 'Twice' };
  expect(await refusal(org.member, 'deviceCreate', again)).toEqual(
    conflict('That serialNumber is taken already.', 'serialNumber', null),
  );
  await write(org.member, 'deviceDelete', { id });
  await make(org.member, 'Device', again);
});

test('warranties active on a date, of a device and in all', async () => {
  const id = await device();
  const warranty = (provider: string, startsOn: string, endsOn: string) =>
    make(org.member, 'Warranty', { deviceId: id, provider, startsOn, endsOn });
  await warranty('over', day(-30), day(-1));
  await warranty('short', day(-1), day(0));
  await warranty('long', day(0), day(9));
  const bare = await device();
  const later = await device();
  await make(org.member, 'Warranty', { deviceId: later, provider: 'to come', startsOn: day(1), endsOn: day(2) });

  const read = `query ($ids: [ID!]) { devices(filter: { id: { in: $ids } }, orderBy: [{ createdAt: {} }]) {
    nodes { isUnderWarranty warranty { provider } warranties(filter: { isActive: { _ } }, orderBy: [{ endsOn: {} }]) { nodes { provider isActive } } } } }`;
  const document = read.replace('isActive: { _ }', 'isActive: true');
  const { nodes } = (await org.viewer.ok(document, { ids: [id, bare, later] })).devices;
  const none = { isUnderWarranty: false, warranty: null, warranties: { nodes: [] } };
  const both = ['short', 'long'].map((provider) => ({ provider, isActive: true }));
  expect(nodes).toEqual([
    { isUnderWarranty: true, warranty: { provider: 'long' }, warranties: { nodes: both } },
    none,
    none,
  ]);

  const covered = `query ($ids: [ID!]) { devices(filter: { isUnderWarranty: true, id: { in: $ids } }) { nodes { id isUnderWarranty } } }`;
  const { result, statements } = await gateway.countingBoth(org.viewer, (client) =>
    client.ok(covered, { ids: [id, bare, later] }),
  );
  expect([result.devices.nodes, statements.compiler]).toEqual([[{ id, isUnderWarranty: true }], 1]);
  const on = async (date: string) =>
    (
      await org.viewer.ok(
        `{ warranties(filter: { activeOn: "${date}" }, orderBy: [{ startsOn: {} }]) { nodes { provider } } }`,
      )
    ).warranties.nodes.map(({ provider }: Data) => provider);
  expect([await on('-P2D'), await on(day(0)), await on('P2D')]).toEqual([
    ['over'],
    ['short', 'long'],
    ['long', 'to come'],
  ]);
});

test('a warranty does not end before it begins', async () => {
  const input = { deviceId: await device(), startsOn: day(0), endsOn: day(-1) };
  expect(await refusal(org.member, 'warrantyCreate', input)).toEqual([
    { code: 'BAD_USER_INPUT', message: 'The last day is before the first.', path: ['endsOn'], currentVersion: null },
  ]);
});

test('a task is about a device once', async () => {
  const projectId = await make(org.member, 'Project', { name: 'Renewal' });
  const taskId = await make(org.member, 'Task', { projectId, title: 'Replace it' });
  const deviceId = await device();
  await make(org.member, 'TaskDevice', { taskId, deviceId });
  expect(await refusal(org.member, 'taskDeviceCreate', { taskId, deviceId })).toEqual(
    conflict('The task is about this device already.', 'deviceId', null),
  );
});
