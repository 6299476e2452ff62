/**
 * The part `mutations`: one row written by each request, in a copy of the database that is dropped afterwards. In the
 * database both servers set off the same triggers: the row's version and time, its full name, the limit of its tags, and
 * an audit row. Beyond that the gateway finds the caller's membership, checks the input by the rules of the API, and
 * tells refusals as data.
 */
import type { Client } from 'pg';
import { type Check, compare } from '../compare.ts';
import { busyOrgs } from '../data-set.ts';
import type { Org } from '../database.ts';
import type { Part } from '../part.ts';
import type { Query, Variables } from '../queries.ts';
import { printQueries } from '../report.ts';
import type { ServerName } from '../servers.ts';
import { checkWrites } from '../writes.ts';

let written = 0;
/** Never the same twice: what changes nothing leaves no audit row, and a mail address is taken only once. */
const newTitle = (): string => {
  written += 1;
  return `Title ${written}`;
};

function createVariables(server: ServerName): Variables {
  const title = newTitle();
  const email = `${title.toLowerCase().replace(' ', '.')}@example.org`;
  const contact = { firstName: 'Ada', lastName: 'Novak', fullName: 'Ada Novak', email, title };
  return { input: server === 'postgraphile' ? { contact } : contact };
}

function updateVariables(server: ServerName, org: Org, turn: number): Variables {
  const id = org.contactIds[turn % org.contactIds.length];
  const contactPatch = { title: newTitle() };
  if (server === 'postgraphile') return { input: { orgId: org.id, rowId: id, contactPatch } };
  return { input: { id: `contact_${id}`, ...contactPatch } };
}

const fields = 'fullName email title version createdAt updatedAt';

const queries: readonly Query[] = [
  {
    name: 'contactUpdate',
    title: 'a contact gets another title',
    gateway: `mutation ($input: ContactUpdateInput!) {
      contactUpdate(input: $input) { contact { id ${fields} } userErrors { code message path } } }`,
    postgraphile: `mutation ($input: UpdateContactByOrgIdAndRowIdInput!) {
      contactUpdate: updateContactByOrgIdAndRowId(input: $input) { contact { id: rowId ${fields} } } }`,
    turns: Number.POSITIVE_INFINITY,
    variables: updateVariables,
  },
  {
    name: 'contactCreate',
    title: 'a contact is made',
    gateway: `mutation ($input: ContactCreateInput!) {
      contactCreate(input: $input) { contact { id ${fields} } userErrors { code message path } } }`,
    postgraphile: `mutation ($input: CreateContactInput!) {
      contactCreate: createContact(input: $input) { contact { id: rowId ${fields} } } }`,
    turns: Number.POSITIVE_INFINITY,
    variables: createVariables,
  },
];

export const mutations: Part = {
  title: 'one row written by each request, and its audit row',
  servers: ['gateway', 'postgraphile'],
  able: ['gateway', 'postgraphile'],
  run: (bench) =>
    bench.databases.lendCopy(busyOrgs, async (copy, client: Client) => {
      const check: Check = (servers, query, askers) => checkWrites(client, servers, query, askers);
      const report = await compare(bench, copy, queries, check);
      return { report, table: printQueries(report, queries) };
    }),
};
