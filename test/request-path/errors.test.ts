import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { type Another, another } from '../support/another.ts';
import type { Answer } from '../support/client.ts';
import { Client } from '../support/client.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let server: Another;
let member: Client;
let admin: Client;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  server = await another(gateway);
  member = await server.client(acme);
  admin = await server.client(acme, 'admin');
});
afterAll(async () => {
  await server.close();
  await gateway.close();
});
beforeEach(() => {
  server.lines.length = 0;
});

/** What no client may ever read. */
const internals =
  /prisma|postgres|pg_|invocation|select |insert |update "|constraint|relation "|column|_fkey|_key\b|node_modules|\.ts\b|\.js\b|\bat \S+ \(|ECONN|P20\d\d|row-level|violates/i;

const wholeText = ({ data, errors }: Answer): string =>
  JSON.stringify({ data, errors }, (key, value) => (key === 'locations' ? undefined : value));

function expectNothingInternal(answer: Answer): void {
  expect(wholeText(answer)).not.toMatch(internals);
  expect(wholeText(answer)).not.toContain(projectRoot);
}

/** The only error of an answer, without anything internal in it. */
function onlyError(answer: Answer) {
  expectNothingInternal(answer);
  expect(answer.errors).toHaveLength(1);
  const { message, path, extensions } = answer.errors?.[0] ?? {
    message: '',
    path: undefined,
    extensions: { code: '' },
  };
  return { status: answer.status, code: extensions.code, message, path };
}

/** The only refusal of an answer's only mutation, without anything internal in it. */
function onlyRefusal(answer: Answer) {
  expectNothingInternal(answer);
  expect(answer.errors).toBeUndefined();
  const [payload] = Object.values<{ userErrors: object[] }>(answer.data);
  expect(payload?.userErrors).toHaveLength(1);
  return { status: answer.status, ...payload?.userErrors[0] };
}

const refusal = 'userErrors { code message path currentVersion }';
const contactCreate = `mutation ($input: ContactCreateInput!) { contactCreate(input: $input) { contact { id } ${refusal} } }`;
const accountUpdate = `mutation ($input: AccountUpdateInput!) { accountUpdate(input: $input) { account { id } ${refusal} } }`;
const unknownId = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';

describe('what the database refuses, in words for people', () => {
  test('unique', async () => {
    await member.ok(contactCreate, { input: { fullName: 'Ada', email: 'ada@acme.example' } });
    const answer = await member.run(contactCreate, { input: { fullName: 'Ada again', email: 'ADA@acme.example' } });
    expect(onlyRefusal(answer)).toMatchObject({
      status: 200,
      code: 'CONFLICT',
      path: ['email'],
      message: 'That email is taken already.',
    });
    expect(await gateway.sql("select full_name from contacts where lower(email) = 'ada@acme.example'")).toEqual([
      { full_name: 'Ada' },
    ]);
  });

  test('foreign key', async () => {
    const answer = await member.run(contactCreate, { input: { fullName: 'Bob', accountId: unknownId } });
    expect(onlyRefusal(answer)).toMatchObject({
      code: 'NOT_FOUND',
      path: ['accountId'],
      message: 'There is no such account.',
    });
    expect(await gateway.sql("select 1 from contacts where full_name = 'Bob'")).toEqual([]);
  });

  test('check', async () => {
    const answer = await member.run(contactCreate, { input: { fullName: '' } });
    expect(onlyRefusal(answer)).toMatchObject({ code: 'BAD_USER_INPUT', path: ['fullName'] });
  });

  test('not found', async () => {
    const answer = await member.run(accountUpdate, { input: { id: unknownId, name: 'X' } });
    expect(onlyRefusal(answer)).toEqual({
      status: 200,
      code: 'NOT_FOUND',
      path: ['id'],
      message: 'There is no such Account.',
      currentVersion: null,
    });
  });

  test('none of it is logged as a bug', async () => {
    await member.run(accountUpdate, { input: { id: unknownId, name: 'X' } });
    expect(server.logged().map(({ level, msg }) => [level, msg])).toEqual([['info', 'request']]);
  });
});

describe('not yours and not there', () => {
  let theirs: string;
  beforeAll(async () => {
    const { accountCreate } = await globex.member.ok(
      'mutation { accountCreate(input: {name: "Theirs"}) { account { id } } }',
    );
    theirs = accountCreate.account.id;
  });
  const missing = `account_${unknownId}`;

  test.each([
    ['reading', 'query ($id: ID!) { account(id: $id) { id name } node(id: $id) { id } nodes(ids: [$id]) { id } }'],
    ['updating', `mutation ($id: ID!) { accountUpdate(input: {id: $id, name: "Mine"}) { account { id } ${refusal} } }`],
    [
      'updating at a version',
      `mutation ($id: ID!) { accountUpdate(input: {id: $id, name: "Mine", expectedVersion: 7}) { account { id } ${refusal} } }`,
    ],
    ['deleting', `mutation ($id: ID!) { accountDelete(input: {id: $id}) { account { id } ${refusal} } }`],
    ['destroying', `mutation ($id: ID!) { accountDestroy(input: {id: $id}) { accountId ${refusal} } }`],
    [
      'referring to it',
      `mutation ($id: ID!) { contactCreate(input: {fullName: "Eve", accountId: $id}) { contact { id } ${refusal} } }`,
    ],
    ['filtering by it', 'query ($id: ID!) { contacts(filter: {accountId: {eq: $id}}) { totalCount nodes { id } } }'],
  ])('%s is answered alike', async (_what, query) => {
    const [hidden, absent] = [await admin.run(query, { id: theirs }), await admin.run(query, { id: missing })];
    expect(hidden.status).toBe(absent.status);
    expect(wholeText(hidden).replaceAll(theirs, missing)).toBe(wholeText(absent));
    expect(await gateway.sql('select name, version, deleted_at from accounts where org_id = $1', [globex.id])).toEqual([
      { name: 'Theirs', version: 1, deleted_at: null },
    ]);
  });
});

describe('a bug', () => {
  beforeAll(() => gateway.sql('alter table accounts rename column industry to sector'));
  afterAll(() => gateway.sql('alter table accounts rename column sector to industry'));

  test.each([
    ['in a query', 'query Ask { accounts { nodes { industry } } }', { data: {} }],
    [
      'in a mutation',
      'mutation Ask { accountCreate(input: {name: "A", industry: "secret-input"}) { account { id } userErrors { code } } }',
      { data: {} },
    ],
    [
      'beside data',
      'query Ask { __typename account(id: "account_0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000") { industry } }',
      { status: 200, data: { account: null } },
    ],
  ])('%s is INTERNAL with the request id, and one line in the log', async (_where, query, expected) => {
    const answer = await member.withHeaders({ 'x-request-id': 'the-request' }).run(query);
    expect(answer).toMatchObject(expected);
    expect(onlyError(answer)).toMatchObject({
      status: 'status' in expected ? 200 : 500,
      code: 'INTERNAL',
      message: 'Something went wrong. Quote the request id the-request.',
    });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', requestId: 'the-request' });
    const bugs = server.logged().filter(({ level }) => level === 'error');
    expect(bugs).toMatchObject([
      {
        requestId: 'the-request',
        orgId: acme.id,
        operation: 'Ask',
        msg: 'unexpected error',
        err: { stack: expect.any(String) },
      },
    ]);
    expect(server.lines.join()).not.toContain('secret-input');
  });
});

test('a value that cannot be written as its type is a bug, not the client’s fault', async () => {
  await gateway.sql('alter table accounts drop constraint accounts_kind_check');
  await gateway.sql("insert into accounts (org_id, name, kind) values ($1, 'Odd', 'no such kind')", [acme.id]);
  const answer = await member.run('{ accounts(filter: {name: {eq: "Odd"}}) { nodes { name kind } } }');
  expect(onlyError(answer)).toMatchObject({ code: 'INTERNAL' });
  expect(wholeText(answer)).not.toContain('no such kind');
});

describe('values of the wrong kind are the client’s fault', () => {
  const find = 'query ($f: AccountFilter, $first: Int) { accounts(filter: $f, first: $first) { totalCount } }';
  test.each([
    ['a text for a number', find, { first: 'ten' }],
    ['a number too large', find, { first: 2 ** 40 }],
    ['an unknown operator', find, { f: { name: { like: 'x' } } }],
    ['an empty operator', find, { f: { name: {} } }],
    ['a date that is none', find, { f: { createdAt: { gt: 'yesterday' } } }],
    ['a duration that is none', find, { f: { createdAt: { gt: '-PX' } } }],
    ['an address that is none', contactCreate, { input: { fullName: 'C', email: 'nobody' } }],
    [
      'a link that is none',
      'mutation ($i: AccountCreateInput!) { accountCreate(input: $i) { userErrors { code } } }',
      { i: { name: 'C', website: 'nowhere' } },
    ],
    ['a missing input', contactCreate, {}],
    [
      'a null page size where the default is meant',
      'query ($n: Int! = 5) { accounts(first: $n) { totalCount } }',
      { n: null },
    ],
    ['an id of another type', accountUpdate, { input: { id: `contact_${unknownId}`, name: 'X' } }],
    ['a cursor that is none', 'query { accounts(after: "x") { totalCount } }', {}],
  ])('%s', async (_what, query, variables) => {
    const answer = await member.run(query, variables);
    const [error] =
      answer.errors ?? Object.values<{ userErrors: { code: string }[] }>(answer.data)[0]?.userErrors ?? [];
    expect(error && 'extensions' in error ? error.extensions.code : error?.code).toBe('BAD_USER_INPUT');
    expect(server.logged().filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('who may not', () => {
  test('no credential, a wrong one, a wrong scheme: 401 with WWW-Authenticate', async () => {
    const anonymous = new Client(server.server, {});
    for (const client of [
      anonymous,
      anonymous.withHeaders({ authorization: 'Bearer x.y.z' }),
      anonymous.withHeaders({ authorization: 'Basic eDp5' }),
    ]) {
      const answer = await client.run('{ accounts { totalCount } }');
      expect(onlyError(answer)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('a role too low: 403, and the message says which is enough', async () => {
    const viewer = await server.client(acme, 'viewer');
    const answer = await viewer.run('mutation { accountCreate(input: {name: "V"}) { account { id } } }');
    expect(onlyError(answer)).toEqual({
      status: 403,
      code: 'FORBIDDEN',
      path: ['accountCreate'],
      message: 'This needs the permission crm:write (role MEMBER or above).',
    });
    expect(await gateway.sql("select 1 from accounts where name = 'V'")).toEqual([]);
  });
});
