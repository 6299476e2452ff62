/**
 * How the reads of the benchmark are planned where tables are large: by their indexes, under row security, touching little
 * more than they give.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queries } from '../../bench/queries.ts';
import { currentOrg } from '../../src/compiler/alias.ts';
import type { Variables, Written } from '../../src/compiler/parts.ts';
import { createCursors } from '../../src/graphql/sealed-cursors.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { asRequest, asRequestOf, planModes, prepared, type Scan, scansOf, statementOf } from './explain.ts';
import { fillManyRows, interactionsOfDeal, large, manyRows, rowsOfOrg } from './many-rows.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
/** A contact of each of the two. */
const contactIds = new Map<Org, string>();
/** Names of indexes by table and columns. */
let indexes: ReadonlyMap<string, string>;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  await fillManyRows(gateway.sql);
  for (const org of [acme, globex]) {
    const [contact] = await gateway.sql('select id from contacts where org_id = $1 order by id limit 1', [org.id]);
    contactIds.set(org, String(contact?.id));
  }
  const found = await gateway.sql(
    `select format('%s (%s', tablename, split_part(indexdef, 'btree (', 2)) as key, indexname from pg_indexes`,
  );
  indexes = new Map(found.map(({ key, indexname }) => [String(key), String(indexname)]));
}, 240_000);
afterAll(() => gateway.close());

const index = (table: string, columns: string): string => indexes.get(`${table} (${columns})`) ?? 'no such index';
const pageIndex = (table: string) => index(table, 'org_id, created_at DESC, id DESC');
const keyIndex = (table: string) => index(table, 'org_id, id');

/** How many rows more than it gives a scan may read: deleted ones, and those with the same key as the cursor's. */
const few = 5;

/** The tables that a plan may read, each by which index, and how many rows of it at most. */
type Expected = Readonly<Record<string, { readonly index: string; readonly most: number }>>;

/** Every table in the plan is read by the index that is expected, and no further than expected. */
function expectScans(scans: readonly Scan[], expected: Expected): void {
  expect(scans.map(({ table }) => table).sort()).toEqual(Object.keys(expected).sort());
  for (const { table, kind, index, rows } of scans) {
    expect({ table, index }).toEqual({ table, index: expected[table]?.index });
    expect(kind, table).toMatch(/^Index (Only )?Scan$/);
    expect(rows, table).toBeGreaterThan(0);
    expect(rows, table).toBeLessThanOrEqual(expected[table]?.most ?? 0);
  }
}

/** A plan that reads contacts of one organization alone, by some index, and none of them twice. */
function expectOwnContacts([contacts, ...others]: readonly Scan[]): void {
  expect(others).toEqual([]);
  expect(contacts).toMatchObject({ table: 'contacts', index: expect.stringMatching(/^contacts_/) });
  expect(contacts?.condition).toContain('org_id = ');
  expect(contacts?.rows).toBeLessThanOrEqual(rowsOfOrg('contacts'));
}

/** The interactions of each deal, from the index that has them in order. */
const nestedInteractions = () => ({
  index: index('interactions', 'org_id, deal_id, created_at DESC, id DESC'),
  most: 20 * 10 + few,
});

interface Read {
  readonly title: string;
  readonly query: string;
  /** For a member of an organization. */
  readonly variables: (org: Org) => Variables;
}

/** The four reads of the benchmark. */
const reads: readonly Read[] = Object.values(queries).map(({ name, title, gateway: query }) => ({
  title,
  query,
  variables: (org) => (name === 'contact' ? { id: `contact_${contactIds.get(org)}` } : {}),
}));

const contactsAfter = `query ($after: String) ${queries.contacts.gateway.replace('first: 20', 'first: 20, after: $after')}`;

/** Opens the cursors of this server. */
const open = (cursor: string) => createCursors(gateway.config.cursorSecret ?? '').open(cursor)?.content ?? null;

/** The cursor at the end of the page that begins before a moment. */
async function cursorBefore(moment: string): Promise<string> {
  const { contacts } = await acme.owner.ok(
    `query ($moment: DateTimeOrDuration!) { contacts(first: 20, filter: {createdAt: {lt: $moment}},
      orderBy: [{createdAt: {direction: DESC}}]) { pageInfo { endCursor } } }`,
    { moment },
  );
  return contacts.pageInfo.endCursor;
}

/** The ids of the rows of a type in an answer; of all types when none is given. */
const idsIn = (answer = '', type = '\\w+'): string[] =>
  [...answer.matchAll(new RegExp(`"id":"${type}_([-0-9a-f]{36})"`, 'g'))].map(([, id]) => id ?? '');

/** The organizations of the contacts in an answer. */
async function orgsOf(answer: string | undefined): Promise<unknown[]> {
  const found = await gateway.sql(
    'select distinct o.id from organizations o join contacts c on c.org_id = o.id and c.id = any($1::uuid[])',
    [idsIn(answer, 'contact')],
  );
  return found.map(({ id }) => id);
}

test('the tables are large', async () => {
  const [counted] = await gateway.sql(`select (select count(*)::int from contacts) as contacts,
    (select count(*)::int from interactions) as interactions, (select count(distinct org_id)::int from contacts) as orgs`);
  expect(counted).toEqual({ contacts: manyRows, interactions: manyRows, orgs: 50 });
});

test.each(reads)('$title: the server sends the statement that is explained here', async ({ query, variables }) => {
  const { statements } = await gateway.counting(() => acme.owner.ok(query, variables(acme)));
  expect(statements).toEqual([statementOf(query, variables(acme)).text]);
});

