import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf, warmUp } from '../support/cost.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await warmUp(acme.member);
});
afterAll(() => gateway.close());

const messages = async (query: string, variables: object = {}): Promise<string[]> =>
  ((await acme.owner.run(query, variables)).errors ?? []).map(({ message }) => message);

describe('values are never repeated', () => {
  const secret = 'hunter2-very-secret';
  const set =
    'mutation ($i: IntegrationCredentialSetInput!) { integrationCredentialSet(input: $i) { userErrors { message } } }';
  const byLiteral = (input: string) =>
    `mutation { integrationCredentialSet(input: ${input}) { userErrors { message } } }`;

  test.each<[what: string, query: string, variables?: object]>([
    ['beside a misspelt field', set, { i: { secrett: 1, secret } }],
    ['in a misspelt field', set, { i: { secrett: secret } }],
    ['in a field of another type', set, { i: { secret, expiresAt: secret, expectedVersion: secret } }],
    ['instead of an object', set, { i: secret }],
    [
      'instead of an enum',
      'query ($d: SortDirection) { accounts(orderBy: [{name: {direction: $d}}]) { totalCount } }',
      { d: secret },
    ],
    ['beside a misspelt field of a literal', byLiteral(`{secrett: 1, secret: "${secret}"}`)],
    ['in a field of another type, as a literal', byLiteral(`{secret: "x", expectedVersion: "${secret}"}`)],
    ['instead of an object, as a literal', byLiteral(`"${secret}"`)],
    ['instead of a list of objects', `{ accounts(filter: {and: "${secret}"}) { totalCount } }`],
    ['instead of an enum, as a literal', `{ accounts(orderBy: [{name: {direction: "${secret}"}}]) { totalCount } }`],
    ['in a document that breaks off', `{ accounts(after: "x" "${secret}") { totalCount } }`],
    ['as a name in a wrong place', '{ accounts(after: x hunter2 hunter2) { totalCount } }'],
    ['in an id', 'query ($id: ID!) { account(id: $id) { id } }', { id: secret }],
    [
      'in a duration',
      'query ($d: DateTimeOrDuration) { accounts(filter: {createdAt: {gt: $d}}) { totalCount } }',
      { d: `P${secret}` },
    ],
    ['in a scalar', 'query ($n: BigInt) { deals(filter: {valueCents: {gt: $n}}) { totalCount } }', { n: secret }],
    ['in a cursor', 'query ($c: String) { accounts(after: $c) { totalCount } }', { c: secret }],
    [
      'in an item that is missing',
      'query ($x: String) { accounts(filter: {name: {in: [$x, "hunter2"]}}) { totalCount } }',
      {},
    ],
  ])('%s', async (_what, query, variables) => {
    const { status, errors, data } = await acme.owner.run(query, variables);
    expect(status).toBeLessThan(500);
    expect(JSON.stringify([errors, data])).not.toContain('hunter2');
    expect(errors?.length).toBeGreaterThan(0);
  });

  test('the place and the rule stand in the message', async () => {
    const filter = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
    expect(await messages(filter, { f: { and: [{ name: { eq: 5 } }] } })).toEqual([
      'Variable "$f" got an invalid value at "f.and[0].name.eq"; String expects a text.',
    ]);
    expect(await messages('query ($n: Int!) { accounts(first: $n) { totalCount } }')).toEqual([
      'Variable "$n" of type "Int!" is required.',
    ]);
    expect(await messages('{ accounts(first: "x") { totalCount } }')).toEqual([
      'Int expects a whole number between -2147483648 and 2147483647.',
    ]);
    expect(await messages('{ accounts(filter: "x") { totalCount } }')).toEqual([
      'Expected value of type "AccountFilter".',
    ]);
    expect(await messages('{ accounts(orderBy: [{name: {direction: UP}}]) { totalCount } }')).toEqual([
      'SortDirection expects one of ASC, DESC.',
    ]);
    expect(await messages('{ accounts(first: 1 "x") { totalCount } }')).toEqual([
      'Syntax Error: Expected Name, found String.',
    ]);
  });
});

describe('errors are few and short', () => {
  const filter = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`nosuch${i}`, i]));

  test('unknown keys of a variable: 209 KB of them take no time', async () => {
    const ms = await costOf(async () => {
      const found = await messages(filter, { f: keys(9_000) });
      expect(found).toHaveLength(10);
      expect(found.join('').length).toBeLessThan(5_000);
    });
    expect(ms).toBeLessThan(250);
  });

  test('keys are values, whatever stands beside them', async () => {
    expect(await messages(filter, { f: keys(21_000) })).toEqual(['The variables hold more than 20000 values.']);
  });

  test.each([
    ['unknown fields', `{ ${Array.from({ length: 500 }, (_, i) => `nosuch${i}`).join(' ')} }`],
    [
      'unknown arguments',
      `{ accounts(${Array.from({ length: 200 }, (_, i) => `a${i}: 1`).join(' ')}) { totalCount } }`,
    ],
    ['wrong rows', '{ accounts { nodes { contacts(last: 1000) { totalCount } } } }'],
  ])('%s', async (_what, query) => {
    const found = await messages(query);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(11);
    for (const message of found) expect(message.length).toBeLessThanOrEqual(500);
  });

  test('a long name is cut', async () => {
    const [message = ''] = await messages(`{ ${'x'.repeat(100_000)} }`);
    expect(message).toHaveLength(500);
    expect(await messages(`{ ${'x'.repeat(101)}: __typename }`)).toEqual(['An alias has at most 100 characters.']);
  });

  test('a document of very many lines is not read', async () => {
    expect(await messages(`${'\n'.repeat(20_000)}{ __typename }`)).toEqual([
      'The query has more than 20000 lines. Send long texts as variables instead.',
    ]);
  });
});
