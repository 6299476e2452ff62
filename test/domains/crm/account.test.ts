import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const columns =
  'name kind lifecycle classification industry website email phone billingAddress metadata tags owner { id displayName } version';

test('an account keeps every column that it is made with', async () => {
  const input = {
    name: 'Fjord & Sons',
    kind: 'COMPANY',
    lifecycle: 'CLIENT',
    classification: 'WARM',
    industry: 'Boats',
    website: 'https://fjord.example/',
    email: 'post@fjord.example',
    phone: '+47 22 00 00 00',
    billingAddress: { city: 'Bergen' },
    metadata: { size: 3, nothing: null },
    tags: ['a', 'b'],
  };
  const owner = { id: `member_${acme.people.admin.id}`, displayName: 'admin of acme' };
  const made = await write(acme.member, 'accountCreate', { ...input, ownerId: owner.id }, columns);
  expect(made).toEqual({ ...input, owner, version: 1 });
});

test('an account needs only a name, and gets its defaults', async () => {
  expect(await write(acme.member, 'accountCreate', { name: 'Bare' }, columns)).toEqual({
    name: 'Bare',
    kind: 'COMPANY',
    lifecycle: 'PROSPECT',
    classification: null,
    industry: null,
    website: null,
    email: null,
    phone: null,
    billingAddress: {},
    metadata: {},
    tags: [],
    owner: null,
    version: 1,
  });
});

test('an update touches what it names: null clears, an absent field stays', async () => {
  const id = await make(acme.member, 'Account', {
    name: 'Before',
    industry: 'Boats',
    phone: '1',
    tags: ['a'],
    ownerId: acme.people.admin.id,
  });
  const changed = await write(
    acme.member,
    'accountUpdate',
    { id, industry: null, ownerId: null, tags: [] },
    'name industry phone tags owner { id }',
  );
  expect(changed).toEqual({ name: 'Before', industry: null, phone: '1', tags: [], owner: null });
});

test('an update without any change is no error', async () => {
  const id = await make(acme.member, 'Account', { name: 'Same' });
  expect(await write(acme.member, 'accountUpdate', { id, expectedVersion: 1 }, 'name')).toEqual({ name: 'Same' });
});

const refused = (code: string, message: string, path: string) => [
  { code, message, path: [path], currentVersion: null },
];

test.each([
  [{ name: '' }, 'The value of name is not allowed.', 'name'],
  [{ name: 'a\0b' }, 'Text cannot hold the character NUL.', 'name'],
  [{ name: 'A', metadata: { deep: [{ text: '\0' }] } }, 'Text cannot hold the character NUL.', 'metadata'],
  [{ name: 'A', tags: Array.from({ length: 31 }, String) }, 'An account has at most 30 tags.', 'tags'],
  [{ name: 'A', tags: null }, 'tags is required and cannot be cleared.', 'tags'],
  [{ name: 'A', ownerId: 'nobody' }, 'Expected an id of Member: member_<uuid> or a UUID.', 'ownerId'],
  [{ name: 'A', id: 'mine' }, 'Expected an id of Account: account_<uuid> or a UUID.', 'id'],
])('the account %j is refused', async (input, message, path) => {
  const before = await gateway.sql('select count(*) from accounts');
  expect(await refusal(acme.member, 'accountCreate', input)).toEqual(refused('BAD_USER_INPUT', message, path));
  expect(await gateway.sql('select count(*) from accounts')).toEqual(before);
});

test('a mail address and a web address must be ones', async () => {
  const email = await failure(acme.member, 'accountCreate', { name: 'A', email: 'nobody' });
  expect(email).toEqual([
    'BAD_USER_INPUT',
    expect.stringContaining('at "input.email"; Value is not a valid email address'),
  ]);
  const website = await failure(acme.member, 'accountCreate', { name: 'A', website: 'not a place' });
  expect(website).toEqual(['BAD_USER_INPUT', expect.stringContaining('at "input.website"')]);
});

test('an account that is still used cannot be destroyed', async () => {
  const id = await make(acme.member, 'Account', { name: 'Used' });
  await make(acme.member, 'Contact', { fullName: 'Holds it', accountId: id });
  expect(await refusal(acme.admin, 'accountDestroy', { id })).toEqual(
    refused('CONFLICT', 'Still used by contacts.', 'id'),
  );
  expect(await gateway.sql('select name from accounts where id = $1', [uuidOf(id)])).toEqual([{ name: 'Used' }]);
});

test.each(['metadata', 'billingAddress'])('%s takes a JSON object only', async (field) => {
  const refused = { code: 'BAD_USER_INPUT', message: `${field} expects a JSON object.`, path: [field] };
  for (const value of ['text', 7, [1]]) {
    const { data } = await acme.member.run(
      'mutation ($input: AccountCreateInput!) { accountCreate(input: $input) { account { id } userErrors { code message path } } }',
      { input: { name: 'Odd', [field]: value } },
    );
    expect(data.accountCreate).toEqual({ account: null, userErrors: [refused] });
  }
  expect(await gateway.sql("select from accounts where name = 'Odd'")).toEqual([]);
});

test('a website is a web address, and no script', async () => {
  const { data, errors } = await acme.member.run(
    'mutation ($input: AccountCreateInput!) { accountCreate(input: $input) { account { id } } }',
    { input: { name: 'Sly', website: 'javascript:alert(1)' } },
  );
  expect(data).toEqual({});
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(errors?.[0]?.message).toContain('URL expects an address that begins with http:// or https://.');
});
