/**
 * The four queries, in the words of each server. PostGraphile's names are aliased to the gateway's, so one function
 * reads the rows of all answers, and the limit gives the gateway's text as it is.
 */
import type { Org } from './database.ts';
import type { ServerName } from './servers.ts';

export type Variables = Readonly<Record<string, unknown>>;

export interface Query {
  /** Names it in reports, and on the limit. */
  readonly name: string;
  readonly title: string;
  readonly gateway: string;
  readonly postgraphile: string;
  /** How many times an organization's owner asks for something else before it begins again; once when absent. */
  readonly turns?: number;
  /** The variables of a turn, in the words of a server; the limit takes their values as its path. */
  variables?(server: ServerName, org: Org, turn: number): Variables;
}

const contact = 'id fullName email createdAt';
const contactOfPostgraphile = 'id: rowId fullName email createdAt';
const askedContacts = 20;

/** A page of contacts with their account. */
export const contactsPage = (name: string, first: number) =>
  ({
    name,
    title: `${first} contacts with account`,
    gateway: `{ contacts(first: ${first}, orderBy: [{createdAt: {direction: DESC}}]) {
      nodes { ${contact} account { id name } } } }`,
    postgraphile: `{ contacts: allContacts(first: ${first}, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      nodes { ${contactOfPostgraphile} account: accountByOrgIdAndAccountId { id: rowId name } } } }`,
  }) satisfies Query;

/** The id of a contact, as a server's variables name one row of an organization. */
function contactVariables(server: ServerName, org: Org, turn: number): Variables {
  const id = org.contactIds[turn % askedContacts] ?? '';
  if (server === 'postgraphile') return { orgId: org.id, id };
  return { id: server === 'limit' ? id : `contact_${id}` };
}

export const queries = {
  contacts: contactsPage('contacts', 20),
  deals: {
    name: 'deals',
    title: '20 deals with account, contact, stage and 10 interactions each',
    gateway: `{ deals(first: 20, orderBy: [{createdAt: {direction: DESC}}]) {
      nodes { id title value { cents currency } status account { id name } contact { id fullName } stage { id name }
        interactions(first: 10, orderBy: [{createdAt: {direction: DESC}}]) { nodes { id subject occurredAt } } } } }`,
    postgraphile: `{ deals: allDeals(first: 20, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      nodes { id: rowId title cents: valueCents currency status account: accountByOrgIdAndAccountId { id: rowId name }
        contact: contactByOrgIdAndContactId { id: rowId fullName }
        stage: pipelineStageByOrgIdAndPipelineIdAndStageId { id: rowId name }
        interactions: interactionsByOrgIdAndDealId(first: 10, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
          nodes { id: rowId subject occurredAt } } } } }`,
  },
  contact: {
    name: 'contact',
    title: 'one contact by id',
    gateway: `query ($id: ID!) { contact(id: $id) { ${contact} phone title } }`,
    postgraphile: `query ($orgId: UUID!, $id: UUID!) {
      contact: contactByOrgIdAndRowId(orgId: $orgId, rowId: $id) { ${contactOfPostgraphile} phone title } }`,
    turns: askedContacts,
    variables: contactVariables,
  },
  filtered: {
    name: 'filtered',
    title: '20 primary contacts whose name starts with "a", by name',
    gateway: `{ contacts(first: 20, filter: {isPrimary: {eq: true}, fullName: {startsWith: "a"}},
      orderBy: [{fullName: {direction: ASC}}]) { nodes { ${contact} } } }`,
    postgraphile: `{ contacts: allContacts(first: 20, orderBy: [FULL_NAME_ASC, ROW_ID_ASC],
      filter: {isPrimary: {equalTo: true}, fullName: {startsWithInsensitive: "a"}}) {
        nodes { ${contactOfPostgraphile} } } }`,
  },
} as const satisfies Record<string, Query>;

export type QueryName = keyof typeof queries;

export const queryNames = Object.keys(queries) as QueryName[];

/** Tells whether text names one of the queries. */
export const isQueryName = (name: string): name is QueryName => name in queries;

/** The sizes that the part `pages` compares. */
export const pageSizes = [10, 20, 50, 100] as const;

/** The name of a page of contacts among the limit's statements. */
export const pageName = (first: number): string => `contacts-${first}`;

const typedId = /^[a-z_]+_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Writes ids, times and enum values one way: bare UUIDs, ISO times in UTC, lower case. */
function plainText(key: string, text: string): string {
  if (dateTime.test(text)) return new Date(text).toISOString();
  if (key === 'status') return text.toLowerCase();
  return typedId.exec(text)?.[1] ?? text;
}

/** Gives an answer's rows in one shape whichever server wrote them, to be compared. */
export function plainRows(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return plainText(key, value);
  if (Array.isArray(value)) return value.map((item) => plainRows(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).flatMap(([name, inner]) =>
    name === 'value' && inner !== null && typeof inner === 'object' ? Object.entries(inner) : [[name, inner] as const],
  );
  return Object.fromEntries(entries.map(([name, inner]) => [name, plainRows(inner, name)]));
}
