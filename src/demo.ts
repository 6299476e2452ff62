/**
 * The demo: its data, and the tokens of its people. Outside of production only.
 */

import { seed } from '../prisma/seed/index.ts';
import { type DemoPerson, demoOrganizations, demoPeople } from '../prisma/seed/people.ts';
import type { SeedServices } from '../prisma/seed/scene.ts';
import { isLoopback } from './addresses.ts';
import { signToken } from './auth/token.ts';
import { type Config, developmentSecret } from './config.ts';
import { createCredentials } from './credentials/credentials.ts';
import type { Database } from './db/database.ts';
import { serviceTransaction } from './db/service.ts';
import { createFiles } from './files/store.ts';
import { createEmbedder } from './search/embedder.ts';

/** What the demo data is made with. */
const seedServices = (config: Config): SeedServices => ({
  embedder: createEmbedder(config.embedder),
  store: createFiles(config.files).store,
  credentials: createCredentials(config.credentials),
});

/** Loads the demo data, and tells whether it did: it does nothing when they are there. */
export const seedDemo = (database: Database, config: Config): Promise<boolean> =>
  serviceTransaction(database.service, async (client) => {
    // Hundreds of triggers run for the first time: their statements are planned once, not once for each of their first five uses.
    await client.query('set local plan_cache_mode = force_generic_plan');
    return seed(client, seedServices(config));
  });

/** One of the demo people, signed in. */
export interface DemoToken {
  readonly email: string;
  readonly name: string;
  readonly org: string;
  readonly role: string;
  readonly token: string;
}

const dayInSeconds = 86_400;

/** Whether tokens are signed with the development secret, which everyone can read in this source. Never in production. */
export const usesDevelopmentSecret = ({ production, auth }: Config): boolean =>
  !production && auth.secret === developmentSecret;

/** Signs tokens for people of the demo, good for a day. */
export function demoTokens(config: Config, people: readonly DemoPerson[] = demoPeople): Promise<DemoToken[]> {
  return Promise.all(
    people.map(async ({ uuid, email, name, org, role }) => {
      const claims = { sub: uuid, email, email_verified: true, name };
      return { email, name, org, role, token: await signToken(config.auth, claims, { ttlSeconds: dayInSeconds }) };
    }),
  );
}

const orgIdOf = ({ org }: DemoPerson): string | undefined => demoOrganizations.find(({ slug }) => slug === org)?.id;

/** The people of the demo who are in this database, as the demo data has them. */
function findDemoPeople({ service }: Database): Promise<DemoPerson[]> {
  return serviceTransaction(service, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `select users.id from users join org_members on org_members.user_id = users.id and org_members.status = 'active'
         join unnest($1::uuid[], $2::uuid[]) as demo (person, org) on person = users.id and org = org_members.org_id
         where users.is_active and users.deleted_at is null`,
      [demoPeople.map(({ uuid }) => uuid), demoPeople.map(orgIdOf)],
    );
    return demoPeople.filter(({ uuid }) => rows.some(({ id }) => id === uuid));
  });
}

/**
 * The tokens that this server hands out to everyone who asks: those of the demo people in its database, when the development
 * secret signs them and only the machine itself can ask. Otherwise none.
 */
export async function offeredTokens(config: Config, database: Database): Promise<DemoToken[]> {
  const mayOffer = usesDevelopmentSecret(config) && isLoopback(config.host) && !config.trustProxy;
  return mayOffer ? demoTokens(config, await findDemoPeople(database)) : [];
}