describe.each(planModes)('by a %s plan', (mode) => {
  const scans = (query: string, variables: Variables = {}) =>
    scansOf(gateway, acme, statementOf(query, variables, open), mode);

  test('a page of contacts is read off the index of its order, each account by its key', async () => {
    expectScans(await scans(queries.contacts.gateway), {
      contacts: { index: pageIndex('contacts'), most: 20 + few },
      accounts: { index: keyIndex('accounts'), most: 20 },
    });
  });

  test.each([
    ['the second page', '2099-01-01T00:00:00Z'],
    ['a page in the middle', '2024-12-01T00:00:00Z'],
  ])('%s of contacts begins at the cursor, and reads nothing that comes before it', async (_, moment) => {
    const found = await scans(contactsAfter, { after: await cursorBefore(moment) });
    expectScans(found, {
      contacts: { index: pageIndex('contacts'), most: 20 + few },
      accounts: { index: keyIndex('accounts'), most: 20 },
    });
    expect(found.find(({ table }) => table === 'contacts')?.condition).toMatch(/org_id = .* AND \(created_at <= /);
  });

  test('a page of deals reads each look-up by its key, and of the nested lists the rows of each deal', async () => {
    expectScans(await scans(queries.deals.gateway), {
      deals: { index: pageIndex('deals'), most: 20 + few },
      accounts: { index: keyIndex('accounts'), most: 20 },
      contacts: { index: keyIndex('contacts'), most: 20 },
      pipeline_stages: { index: expect.stringMatching(/^pipeline_stages_/), most: 20 * 6 },
      interactions: nestedInteractions(),
    });
  });

  test('the totals of nested lists count the rows of each deal', async () => {
    expectScans(await scans('{ deals(first: 20) { nodes { interactions { totalCount } } } }'), {
      deals: { index: pageIndex('deals'), most: 20 + few },
      interactions: { index: expect.stringMatching(/^interactions_.*deal/), most: 20 * interactionsOfDeal },
    });
  });

  test('a contact by id is one look-up by its key', async () => {
    const id = contactIds.get(acme);
    const found = await scans(queries.contact.gateway, { id: `contact_${id}` });
    expectScans(found, { contacts: { index: keyIndex('contacts'), most: 1 } });
    expect(found[0]?.condition).toContain(mode === 'custom' ? `'${id}'` : '$1');
  });

  if (large || mode === 'custom') {
    test('filtered contacts are read in the order of their names, until there are twenty', async () => {
      expectScans(await scans(queries.filtered.gateway), {
        contacts: { index: index('contacts', 'org_id, full_name'), most: 20 * 6 },
      });
    });
  } else {
    test('filtered contacts are looked for among all of the organization, as these are few', async () => {
      expectOwnContacts(await scans(queries.filtered.gateway));
    });
  }

  test('a filter that nobody meets reads the contacts of the organization, each once', async () => {
    const found = await scans(queries.filtered.gateway.replace('"a"', '"nobody"'));
    expectOwnContacts(found);
    expect(found[0]?.rows).toBe(rowsOfOrg('contacts'));
  });

  test.each(['contacts', 'interactions'] as const)('the total of %s is counted in an index', async (table) => {
    const [scan, ...others] = await scans(`{ ${table} { totalCount } }`);
    expect(others).toEqual([]);
    expect(scan).toMatchObject({
      table,
      kind: expect.stringMatching(/^(Index Only Scan|Index Scan|Bitmap Heap Scan)$/),
    });
    expect(scan?.condition).toContain('org_id = ');
    expect(scan?.rows).toBeLessThanOrEqual(rowsOfOrg(table));
    expect(scan?.rows).toBeGreaterThan(rowsOfOrg(table) * 0.9);
  });

  const leave = { text: "set local app.context = ''" };

  /** The answers of one prepared statement in the organization of the caller, and then in others. */
  async function answersIn(statement: Written, orgs: readonly (Org | null)[]): Promise<string[]> {
    const { before, run, after } = prepared(statement, mode);
    const moved = await Promise.all(
      orgs.map(async (org) => [leave, ...(org ? (await asRequestOf(gateway, org)).slice(-1) : []), run]),
    );
    const rows = (await asRequest(gateway, acme, [...before, run, ...moved.flat(), after])).flat();
    return rows.flatMap(({ answer }) => (answer === undefined ? [] : [String(answer)]));
  }

  describe.each(reads)('$title', ({ query, variables }) => {
    test('gives the rows of the organization in the settings, and none without one', async () => {
      const [own, other, none] = await answersIn(statementOf(query, variables(acme)), [globex, null]);
      expect(await orgsOf(own)).toEqual([acme.id]);
      expect(await orgsOf(other)).toEqual(query === queries.contact.gateway ? [] : [globex.id]);
      expect(idsIn(own).filter((id) => idsIn(other).includes(id))).toEqual([]);
      expect(none).toMatch(/^\{"data":\{"\w+":(null|\{"nodes":\[\]\})\}\}$/);
    });

    test('gives nothing when its text names another organization', async () => {
      const { text, values, needs } = statementOf(query, variables(globex));
      const foreign = { text: text.replaceAll(currentOrg, `'${globex.id}'::uuid`), values, needs };
      expect(foreign.text).not.toBe(text);
      const [inAcme, inGlobex] = await answersIn(foreign, [globex]);
      expect(idsIn(inAcme)).toEqual([]);
      expect(await orgsOf(inGlobex)).toEqual([globex.id]);
    });

    test('cannot be planned past row security', async () => {
      const off = { text: 'set local row_security = off' };
      const { before, run } = prepared(statementOf(query, variables(acme)), mode);
      await expect(asRequest(gateway, acme, [off, ...before, run])).rejects.toThrow(/affected by row-level security/);
    });
  });
});
