/** Support and field service of one organization, in the order in which the rows refer to each other. */
import { insertRows } from './insert.ts';
import { supportWordsOf } from './phrases/support.ts';
import type { Scene } from './scene.ts';
import { agreementRows, deviceRows, modelRows, planDevices, slaRows, warrantyRows } from './support-devices.ts';
import { itemRows, stockRows, vehicleRows, warehouseRows } from './support-stock.ts';
import { commentRows, planTickets, ticketRows } from './support-tickets.ts';
import { taskDeviceRows, visitRows } from './support-visits.ts';

/** A client, with what tickets and devices of it lead to. */
export interface Client {
  readonly id: string;
  readonly contactId: string | null;
  readonly properties: readonly string[];
  /** Days since the account was entered. */
  readonly age: number;
}

async function readClients({ client, org }: Scene): Promise<Client[]> {
  const { rows } = await client.query<Client>(
    `select account.id, extract(day from now() - account.created_at)::integer as age,
        (select contact.id from contacts contact where contact.org_id = account.org_id and contact.account_id = account.id
          and contact.deleted_at is null order by contact.is_primary desc, contact.id limit 1) as "contactId",
        array(select property.id from properties property where property.org_id = account.org_id
          and property.account_id = account.id and property.deleted_at is null order by property.id) as properties
      from accounts account where account.org_id = $1 and account.deleted_at is null and account.lifecycle <> 'prospect'
      order by account.id`,
    [org.id],
  );
  return rows;
}

async function readTasks({ client, org }: Scene): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select id from tasks where org_id = $1 and deleted_at is null order by id limit 60',
    [org.id],
  );
  return rows.map(({ id }) => id);
}

async function seedStock(scene: Scene): Promise<void> {
  const { client } = scene;
  await insertRows(client, 'inventory_items', itemRows(scene));
  await insertRows(client, 'warehouses', warehouseRows(scene));
  await insertRows(client, 'stock_levels', stockRows(scene));
  await insertRows(client, 'vehicle_inventory', vehicleRows(scene));
}

export async function seedSupport(scene: Scene): Promise<void> {
  const { client } = scene;
  const clients = await readClients(scene);
  if (clients.length === 0) return;
  const words = supportWordsOf(scene.org.slug);
  const devices = planDevices(scene, words, clients);
  const tickets = planTickets(scene, words, clients, devices);
  const tasks = await readTasks(scene);
  await insertRows(client, 'slas', slaRows(scene));
  await insertRows(client, 'device_types', modelRows(scene, words));
  await insertRows(client, 'devices', deviceRows(scene, devices));
  await insertRows(client, 'warranties', warrantyRows(scene, words, devices));
  await insertRows(client, 'service_agreements', agreementRows(scene, words, clients));
  await insertRows(client, 'tickets', ticketRows(scene, tickets));
  await insertRows(client, 'ticket_comments', commentRows(scene, tickets));
  await insertRows(client, 'task_devices', taskDeviceRows(scene, tasks, devices));
  await insertRows(client, 'dispatch_assignments', visitRows(scene, words, tickets, tasks));
  await seedStock(scene);
}
