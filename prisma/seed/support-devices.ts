/** What is promised to clients, and the devices that they have. */
import type { DeviceModel, SupportWords } from './phrases/support.ts';
import { at } from './random.ts';
import type { Scene } from './scene.ts';
import type { Client } from './support.ts';

export interface Device {
  readonly id: string;
  readonly owner: Client;
  readonly propertyId: string;
  readonly model: DeviceModel;
  readonly modelId: string;
  readonly serial: string;
  readonly status: 'in_stock' | 'installed' | 'faulty' | 'retired';
  /** Days since it was installed. */
  readonly installed: number;
}

/** For each priority, for clients with an agreement, and one that is no longer in use. */
const levels = [
  { name: 'Urgent: one hour', priority: 'urgent', first: 60, solution: 480 },
  { name: 'High: four hours', priority: 'high', first: 240, solution: 1_440 },
  { name: 'Medium: eight hours', priority: 'medium', first: 480, solution: 4_320 },
  { name: 'Low: one day', priority: 'low', first: 1_440, solution: 10_080 },
  { name: 'Plan: two hours', priority: null, first: 120, solution: 960 },
  { name: 'Premium plan: thirty minutes', priority: null, first: 30, solution: 240 },
  { name: 'High: eight hours', priority: 'high', first: 480, solution: 2_880, isOld: true },
] as const;

export const slaRows = ({ org, id, calendar }: Scene) =>
  levels.map(({ name, priority, first, solution, ...rest }, index) => ({
    org_id: org.id,
    id: id('slas', index),
    name,
    priority,
    first_response_minutes: first,
    resolution_minutes: solution,
    is_active: !('isOld' in rest),
    created_at: calendar.workday(400, 30 + index),
  }));

/** The time that a priority has, in minutes: to the first answer and to the solution. */
export function promised(priority: string): readonly [first: number, solution: number] {
  const level = levels.find((known) => known.priority === priority);
  return [level?.first ?? 0, level?.solution ?? 0];
}

const agreementStatuses = [
  'active',
  'active',
  'active',
  'draft',
  'active',
  'over',
  'active',
  'canceled',
  'expired',
] as const;

/** The days from which and to which an agreement holds, counted from today. */
const terms = {
  active: [-200, 165],
  draft: [20, 385],
  over: [-380, -15],
  canceled: [-300, 65],
  expired: [-760, -395],
} as const;

export function agreementRows(scene: Scene, { agreements, volume }: SupportWords, clients: readonly Client[]) {
  const random = scene.random('service_agreements');
  return Array.from({ length: volume.agreements }, (_, index) => {
    const status = at(agreementStatuses, index);
    const client = at(clients, index);
    const { name, cents } = at(agreements, index);
    const [starts, ends] = terms[status];
    const shift = random.int(-14, 14);
    const isForOnePlace = index % 5 === 2 && client.properties.length > 0;
    return {
      org_id: scene.org.id,
      id: scene.id('service_agreements', index),
      account_id: client.id,
      property_id: isForOnePlace ? at(client.properties, 0) : null,
      sla_id: scene.id('slas', index % 3 === 1 ? 5 : 4),
      name,
      // The database leaves it active; whoever reads it after its last day learns that it is over.
      status: status === 'over' ? 'active' : status,
      starts_on: scene.calendar.date(starts + shift),
      ends_on: status === 'active' && index % 4 === 0 ? null : scene.calendar.date(ends + shift),
      fee_cents: cents,
      currency: scene.org.currency,
      created_at: scene.calendar.workday(Math.max(4, 12 - starts - shift), 45 + index),
    };
  });
}

export const modelRows = (scene: Scene, { models }: SupportWords) =>
  models.map(({ name, category, manufacturer, model }, index) => ({
    org_id: scene.org.id,
    id: scene.id('device_types', index),
    name,
    category,
    manufacturer,
    model,
    created_at: scene.calendar.workday(390, 60 + index),
  }));

const deviceStatuses = [
  ...Array<Device['status']>(9).fill('installed'),
  'faulty',
  'installed',
  'in_stock',
  'installed',
  'retired',
] as const;

export function planDevices(scene: Scene, { models, volume }: SupportWords, clients: readonly Client[]): Device[] {
  const random = scene.random('devices');
  const owners = clients.filter(({ properties }) => properties.length > 0);
  if (owners.length === 0) return [];
  return Array.from({ length: volume.devices }, (_, index) => {
    const owner = at(owners, index);
    const number = random.int(0, models.length - 1);
    const model = at(models, number);
    return {
      id: scene.id('devices', index),
      owner,
      propertyId: random.pick(owner.properties),
      model,
      modelId: scene.id('device_types', number),
      serial: `${model.serial}-${random.int(10, 99)}${String(index).padStart(4, '0')}`,
      status: at(deviceStatuses, index),
      installed: random.int(20, 1_500),
    };
  });
}

export const deviceRows = ({ org, calendar }: Scene, devices: readonly Device[]) =>
  devices.map((device, index) => ({
    org_id: org.id,
    id: device.id,
    property_id: device.propertyId,
    device_type_id: device.modelId,
    serial_number: device.serial,
    status: device.status,
    installed_on: device.status === 'in_stock' ? null : calendar.date(-device.installed),
    config: device.model.config,
    deleted_at: index % 59 === 58 ? calendar.ago(20, 640) : null,
    created_at: calendar.workday(Math.min(device.owner.age, device.installed + 6), 70 + (index % 300)),
  }));

const lengths = [730, 730, 1_095, 1_825] as const;

/** Three of four devices have one; those that are old are over. Some were extended. */
export function warrantyRows(scene: Scene, { warrantyTerms }: SupportWords, devices: readonly Device[]) {
  const random = scene.random('warranties');
  const covered = devices.filter(({ status }, index) => status !== 'in_stock' && index % 4 !== 3);
  return covered.flatMap((device, index) => {
    const length = random.pick(lengths);
    const terms = [{ from: -device.installed, to: length - device.installed, provider: device.model.manufacturer }];
    if (index % 9 === 4)
      terms.push({
        from: length - device.installed + 1,
        to: length - device.installed + 365,
        provider: scene.org.name,
      });
    return terms.map(({ from, to, provider }, number) => ({
      org_id: scene.org.id,
      id: scene.id('warranties', index * 2 + number),
      device_id: device.id,
      provider,
      terms: at(warrantyTerms, index),
      starts_on: scene.calendar.date(from),
      ends_on: scene.calendar.date(to),
      created_at: scene.calendar.workday(Math.min(device.owner.age, device.installed + 2), 90 + (index % 200)),
    }));
  });
}
