/** Conversations and the calendar of one organization. */
import { seedEvents } from './communication-events.ts';
import { type Client, seedTalks } from './communication-talks.ts';
import type { Scene } from './scene.ts';

/** The people to talk to: one for each live account that is or was a client. */
async function findClients({ client, org }: Scene): Promise<Client[]> {
  const { rows } = await client.query<Client>(
    `select distinct on (accounts.id) contacts.id, contacts.first_name as first, accounts.id as "accountId", accounts.name as account
       from accounts join contacts on contacts.org_id = accounts.org_id and contacts.account_id = accounts.id
       where accounts.org_id = $1 and accounts.lifecycle <> 'prospect' and accounts.deleted_at is null
         and contacts.deleted_at is null and contacts.first_name is not null
       order by accounts.id, contacts.is_primary desc, contacts.id`,
    [org.id],
  );
  return rows;
}

export async function seedCommunication(scene: Scene): Promise<void> {
  const clients = await findClients(scene);
  if (clients.length === 0) return;
  await seedTalks(scene, clients);
  await seedEvents(scene, clients);
}
