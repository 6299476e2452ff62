/**
 * One gateway for all test files of a worker that need nothing of their own but organizations: starting one costs more than
 * most of these tests. It ends with the process; the run removes its database.
 */
import { randomBytes } from 'node:crypto';
import { type Gateway, type Org, startGateway } from './gateway.ts';

let shared: Promise<Gateway> | undefined;

/** The gateway of this worker. */
export const sharedGateway = (): Promise<Gateway> => (shared ??= startGateway());

/** An organization that nobody else has, of a plan. */
export async function newOrganization(gateway: Gateway, plan: 'free' | 'pro' | 'enterprise' = 'pro'): Promise<Org> {
  const org = await gateway.organization(`org-${randomBytes(6).toString('hex')}`);
  await gateway.sql('update subscriptions set plan = $2 where org_id = $1', [org.id, plan]);
  return org;
}
