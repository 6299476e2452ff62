/** The part `depth`: what each further level of a query costs, from 1 to 6 along the relations, with small pages. */
import { busyOrgs } from '../data-set.ts';
import type { Part } from '../part.ts';
import type { Query } from '../queries.ts';
import { compareSteps } from '../steps.ts';

/** A level in the words of the gateway and of PostGraphile: its field with arguments, and a name besides the id. */
interface Level {
  readonly title: string;
  readonly gateway: string;
  readonly postgraphile: string;
  readonly named: string;
  readonly isList?: boolean;
}

const newest = 'orderBy: [{createdAt: {direction: DESC}}]';
const newestOfPostgraphile = 'orderBy: [CREATED_AT_DESC, ROW_ID_DESC]';

const levels: readonly Level[] = [
  {
    title: '10 contacts',
    gateway: `contacts(first: 10, ${newest})`,
    postgraphile: `contacts: allContacts(first: 10, ${newestOfPostgraphile})`,
    named: 'fullName',
    isList: true,
  },
  { title: 'account', gateway: 'account', postgraphile: 'account: accountByOrgIdAndAccountId', named: 'name' },
  {
    title: '3 deals',
    gateway: `deals(first: 3, ${newest})`,
    postgraphile: `deals: dealsByOrgIdAndAccountId(first: 3, ${newestOfPostgraphile})`,
    named: 'title',
    isList: true,
  },
  {
    title: '3 interactions',
    gateway: `interactions(first: 3, ${newest})`,
    postgraphile: `interactions: interactionsByOrgIdAndDealId(first: 3, ${newestOfPostgraphile})`,
    named: 'subject',
    isList: true,
  },
  { title: 'contact', gateway: 'contact', postgraphile: 'contact: contactByOrgIdAndContactId', named: 'fullName' },
  { title: 'account', gateway: 'account', postgraphile: 'account: accountByOrgIdAndAccountId', named: 'name' },
];

function documentOf(server: 'gateway' | 'postgraphile', chosen: readonly Level[]): string {
  const id = server === 'gateway' ? 'id' : 'id: rowId';
  const nest = (inner: string, level: Level) => {
    const fields = `${id} ${level.named} ${inner}`;
    return `${level[server]} { ${level.isList ? `nodes { ${fields} }` : fields} }`;
  };
  return `{ ${chosen.reduceRight(nest, '')} }`;
}

function queryOf(depth: number): Query {
  const chosen = levels.slice(0, depth);
  return {
    name: `depth-${depth}`,
    title: chosen.map(({ title }) => title).join(' > '),
    gateway: documentOf('gateway', chosen),
    postgraphile: documentOf('postgraphile', chosen),
  };
}

const steps = levels.map(({ title }, index) => ({
  label: `${index + 1}: ${index > 0 ? '> ' : ''}${title}`,
  query: queryOf(index + 1),
}));

export const depth: Part = {
  title: 'each line is nested in those above; cost is the time of a request, divided by that of the first line',
  servers: ['gateway', 'postgraphile'],
  able: ['gateway', 'resolvers', 'postgraphile'],
  run: async (bench) => compareSteps(bench, await bench.databases.open(busyOrgs), 'level', steps),
};
