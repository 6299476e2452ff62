import { getNamedType, getNullableType, isLeafType, isListType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLimits } from '../../src/plugins/use-limits.ts';
import { schema } from '../../src/schema.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const limits = { tokens: 2_000, depth: 12, aliases: 30, cost: 100_000 };
const costOf = (query: string, variables: Record<string, unknown> = {}): number =>
  checkLimits(schema, parse(query), { query, variables }, limits);

const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
  isObjectType(type) && !type.name.startsWith('__')
    ? Object.values(type.getFields()).map((field) => ({ type, field, name: `${type.name}.${field.name}` }))
    : [],
);
const lists = fields.filter(
  ({ type, field }) => isListType(getNullableType(field.type)) && !type.name.endsWith('Connection'),
);

describe('every list counts', () => {
  test.each(lists)('$name', ({ type, field }) => {
    const leaf = isLeafType(getNamedType(field.type));
    const cost = costOf(`{ node(id: "x") { ... on ${type.name} { ${field.name}${leaf ? '' : ' { __typename }'} } } }`);
    expect(cost).toBeGreaterThanOrEqual(leaf ? 1 : 25);
  });

  test('a list that is given ids has one thing for each', () => {
    expect(costOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] })).toBe(3);
    expect(costOf('query ($ids: [ID!]!) { freeBusy(userIds: $ids) { busy { startsAt } } }', { ids: ['a', 'b'] })).toBe(
      2 * (1 + 100),
    );
  });

  test('a number that is computed counts', () => {
    expect(costOf('{ unreadMessageCount }')).toBe(1);
    expect(costOf('{ conversations(first: 10) { nodes { unreadCount } } }')).toBe(10 * (1 + 1));
  });
});

describe('names of clients are looked up as they are', () => {
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];
  const three = (n: string) =>
    `accounts(first: ${n}) { nodes { contacts(first: ${n}) { nodes { deals(first: ${n}) { nodes { id } } } } } }`;

  test.each(names)('a variable $%s', async (name) => {
    const variables = JSON.parse(`{ "${name}": 100 }`);
    expect(() => costOf(`query ($${name}: Int = 100) { ${three(`$${name}`)} }`)).toThrow('1010100 objects');
    expect(() => costOf(`query ($${name}: Int) { ${three(`$${name}`)} }`, variables)).toThrow('1010100 objects');
    const { errors } = await acme.member.run(`query ($${name}: Int = 100) { ${three(`$${name}`)} }`);
    expect(errors?.[0]?.extensions.code).toBe('COST_LIMIT');
  });

  test.each(names)('a field, an argument, a fragment and an operation called %s', async (name) => {
    for (const query of [
      `{ ${name} { id } }`,
      `{ accounts(${name}: 1) { totalCount } }`,
      `{ accounts(filter: { ${name}: { eq: 1 } }) { totalCount } }`,
      `{ ...${name} } fragment ${name} on ${name} { id }`,
      `query ${name} { ${name}: __typename @${name} }`,
    ])
      expect((await acme.member.run(query)).status).toBe(400);
    expect((await acme.member.run(`query ${name} { ${name}: __typename }`)).data[name]).toBe('Query');
  });
});

describe('arguments', () => {
  const nested = (levels: number, quantity = 'some') => {
    let filter = '{name: {eq: "x"}}';
    for (let level = 0; level < levels; level++) filter = `{contacts: {${quantity}: {account: ${filter}}}}`;
    return filter;
  };
  const query = (filter: string) => `{ accounts(first: 1, filter: ${filter}) { totalCount } }`;

  test('plain conditions cost nothing', () => {
    expect(costOf(query('{name: {eq: "x"}, and: [{owner: {title: {contains: "y"}}}]}'))).toBe(1);
  });

  test('steps to many rows count by their depth', () => {
    expect(costOf(query(nested(1)))).toBe(1 + 10);
    expect(costOf(query(nested(2)))).toBe(1 + 10 + 100);
    expect(costOf(query(nested(3)))).toBe(1 + 10 + 100 + 1_000);
  });

  test.each(['some', 'every', 'none'])('%s, nested four times, is refused with what to do', async (quantity) => {
    const sentence =
      'A filter may nest some, every and none 3 levels deep. Read the inner rows first, and filter by their ids.';
    expect(() => costOf(query(nested(4, quantity)))).toThrow(sentence);
    const variables = {
      f: {
        contacts: {
          [quantity]: {
            account: {
              contacts: { none: { account: { contacts: { every: { account: { contacts: { some: {} } } } } } } },
            },
          },
        },
      },
    };
    const text = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
    const { status, errors } = await acme.member.run(text, variables);
    expect([status, errors?.[0]?.extensions.code, errors?.[0]?.message]).toEqual([400, 'COST_LIMIT', sentence]);
    const inside = 'query ($f: AccountFilter) { accounts(filter: {and: [$f]}) { totalCount } }';
    expect((await acme.member.run(inside, variables)).errors?.[0]?.message).toBe(sentence);
  });

  test('a filter of a nested list counts for each parent', () => {
    const inner = `contacts(first: 1, filter: {account: ${nested(2)}}) { nodes { id } }`;
    expect(costOf(`{ accounts(first: 100) { nodes { ${inner} } } }`)).toBe(100 * (1 + 1 + 110));
  });

  test('steps of an order count by their depth', () => {
    const by = (order: string) => `{ contacts(first: 1, orderBy: [${order}]) { nodes { id } } }`;
    expect(costOf(by('{fullName: {direction: ASC}}'))).toBe(1);
    expect(costOf(by('{account: {name: {direction: ASC}}}'))).toBe(1 + 4);
    expect(costOf(by('{account: {owner: {title: {direction: ASC}}}}'))).toBe(1 + 4 + 16);
  });

  test('texts count', () => {
    const text = 'x'.repeat(1_000);
    expect(costOf(`{ accounts(first: 1, filter: {name: {contains: "${text}"}}) { totalCount } }`)).toBe(1 + 10);
    const read = 'query ($t: String) { accounts(first: 1, filter: {name: {contains: $t}}) { totalCount } }';
    expect(costOf(read, { t: text })).toBe(1 + 10);
  });

  test('a variable in many places counts in each', () => {
    const filters = Array.from({ length: 60 }, () => '$f').join(', ');
    const many = `query ($f: AccountFilter) { accounts(filter: {or: [${filters}]}) { totalCount } }`;
    const f = { or: Array.from({ length: 1_900 }, () => ({ name: { eq: 'x' } })) };
    expect(() => costOf(many, { f })).toThrow('more than 100000 values');
  });
});
