/** Proposals for tests: drafts and sent ones, each with a line of 5.00. */
import type { Client, Data } from '../../support/gateway.ts';
import { make, write } from '../../support/write.ts';

export const line = { description: 'Work', quantity: '1.5', unitPriceCents: '333' };

let number = 0;

/** Makes a draft, and gives its id. */
export function draft(client: Client, more: object = {}): Promise<string> {
  number += 1;
  return make(client, 'Proposal', { proposalNumber: `P-${number}`, title: 'Offer', lineItems: [line], ...more });
}

/** Makes a proposal and sends it; gives its id. */
export async function sent(client: Client, more: object = {}): Promise<string> {
  const id = await draft(client, more);
  await write(client, 'proposalSend', { id });
  return id;
}

/** Fields of a proposal. */
export const read = async (client: Client, id: string, selection: string): Promise<Data> =>
  (await client.ok(`query ($id: ID!) { row: proposal(id: $id) { ${selection} } }`, { id })).row;
