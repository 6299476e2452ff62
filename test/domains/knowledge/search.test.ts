import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashText } from '../../../src/search/hashing-embedder.ts';
import { type Client, type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

interface Searched {
  readonly field: string;
  readonly type: string;
  readonly table: string;
  readonly dimensions: number;
  readonly permission: string;
  /** A row about something. */
  readonly about: (topic: string) => object;
  /** The column that a filter can tell rows by. */
  readonly named: string;
}

const kinds: readonly Searched[] = [
  {
    field: 'searchDocuments',
    type: 'Document',
    table: 'documents',
    dimensions: 768,
    permission: 'knowledge:read',
    about: (topic) => ({ title: topic, body: `Notes on ${topic}` }),
    named: 'title',
  },
  {
    field: 'searchInteractions',
    type: 'Interaction',
    table: 'interactions',
    dimensions: 1536,
    permission: 'crm:read',
    about: (topic) => ({ subject: topic, body: `A call about ${topic}` }),
    named: 'subject',
  },
  {
    field: 'searchClientIntelligence',
    type: 'ClientIntelligence',
    table: 'client_intelligence',
    dimensions: 1536,
    permission: 'knowledge:read',
    about: (topic) => ({ clientName: topic, summary: `They want ${topic}` }),
    named: 'clientName',
  },
  {
    field: 'searchOrgBrain',
    type: 'OrgBrainEntry',
    table: 'org_brain',
    dimensions: 1536,
    permission: 'knowledge:read',
    about: (topic) => ({ contentType: 'fact', contentText: topic }),
    named: 'contentText',
  },
];

const topics = ['late invoice payment', 'homepage redesign workshop', 'broken heat pump', 'annual garden maintenance'];

beforeAll(async () => {
  gateway = await startGateway();
  [acme, globex] = [await gateway.organization('acme'), await gateway.organization('globex')];
  for (const kind of kinds) {
    for (const topic of topics) await make(acme.member, kind.type, kind.about(topic));
    await make(globex.member, kind.type, kind.about('late invoice payment'));
  }
});
afterAll(() => gateway.close());

const search = async (client: Client, { field, named }: Searched, args: string): Promise<Data> =>
  (await client.ok(`{ found: ${field}(${args}) { exact model edges { score node { id ${named} } } nodes { id } } }`))
    .found;
const names = ({ named }: Searched, { edges }: Data): string[] => edges.map(({ node }: Data) => node[named]);

describe.each(kinds)('$field', (kind) => {
  const vector = (text: string) => `[${hashText(text, kind.dimensions).join()}]`;
  const failureOf = async (client: Client, args: string) => {
    const { errors = [], data } = await client.run(`{ found: ${kind.field}(${args}) { exact } }`);
    expect(data).not.toHaveProperty('found.exact');
    return errors.map(({ message, extensions, path }) => [extensions.code, message, path]);
  };
  const refused = (message: string) => [['BAD_USER_INPUT', message, ['found']]];

  test('vector search finds what a text is about, the nearest first, with falling scores', async () => {
    const found = await search(acme.viewer, kind, 'text: "payment of an invoice that is late"');
    expect(found).toMatchObject({ exact: true, model: 'lexical-hash-v1' });
    expect(names(kind, found)).toHaveLength(topics.length);
    expect(names(kind, found)[0]).toBe('late invoice payment');
    const scores = found.edges.map(({ score }: Data) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[0]).toBeGreaterThan(0.4);
    expect(Math.max(...scores.slice(1))).toBeLessThan(0.3);
    expect(found.nodes.map(({ id }: Data) => id)).toEqual(found.edges.map(({ node }: Data) => node.id));
  });

  test('takes a vector for a text: the same question has the same answer', async () => {
    const text = 'broken heat pump';
    const byText = await search(acme.viewer, kind, `text: "${text}", first: 2`);
    const [stored] = await gateway.sql(
      `select 1 - (embedding <=> $1::vector) as score from ${kind.table} where id = $2`,
      [vector(text), uuidOf(byText.nodes[0].id)],
    );
    expect(await search(acme.viewer, kind, `vector: ${vector(text)}, first: 2`)).toEqual(byText);
    expect(byText.edges[0].score).toBeCloseTo(Number(stored?.score), 5);
  });

  test('never compares with another model', async () => {
    expect(await search(acme.viewer, kind, `vector: ${vector('pump')}, model: "text-embedding-3-small"`)).toEqual({
      exact: true,
      model: 'text-embedding-3-small',
      edges: [],
      nodes: [],
    });
  });

  test('obeys the filter of the type', async () => {
    const found = await search(
      acme.viewer,
      kind,
      `text: "late invoice payment", filter: { ${kind.named}: { contains: "GARDEN" } }`,
    );
    expect(names(kind, found)).toEqual(['annual garden maintenance']);
    expect(await failureOf(acme.viewer, 'text: "a", filter: {}')).toEqual(
      refused('filter is empty. Leave it out, or give it a condition.'),
    );
  });

  test('shows one organization nothing of another', async () => {
    expect(names(kind, await search(globex.viewer, kind, 'text: "heat pump, garden, homepage"'))).toEqual([
      'late invoice payment',
    ]);
    const mine = await search(acme.viewer, kind, 'text: "late invoice payment", first: 100');
    const foreign = await gateway.sql(`select id::text from ${kind.table} where org_id = $1`, [globex.id]);
    expect(mine.nodes.map(({ id }: Data) => uuidOf(id))).not.toContain(foreign[0]?.id);
  });

  test('needs its permission', async () => {
    const other = kind.permission === 'crm:read' ? 'knowledge:read' : 'crm:read';
    const { secret } = (
      await acme.admin.ok(
        `mutation { made: apiKeyCreate(input: { name: "K", scopes: ["${other}"] }) { secret userErrors { code } } }`,
      )
    ).made;
    const message = `This needs the key scope ${kind.permission} (role VIEWER or above).`;
    expect(await failureOf(gateway.withKey(secret), 'text: "a"')).toEqual([['FORBIDDEN', message, ['found']]]);
  });

  test.each([
    ['', 'Give a text or a vector to search for.'],
    ['text: null, vector: null', 'Give a text or a vector to search for.'],
    ['text: "a", vector: [1]', 'Give a text or a vector, not both.'],
    [
      'text: "a", model: "m"',
      'model says which model made a given vector; a text is embedded by the model of the server.',
    ],
    ['text: " "', 'The text to search for is empty.'],
    ['vector: [1]', `A vector of ${kind.dimensions} numbers is expected, not of 1.`],
    ['text: "a", first: 0', 'A search gives 1 to 100 rows; 0 were asked for.'],
    ['text: "a", first: -1', 'A search gives 1 to 100 rows; -1 were asked for.'],
    ['text: "a", first: 101', 'A search gives 1 to 100 rows; 101 were asked for.'],
  ])('refuses (%s) before any statement', async (args, message) => {
    const { statements, result } = await gateway.counting(() => failureOf(acme.viewer, args || 'first: 1'));
    expect(result).toEqual(refused(message));
    expect(statements.filter((text) => text.includes(kind.table))).toEqual([]);
  });

  test('is one statement for the kill switch, one for the search and one for what is selected of the rows', async () => {
    const query = `{ ${kind.field}(text: "pump") { edges { score node { id ${kind.type === 'OrgBrainEntry' ? 'source' : 'account { name owner { email } contacts { nodes { fullName } } }'} } } nodes { createdAt } } }`;
    expect((await gateway.counting(() => acme.viewer.ok(query))).statements).toHaveLength(3);
    expect(
      (await gateway.counting(() => acme.viewer.ok(`{ ${kind.field}(text: "pump") { exact model } }`))).statements,
    ).toHaveLength(2);
    expect(
      (
        await gateway.counting(() =>
          acme.viewer.ok(query.replace('text: "pump"', 'text: "pump", filter: { version: { gt: 99 } }')),
        )
      ).statements,
    ).toHaveLength(2);
  });
});

test('deleted documents are not found, and found again once they are back', async () => {
  const [kind] = kinds;
  if (!kind) throw new Error('There are no kinds.');
  const id = await make(acme.member, 'Document', { title: 'secret recipe', body: 'of grandmother' });
  const found = async () => names(kind, await search(acme.viewer, kind, 'text: "secret recipe", first: 1'));
  expect(await found()).toEqual(['secret recipe']);
  await write(acme.member, 'documentDelete', { id });
  expect(await found()).not.toEqual(['secret recipe']);
  await write(acme.member, 'documentRestore', { id });
  expect(await found()).toEqual(['secret recipe']);
});

test('what has no words is not found', async () => {
  await write(acme.member, 'interactionCreate', { type: 'MEETING' });
  const { searchInteractions: found } = await acme.viewer.ok(
    '{ searchInteractions(text: "meeting", first: 100) { nodes { subject } } }',
  );
  expect(found.nodes.map(({ subject }: Data) => subject).sort()).toEqual([...topics].sort());
});

test('a change of the text is found at once, in the same document too', async () => {
  const id = await make(acme.member, 'OrgBrainEntry', { contentType: 'fact', contentText: 'we close at noon' });
  const query = 'query { searchOrgBrain(text: "opening hours on sunday", first: 1) { nodes { id } } }';
  expect((await acme.viewer.ok(query)).searchOrgBrain.nodes).not.toEqual([{ id }]);
  await write(acme.member, 'orgBrainEntryUpdate', { id, contentText: 'opening hours on sunday: none' });
  expect((await acme.viewer.ok(query)).searchOrgBrain.nodes).toEqual([{ id }]);
});
