/**
 * Cursors are opaque: they tell nothing of the rows that they were made of, are made by the server alone, and are worth
 * nothing in another organization.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCursors } from '../src/graphql/sealed-cursors.ts';
import { type Client, type Gateway, type Org, startGateway } from './support/gateway.ts';
import { make } from './support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

const orderBy = '[{ owner: { email: {} } }, { name: {} }]';
const list = (args: string) =>
  `{ accounts(orderBy: ${orderBy}, ${args}) { edges { cursor node { name } } pageInfo { startCursor endCursor } } }`;
const withVariable = `query ($after: String) ${list('after: $after')}`;

const both = (client: Client) => [client.via(gateway.server), client.via(gateway.resolvers)] as const;

const names = async (client: Client, after: string): Promise<unknown> =>
  (await client.ok(withVariable, { after })).accounts.edges.map(({ node }: { node: { name: string } }) => node.name);

const cursorOf = async (client: Client): Promise<string> =>
  (await client.ok(list('first: 1'))).accounts.pageInfo.endCursor;

const says = ['BAD_USER_INPUT', 'This cursor is not one of this list, or of another order. Start again without it.'];
async function refusal(client: Client, query: string, variables = {}): Promise<unknown[]> {
  const { errors } = await client.run(query, variables);
  return [errors?.[0]?.extensions.code, errors?.[0]?.message];
}

beforeAll(async () => {
  gateway = await startGateway();
  [org, other] = [await gateway.organization('acme'), await gateway.organization('globex')];
  for (const [role, { id: ownerId }] of Object.entries(org.people))
    await make(org.owner, 'Account', { name: `"${role}" \u0001\u007f ü€😀`, ownerId });
}, 60_000);
afterAll(() => gateway.close());

test('the compiler and the resolvers give the same, and take each other’s', async () => {
  const [compiled, resolved] = both(org.viewer);
  const answers = await Promise.all([compiled, resolved].map((client) => client.ok(list('first: 3'))));
  expect(answers[0]).toEqual(answers[1]);
  const [first] = answers[0].accounts.edges;
  expect(answers[0].accounts.pageInfo.startCursor).toBe(first.cursor);
  expect(await names(compiled, first.cursor)).toHaveLength(3);
  expect(await names(resolved, first.cursor)).toEqual(await names(compiled, first.cursor));
});

test('they tell nothing of their rows', async () => {
  const { edges } = (await org.viewer.ok(list('first: 4'))).accounts;
  for (const { cursor } of edges) {
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toMatch(/acme|Account|email|owner|admin|name/);
  }
});

test('whatever is changed, cut, added or made by others is none', async () => {
  const cursor = await cursorOf(org.viewer);
  const bytes = Buffer.from(cursor, 'base64url');
  const flipped = [0, 11, 12, bytes.length >> 1, bytes.length - 1].map((place) => {
    const copy = Buffer.from(bytes);
    copy[place] = (copy[place] ?? 0) ^ 1;
    return copy.toString('base64url');
  });
  const stranger = createCursors(randomBytes(32)).seal({ orgId: org.id, content: '["Account:id+l","x"]' });
  const wrong = [...flipped, cursor.slice(0, -4), `${cursor}AAAA`, `${cursor}=`, '', ' ', 'ÄÖ', 'null', stranger];
  for (const client of both(org.viewer))
    for (const after of wrong.filter(Boolean))
      expect([after, await refusal(client, withVariable, { after })]).toEqual([after, says]);
});

describe('they are worth nothing elsewhere', () => {
  const key = async (scopes: string[]): Promise<Client> => {
    const mutation = 'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret } }';
    const { apiKeyCreate } = await org.owner.ok(mutation, { input: { name: 'Key', role: 'MEMBER', scopes } });
    return gateway.withKey(apiKeyCreate.secret);
  };

  test('in another organization', async () => {
    const cursor = await cursorOf(org.owner);
    for (const client of [...both(org.owner), ...both(org.viewer)]) expect(await names(client, cursor)).toHaveLength(3);
    for (const client of both(other.owner))
      expect(await refusal(client, withVariable, { after: cursor })).toEqual(says);
  });

  test('also when one stands in a document that others send too', async () => {
    const document = list(`after: "${await cursorOf(org.owner)}"`);
    for (let round = 0; round < 2; round++) {
      await org.owner.ok(document);
      for (const client of both(other.owner)) expect(await refusal(client, document)).toEqual(says);
    }
  });

  test('nor for whoever may not sort so', async () => {
    const [wide, narrow] = [await key(['crm:read', 'members:read']), await key(['crm:read'])];
    const cursor = await cursorOf(org.owner);
    for (const client of both(wide)) expect(await names(client, cursor)).toHaveLength(3);
    for (const client of both(narrow))
      expect((await client.run(withVariable, { after: cursor })).errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        permission: 'members:read',
      });
  });
});

test('any content comes out as it went in, of one secret alone, and the same content is the same cursor', () => {
  const [cursors, others] = [createCursors('one secret'), createCursors('another secret')];
  const orgs = fc.option(fc.uuid(), { nil: null });
  fc.assert(
    fc.property(orgs, orgs, fc.string({ unit: 'grapheme' }), (orgId, another, content) => {
      const cursor = cursors.seal({ orgId, content });
      expect(cursors.open(cursor)).toEqual({ orgId, content });
      expect(createCursors('one secret').seal({ orgId, content })).toBe(cursor);
      expect(others.open(cursor)).toBeNull();
      if (another !== orgId) expect(cursors.seal({ orgId: another, content })).not.toBe(cursor);
    }),
  );
});
