/**
 * Texts, numbers and JSON that are hard to carry: through variables, through literals, and out of the rows. With the
 * compiler they come out as they do without.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alike, compiledAlike } from './alike.ts';
import { days, floats, insertHostileRows, jsons, moments, texts } from './hostile-rows.ts';
import { startTwoServers, type TwoServers } from './two-servers.ts';

let two: TwoServers;

beforeAll(async () => {
  two = await startTwoServers();
  const [acme] = await two.gateway.sql("select id from organizations where slug = 'acme'");
  await insertHostileRows(two.gateway.sql, String(acme?.id));
}, 120_000);
afterAll(() => two.close());

/** All pages of a list, forwards; `list` is given `after: $after`. */
async function pages<T>(list: string, selection: string): Promise<T[]> {
  const query = `query ($after: String) { list: ${list} {
    nodes { ${selection} } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  const nodes: T[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const { plain } = await alike(two, { query, variables: { after } });
    const { list } = JSON.parse(plain.body).data;
    nodes.push(...list.nodes);
    after = list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
  }
  return nodes;
}

const named = texts.map((text): [string, string] => [JSON.stringify(text).slice(0, 50), text]);

describe('texts', () => {
  const hostile = '{ industry: { eq: "hostile" } }';

  test('come out of rows as they were stored', async () => {
    const query = `{ accounts(filter: ${hostile}, orderBy: [{ createdAt: {} }], first: 100) {
      nodes { name tags metadata billingAddress } } }`;
    const { accounts } = await compiledAlike(two, { query, variables: {} });
    expect(accounts.nodes).toEqual(
      texts.map((text) => ({
        name: text,
        tags: [text, ''],
        metadata: { [text]: text, list: [text] },
        billingAddress: [text],
      })),
    );
  });

  test.each(['ASC', 'DESC'])('stand in cursors, %s', async (direction) => {
    const order = `orderBy: [{ name: { direction: ${direction} } }]`;
    const found = await pages<{ name: string }>(
      `accounts(filter: ${hostile}, ${order}, first: 4, after: $after)`,
      'name',
    );
    expect(found.map(({ name }) => name).sort()).toEqual([...texts].sort());
  });

  const accounts = (name: string, filter: string, among = ''): string =>
    `${name}: accounts(filter: { ${filter} ${among} }) { totalCount nodes { name } }`;

  /** A list for each operator that finds the row of a text, and for each that finds the others. */
  const everyOperator = (value: string, list: string, json: string, whole: string): string => {
    const finding = ['eq', 'contains', 'startsWith', 'endsWith', 'gte', 'lte'];
    const others = ['ne', 'gt', 'lt'];
    const among = `industry: { eq: "hostile" }`;
    return [
      ...finding.map((name) => accounts(name, `name: { ${name}: ${value} }`, among)),
      ...others.map((name) => accounts(name, `name: { ${name}: ${value} }`, among)),
      accounts('in', `name: { in: ${list} }`),
      accounts('notIn', `name: { notIn: ${list} }`, among),
      accounts('has', `tags: { has: ${value} }`),
      accounts('hasAny', `tags: { hasAny: ${list} }`),
      accounts('hasAll', `tags: { hasAll: ${list} }`),
      accounts('jsonEq', `metadata: { path: ${list}, eq: ${json} }`),
      accounts('jsonContains', `metadata: { path: ${list}, contains: ${value} }`),
      accounts('jsonHas', `metadata: { path: ["list"], has: ${json} }`),
      accounts('whole', `billingAddress: { eq: ${whole} }`),
    ].join(' ');
  };

  const expectFound = (data: Readonly<Record<string, { nodes: unknown[] }>>, text: string): void => {
    const not = ['ne', 'gt', 'lt', 'notIn'];
    for (const [operator, { nodes }] of Object.entries(data))
      expect([operator, nodes.some((node) => (node as { name: string }).name === text)]).toEqual([
        operator,
        !not.includes(operator),
      ]);
  };

  test.each(named)('are found as variables: %s', async (_name, text) => {
    const lists = everyOperator('$value', '$list', '$json', '$whole');
    const query = `query ($value: String!, $list: [String!]!, $json: JSON!, $whole: JSON!) { ${lists} }`;
    const variables = { value: text, list: [text], json: text, whole: [text] };
    expectFound(await compiledAlike(two, { query, variables }), text);
  });

  test.each(named)('are found as literals: %s', async (_name, text) => {
    const literal = JSON.stringify(text);
    const query = `{ ${everyOperator(literal, `[${literal}]`, literal, `[${literal}]`)} }`;
    expectFound(await compiledAlike(two, { query, variables: {} }), text);
  });

  test.each([
    ['an empty text', ''],
    ['the character NUL', 'a\0b'],
    ['half of a surrogate pair', 'a\ud83d'],
  ])('that cannot be found or stored are answered alike: %s', async (_what, text) => {
    for (const filter of ['{ eq: $text }', '{ contains: $text }', '{ in: [$text] }', '{ gt: $text }']) {
      const query = `query ($text: String!) { accounts(filter: { name: ${filter} }) { totalCount } }`;
      await alike(two, { query, variables: { text } });
      await alike(two, {
        query: query.replace('($text: String!)', '').replace('$text', JSON.stringify(text)),
        variables: {},
      });
    }
  });
});

describe('JSON', () => {
  test.each(jsons)('comes out as the resolvers print it: %s', async (what, json) => {
    const query = 'query ($what: String!) { leads(filter: { companyName: { eq: $what } }) { nodes { metadata } } }';
    const { leads } = await compiledAlike(two, { query, variables: { what } });
    expect(JSON.stringify(leads.nodes[0].metadata).length).toBeGreaterThan(2);
    expect(leads.nodes).toEqual([{ metadata: JSON.parse(JSON.stringify(JSON.parse(json))) }]);
  });

  test('comes out beside other columns, in nested lists and of one row', async () => {
    const query = `{ leads(filter: { source: { eq: "hostile" } }, first: 50) { edges { cursor node { companyName metadata
      more: metadata assignedTo { displayName } } } totalCount } templates { nodes { content } } organization { settings } }`;
    const { leads } = await compiledAlike(two, { query, variables: {} });
    expect(leads.edges).toHaveLength(jsons.length);
  });

  test.each([
    '5',
    '-0',
    '1e-7',
    '12345678901234567890',
    '1e400',
    '0.1',
    '"10"',
    'true',
    'null',
    '{}',
    '{ a: [[], {}], b: { c: null } }',
    '{ __proto__: { a: 1 } }',
    '[1, "a", [null]]',
  ])('is compared alike: %s', async (literal) => {
    const number = Number.isFinite(Number(literal)) ? literal : '0';
    const operators = [
      `eq: ${literal}`,
      `ne: ${literal}`,
      `has: ${literal}`,
      `path: ["a"], eq: ${literal}`,
      `path: ["a", "0"], gt: ${number}`,
    ];
    for (const operator of operators) {
      const query = `{ leads(filter: { source: { eq: "hostile" }, metadata: { ${operator} } }) { totalCount nodes { companyName } } }`;
      await alike(two, { query, variables: {} });
    }
  });
});

describe('numbers', () => {
  const hostile = 'name: { eq: "hostile" }';

  test('come out as JavaScript prints them', async () => {
    const query = `{ properties(filter: { ${hostile} }, first: 50, orderBy: [{ createdAt: {} }]) { nodes { latitude longitude } } }`;
    const { properties } = await compiledAlike(two, { query, variables: {} });
    const printed = (value: number): number => JSON.parse(JSON.stringify(value));
    expect(properties.nodes).toEqual(floats.map((float) => ({ latitude: printed(float), longitude: printed(-float) })));
  });

  test.each(['latitude', 'longitude'])('are sorted by, and stand in cursors: %s', async (column) => {
    const found = await pages(
      `properties(filter: { ${hostile} }, orderBy: [{ ${column}: {} }], first: 5, after: $after)`,
      column,
    );
    expect(found).toHaveLength(floats.length);
  });

  test.each(floats)('are compared alike: %d', async (float) => {
    const query = `query ($float: Float!) {
      eq: properties(filter: { ${hostile}, latitude: { eq: $float } }) { nodes { latitude } }
      lt: properties(filter: { ${hostile}, latitude: { lt: $float } }) { totalCount }
      in: properties(filter: { ${hostile}, longitude: { in: [$float, 0] } }) { totalCount } }`;
    const { eq } = await compiledAlike(two, { query, variables: { float } });
    expect(eq.nodes.length).toBeGreaterThan(0);
    await alike(two, {
      query: query.replace('($float: Float!)', '').replaceAll('$float', String(float)),
      variables: {},
    });
  });

  test.each([
    '"9223372036854775807"',
    '"-1"',
    '9007199254740991',
    '"9223372036854775808"',
    '1.5',
    '"1e3"',
    '" 1"',
    '""',
  ])('of 64 bits are compared alike: %s', async (literal) => {
    const query = `{ deals(filter: { valueCents: { gte: ${literal} } }) { totalCount nodes { value { cents amount } } } }`;
    await alike(two, { query, variables: {} });
  });

  test.each(['"999999999.999"', '"0.001"', '"10.50"', '10.5', '-1', '"1e2"', '"12345678901234567890"', '".5"'])(
    'of exact decimals are compared alike: %s',
    async (literal) => {
      const query = `{ proposalLineItems(filter: { quantity: { lte: ${literal} } }) { totalCount nodes { quantity total { amount } } } }`;
      await alike(two, { query, variables: {} });
    },
  );
});

describe('moments and days', () => {
  test('come out and stand in cursors', async () => {
    const found = await pages<{ occurredAt: string }>(
      'interactions(filter: { subject: { eq: "hostile" } }, orderBy: [{ occurredAt: {} }], first: 2, after: $after)',
      'occurredAt',
    );
    expect(found).toHaveLength(moments.length);
    const starts = await pages<{ startsOn: string }>(
      'contracts(filter: { title: { eq: "hostile" } }, orderBy: [{ startsOn: {} }], first: 2, after: $after)',
      'startsOn',
    );
    expect(starts.map(({ startsOn }) => startsOn)).toEqual(days);
  });

  test.each([...moments, 'yesterday', '-P1Y', 'P1D', '-PT0S', '2026-01-01'])(
    'moments are compared alike: %s',
    async (value) => {
      const query = `query ($value: DateTimeOrDuration!) {
      gte: interactions(filter: { subject: { eq: "hostile" }, occurredAt: { gte: $value } }) { totalCount nodes { occurredAt } }
      eq: interactions(filter: { occurredAt: { eq: $value } }) { nodes { occurredAt } } }`;
      await alike(two, { query, variables: { value } });
    },
  );

  test.each([...days, '2026-02-30', '-P1Y', '2026-01-01T00:00:00Z'])('days are compared alike: %s', async (value) => {
    const query = `query ($value: DateOrDuration!) {
      gte: contracts(filter: { title: { eq: "hostile" }, startsOn: { gte: $value } }) { totalCount nodes { startsOn } }
      eq: contracts(filter: { startsOn: { eq: $value } }) { nodes { startsOn } } }`;
    await alike(two, { query, variables: { value } });
  });
});
