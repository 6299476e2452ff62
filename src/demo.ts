/**
 * The demo: its data, and the tokens of its people. Outside of production only.
 */

import { seed } from '../prisma/seed/index.ts';
import { demoPeople } from '../prisma/seed/people.ts';
import type { SeedServices } from '../prisma/seed/scene.ts';
import { signToken } from './auth/token.ts';
import type { Config } from './config.ts';
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

/** Whether this server may hand out tokens: it signs with the development secret, and is not in production. */
export const offersDemoTokens = (config: Config): boolean => !config.production && config.auth.secret !== undefined;

/**
 * Signs a token for each of the demo people, good for a day.
 *
 * @throws Error when the server has no secret to sign with.
 */
export function demoTokens(config: Config): Promise<DemoToken[]> {
  return Promise.all(
    demoPeople.map(async ({ uuid, email, name, org, role }) => ({
      email,
      name,
      org,
      role,
      token: await signToken(config.auth, { sub: uuid, email, name }, { ttlSeconds: dayInSeconds }),
    })),
  );
}
