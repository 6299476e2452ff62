/** The part `pages`: what a larger page costs. The same list of contacts with their account, 10 to 100 of them. */
import { busyOrgs } from '../data-set.ts';
import type { Part } from '../part.ts';
import { contactsPage, pageName, pageSizes } from '../queries.ts';
import { serverNames } from '../servers.ts';
import { compareSteps } from '../steps.ts';

const steps = pageSizes.map((first) => ({ label: String(first), query: contactsPage(pageName(first), first) }));

export const pages: Part = {
  title: 'contacts with their account, by page size; cost is the time of a request, divided by that of the first line',
  servers: ['gateway', 'postgraphile', 'limit'],
  able: serverNames,
  run: async (bench) => compareSteps(bench, await bench.databases.open(busyOrgs), 'first', steps),
};
