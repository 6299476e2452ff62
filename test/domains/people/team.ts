/** A line of three: boss, lead and worker, all of them plain members, and an outsider beside it. */
import { randomUUID } from 'node:crypto';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { make } from '../../support/write.ts';

export interface Colleague {
  readonly client: Client;
  readonly userId: string;
  /** The global id of the employee. */
  readonly id: string;
}

export interface Team {
  readonly boss: Colleague;
  readonly lead: Colleague;
  readonly worker: Colleague;
  readonly outsider: Colleague;
}

/** Makes a member who is an employee. */
export async function colleague(gateway: Gateway, org: Org, firstName: string, managerId?: string): Promise<Colleague> {
  const userId = randomUUID();
  const email = `${firstName}-${userId.slice(0, 8)}@${org.slug}.example`.toLowerCase();
  const client = (await gateway.person({ id: userId, email, name: firstName })).inOrg(org.slug);
  await gateway.sql('select app.sign_in($1, $2, $3, null)', [userId, email, firstName]);
  await gateway.sql("insert into org_members (org_id, user_id, role) values ($1, $2, 'member')", [org.id, userId]);
  const id = await make(org.admin, 'Employee', { firstName, lastName: 'Of the team', userId, email, managerId });
  return { client, userId, id };
}

export async function makeTeam(gateway: Gateway, org: Org): Promise<Team> {
  const boss = await colleague(gateway, org, 'Boss');
  const lead = await colleague(gateway, org, 'Lead', boss.id);
  const worker = await colleague(gateway, org, 'Worker', lead.id);
  return { boss, lead, worker, outsider: await colleague(gateway, org, 'Outsider') };
}

/** What being forbidden something by a rule is answered. */
export const forbiddenBy = (message: string, path: string, currentVersion: number | null = null) => [
  { code: 'FORBIDDEN', message, path: [path], currentVersion },
];

/** What a row that the caller may not see is answered: as one of nothing. */
export const unknown = (model: string) => [
  { code: 'NOT_FOUND', message: `There is no such ${model}.`, path: ['id'], currentVersion: null },
];
