/** The whole CRM of one organization, in the order in which the rows refer to each other. */
import { type Account, accountRows, planAccounts, propertyRows } from './crm-accounts.ts';
import { contactRows, planContacts } from './crm-contacts.ts';
import { type Deal, dealRows, defaultStages, leadRows, planDeals, secondPipeline } from './crm-deals.ts';
import { activityRows, interactionRows } from './crm-interactions.ts';
import { contractRows, lineItemRows, planProposals, proposalRows, serviceRows, templateRows } from './crm-papers.ts';
import { insertRows } from './insert.ts';
import type { Scene } from './scene.ts';

export interface Crm {
  readonly accounts: readonly Account[];
  readonly deals: readonly Deal[];
}

async function seedPapers(scene: Scene, deals: readonly Deal[]): Promise<void> {
  const { client } = scene;
  const proposals = planProposals(scene, deals);
  await insertRows(client, 'services', serviceRows(scene));
  await insertRows(client, 'templates', templateRows(scene));
  await insertRows(client, 'proposals', proposalRows(scene, proposals));
  await insertRows(client, 'proposal_line_items', lineItemRows(scene, proposals));
  await insertRows(client, 'contracts', contractRows(scene, proposals, deals));
}

export async function seedCrm(scene: Scene): Promise<Crm> {
  const { client } = scene;
  const accounts = planAccounts(scene);
  const contacts = planContacts(scene, accounts);
  const second = secondPipeline(scene);
  const stages = { first: await defaultStages(client, scene.org.id), second: second.stages };
  const deals = planDeals(scene, stages, accounts, contacts);

  await insertRows(client, 'accounts', accountRows(scene, accounts));
  await insertRows(client, 'properties', propertyRows(scene, accounts));
  await insertRows(client, 'contacts', contactRows(scene, contacts));
  await insertRows(client, 'pipelines', [second.pipeline]);
  await insertRows(client, 'pipeline_stages', second.rows);
  await insertRows(client, 'deals', dealRows(scene, deals));
  await insertRows(client, 'leads', leadRows(scene, deals));
  await seedPapers(scene, deals);
  // Last: each one classifies its account by the deals that are there.
  await insertRows(client, 'interactions', await interactionRows(scene, accounts, contacts, deals));
  await insertRows(client, 'activities', activityRows(scene, deals));
  return { accounts, deals };
}
