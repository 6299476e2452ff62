import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());
beforeEach(() => gateway.sql('delete from accounts'));

const names = async () => (await gateway.sql('select name from accounts order by name')).map(({ name }) => name);

const create = (key: string, name: string, more = '') =>
  `${key}: accountCreate(input: {name: "${name}"${more}}) { account { id name } userErrors { code message path } }`;
const unknownOwner = ', ownerId: "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000"';
const notSaved = {
  account: null,
  userErrors: [{ code: 'CONFLICT', message: 'Not saved: another mutation of this document was refused.', path: [] }],
};
const refused = {
  account: null,
  userErrors: [{ code: 'NOT_FOUND', message: 'There is no such owner.', path: ['ownerId'] }],
};

test('several mutations are saved together', async () => {
  const data = await acme.member.ok(`mutation { ${create('a', 'A')} ${create('b', 'B')} }`);
  expect([data.a.account.name, data.b.account.name]).toEqual(['A', 'B']);
  expect(await names()).toEqual(['A', 'B']);
});

test.each([
  ['last', [create('a', 'A'), create('b', 'B'), create('c', 'C', unknownOwner)]],
  ['between', [create('a', 'A'), create('c', 'C', unknownOwner), create('b', 'B')]],
  ['first', [create('c', 'C', unknownOwner), create('a', 'A'), create('b', 'B')]],
])('when the %s one is refused none is saved, and the others say so', async (_which, mutations) => {
  const { status, data, errors } = await acme.member.run(`mutation { ${mutations.join(' ')} }`);
  expect([status, errors]).toEqual([200, undefined]);
  expect(data).toEqual({ a: notSaved, b: notSaved, c: refused });
  expect(await names()).toEqual([]);
});

test('what comes after a refusal is not run', async () => {
  const { statements } = await gateway.counting(() =>
    acme.member.run(`mutation { ${create('c', 'C', unknownOwner)} ${create('a', 'A')} }`),
  );
  expect(statements.filter((text) => text.startsWith('INSERT'))).toHaveLength(1);
});

test('a mutation that is not allowed rolls the others back, and no data tells of them', async () => {
  const { status, data, errors } = await acme.member.run(`mutation {
    ${create('a', 'A')}
    destroyed: accountDestroy(input: {id: "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000"}) { accountId userErrors { code } }
  }`);
  expect([status, data, errors?.map(({ path, extensions }) => [path, extensions.code])]).toEqual([
    403,
    {},
    [[['destroyed'], 'FORBIDDEN']],
  ]);
  expect(await names()).toEqual([]);
});

test('an error deep in a payload rolls back, and no data tells of the row', async () => {
  const query =
    'mutation { accountCreate(input: {name: "A"}) { account { id contacts(first: 101) { totalCount } } userErrors { code } } }';
  const { status, data, errors } = await acme.member.run(query);
  expect([status, data, errors?.[0]?.extensions.code]).toEqual([400, {}, 'BAD_USER_INPUT']);
  expect(await names()).toEqual([]);
});

test('a refusal and an error in one document: nothing is saved, and no data tells of anything', async () => {
  const wrong = `b: accountCreate(input: {name: "B"}) { account { contacts(first: 101) { totalCount } } userErrors { code } }`;
  const { data, errors } = await acme.member.run(`mutation { ${wrong} ${create('c', 'C', unknownOwner)} }`);
  expect([data, errors?.[0]?.extensions.code]).toEqual([{}, 'BAD_USER_INPUT']);
  expect(await names()).toEqual([]);
});

test('the answer is built from what was committed: a failure at COMMIT is the answer', async () => {
  await gateway.sql(`create function app.too_late() returns trigger language plpgsql as $$ begin
    raise exception 'secret words' using errcode = 'check_violation', table = 'accounts', constraint = 'accounts_name_check'; end $$`);
  await gateway.sql(
    'create constraint trigger too_late after insert on accounts deferrable initially deferred for each row execute function app.too_late()',
  );
  const { status, data, errors } = await acme.member.run(`mutation { ${create('a', 'A')} }`);
  await gateway.sql('drop trigger too_late on accounts');
  expect([status, data]).toEqual([400, {}]);
  expect(errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
    ['The value of name is not allowed.', 'BAD_USER_INPUT'],
  ]);
  expect(await names()).toEqual([]);
});

test('one operation of a document runs, the one that is named', async () => {
  const document = `mutation A { ${create('a', 'A')} } mutation B { ${create('b', 'B')} }`;
  const response = await gateway.server.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await gateway.token(acme.people.member)}`,
        'x-org': 'acme',
      },
      body: JSON.stringify({ query: document, operationName: 'B' }),
    }),
  );
  expect(response.status).toBe(200);
  expect(await names()).toEqual(['B']);
  expect((await acme.member.run(document)).status).toBe(400);
  expect(await names()).toEqual(['B']);
});
