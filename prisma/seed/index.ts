/**
 * Demo data: three organizations, their people and a year of business.
 *
 * Deterministic: the same ids and words everywhere, dates counted from the last midnight UTC. What triggers compute
 * (full names, stages, totals, classifications, activities, audit) is left to them.
 */
import type pg from 'pg';
import { seedAi } from './ai.ts';
import { createCalendar } from './calendar.ts';
import { seedCommunication } from './communication.ts';
import { seedContent } from './content.ts';
import { seedCrm } from './crm.ts';
import { seedDelivery } from './delivery.ts';
import { seedFiles } from './files.ts';
import { seedFinance } from './finance.ts';
import { seedKnowledge } from './knowledge.ts';
import { demoOrganizations, ownerOf } from './people.ts';
import { seedEmployees } from './people-records.ts';
import { seedPlatform } from './platform.ts';
import { createScene, type SeedServices } from './scene.ts';
import { seedStrategy } from './strategy.ts';
import { seedSupport } from './support.ts';
import { actAs, seedTenancy } from './tenancy.ts';

/** What stands on customers, each on those before it. */
const parts = [
  seedFiles,
  seedDelivery,
  seedStrategy,
  seedFinance,
  seedAi,
  seedEmployees,
  seedSupport,
  seedCommunication,
  seedContent,
  seedPlatform,
];

/**
 * Fills a database with the demo, unless the organization `acme` is there already.
 *
 * @returns whether it did.
 *
 * The caller has opened the transaction and set the role `gateway_service`, and commits.
 */
export async function seed(client: pg.ClientBase, services: SeedServices): Promise<boolean> {
  const { rowCount } = await client.query(`select from organizations where slug = 'acme'`);
  if (rowCount) return false;
  const calendar = createCalendar();
  await seedTenancy(client, calendar);
  for (const org of demoOrganizations) {
    await actAs(client, ownerOf(org.slug).uuid);
    const scene = createScene(client, services, calendar, org);
    await seedKnowledge(scene, await seedCrm(scene));
    for (const seedPart of parts) await seedPart(scene);
  }
  await actAs(client, '');
  return true;
}
