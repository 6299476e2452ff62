import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Another, another } from '../support/another.ts';
import type { Client } from '../support/client.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;
let server: Another;
let member: Client;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  server = await another(gateway, { env: { LOG_LEVEL: 'error' } });
  member = await server.client(acme);
});
afterAll(async () => {
  await server.close();
  await gateway.close();
});
beforeEach(() => {
  server.lines.length = 0;
});

const texts: [string, string][] = [
  ['the character NUL', 'a\0b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['SQL', `'; select set_config('app.org_id', '', true); --`],
  ['wildcards and backslashes', '%_\\%\\'],
  ['a dollar', '$1 $$ $q$'],
  ['JSON', '{"a": [1]}'],
  ['right to left', '\u202eabc\u202c'],
  ['nothing', ''],
  ['blanks', ' \t\r\n'],
  ['100,000 characters', 'x'.repeat(100_000)],
  ['many bytes', '𝔘'.repeat(5_000)],
  ['a prototype', '__proto__'],
];

/** Where a client may put a text: the documents take it as $text. */
const places: [string, string][] = [
  ['equality', 'accounts(filter: {name: {eq: $text}}) { totalCount }'],
  ['a list', 'accounts(filter: {name: {in: [$text, "b"]}}) { totalCount }'],
  ['a part', 'accounts(filter: {name: {contains: $text}}) { totalCount }'],
  ['a beginning', 'accounts(filter: {name: {startsWith: $text}}) { totalCount }'],
  ['tags', 'accounts(filter: {tags: {has: $text}}) { totalCount }'],
  ['a relation', 'contacts(filter: {account: {name: {eq: $text}}}) { totalCount }'],
  ['a cursor', 'accounts(after: $text) { totalCount }'],
];

const asId: [string, string][] = [
  ['an id', 'account(id: $text) { id }'],
  ['a node', 'node(id: $text) { id }'],
  ['nodes', 'nodes(ids: [$text]) { id }'],
  ['an id in a filter', 'accounts(filter: {id: {eq: $text}}) { totalCount }'],
];

const create =
  'mutation ($text: String!) { accountCreate(input: {name: $text, tags: [$text], phone: $text}) { account { name } userErrors { code } } }';

const createJson =
  'mutation ($json: JSON!) { accountCreate(input: {name: "J", metadata: $json}) { account { metadata } userErrors { code } } }';
const codeOf = ({ code }: { readonly code: string }): string => code;

/** Codes that say: the request was at fault. */
const innocent = ['BAD_USER_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT'];

async function expectNoFault(query: string, variables: object, client = member): Promise<void> {
  const { status, errors } = await client.run(query, variables);
  expect(status).toBeLessThan(500);
  for (const { extensions } of errors ?? []) expect(innocent).toContain(extensions.code);
  expect(server.lines).toEqual([]);
}

describe.each(texts)('%s', (_what, text) => {
  test.each(places)('as %s is no fault of the server', async (_place, field) => {
    await expectNoFault(`query ($text: String!) { ${field} }`, { text });
  });

  test.each(asId)('as %s is no fault of the server', async (_place, field) => {
    await expectNoFault(`query ($text: ID!) { ${field} }`, { text });
  });

  test('as a value is stored as it is, or refused', async () => {
    const { status, data, errors } = await member.run(create, { text });
    expect(status).toBeLessThan(500);
    const codes = [
      ...(errors ?? []).map(({ extensions }) => extensions.code),
      ...(data.accountCreate?.userErrors ?? []).map(codeOf),
    ];
    if (data.accountCreate?.account) expect([data.accountCreate.account.name, codes]).toEqual([text, []]);
    else expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(server.lines).toEqual([]);
  });

  test('in JSON is stored as it is, or refused', async () => {
    const json = { text: [text, { deep: text }] };
    const { status, data, errors } = await member.run(createJson, { json });
    expect(status).toBeLessThan(500);
    const codes = [
      ...(errors ?? []).map(({ extensions }) => extensions.code),
      ...(data.accountCreate?.userErrors ?? []).map(codeOf),
    ];
    if (data.accountCreate?.account) expect([data.accountCreate.account.metadata, codes]).toEqual([json, []]);
    else expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(server.lines).toEqual([]);
  });
});

test.each(["'; select 1", '%', '../acme', 'ACME', 'x'.repeat(5_000), '\u00e9', '{}'])(
  'X-Org: %s is another organization, or none',
  async (org) => {
    await expectNoFault('{ accounts { totalCount } }', {}, member.inOrg(org));
  },
);
