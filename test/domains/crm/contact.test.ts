import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const columns = `fullName firstName lastName email phone title linkedinUrl isPrimary leadSource metadata tags
  account { name } assignedTo { id } version`;

test('a contact keeps every column that it is made with', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Home' });
  const input = {
    firstName: 'Ada',
    lastName: 'Byron',
    fullName: 'Countess Ada',
    email: 'Ada@home.example',
    phone: '1',
    title: 'Analyst',
    linkedinUrl: 'https://www.linkedin.com/in/ada',
    isPrimary: true,
    leadSource: 'Fair',
    metadata: { a: 1 },
    tags: ['x'],
  };
  const assignedTo = { id: `member_${acme.people.viewer.id}` };
  const made = await write(acme.member, 'contactCreate', { ...input, accountId, assignedToId: assignedTo.id }, columns);
  expect(made).toEqual({ ...input, account: { name: 'Home' }, assignedTo, version: 1 });
});

test.each([
  [{ firstName: 'Ada', lastName: 'Byron' }, 'Ada Byron'],
  [{ firstName: ' Ada ' }, 'Ada'],
  [{ lastName: 'Byron' }, 'Byron'],
  [{ firstName: 'Ada', fullName: 'Countess' }, 'Countess'],
])('the full name of %j is %s', async (input, fullName) => {
  expect(await write(acme.member, 'contactCreate', input, 'fullName')).toEqual({ fullName });
});

test('a changed first or last name changes the full name, unless that is named too', async () => {
  const id = await make(acme.member, 'Contact', { firstName: 'Ada', lastName: 'Byron' });
  const update = (input: object) => write(acme.member, 'contactUpdate', { id, ...input }, 'fullName');
  expect(await update({ lastName: 'Lovelace' })).toEqual({ fullName: 'Ada Lovelace' });
  expect(await update({ lastName: 'King', fullName: 'Lady Ada' })).toEqual({ fullName: 'Lady Ada' });
  expect(await update({ title: 'Analyst' })).toEqual({ fullName: 'Lady Ada' });
});

const count = () => gateway.sql('select count(*) from contacts');
const refused = (code: string, message: string, path: string) => [
  { code, message, path: [path], currentVersion: null },
];

test.each([
  [{}, 'fullName is required.', 'fullName'],
  [{ firstName: ' ', email: 'no-name@home.example' }, 'fullName is required.', 'fullName'],
  [{ fullName: '' }, 'The value of fullName is not allowed.', 'fullName'],
  [{ fullName: 'A', tags: Array.from({ length: 31 }, String) }, 'A contact has at most 30 tags.', 'tags'],
  [{ fullName: 'A', isPrimary: null }, 'isPrimary is required and cannot be cleared.', 'isPrimary'],
])('the contact %j is refused', async (input, message, path) => {
  const before = await count();
  expect(await refusal(acme.member, 'contactCreate', input)).toEqual(refused('BAD_USER_INPUT', message, path));
  expect(await count()).toEqual(before);
});

test('a contact has 30 tags, and not one more later', async () => {
  const tags = Array.from({ length: 30 }, (_, index) => `t${index}`);
  const id = await make(acme.member, 'Contact', { fullName: 'Tagged', tags });
  expect(await refusal(acme.member, 'contactUpdate', { id, tags: [...tags, 'more'] })).toEqual(
    refused('BAD_USER_INPUT', 'A contact has at most 30 tags.', 'tags'),
  );
  expect(await gateway.sql("select cardinality(tags) as n, version from contacts where full_name = 'Tagged'")).toEqual([
    { n: 30, version: 1 },
  ]);
});

test('unique contact email per org: taken once among live contacts, in upper or lower case', async () => {
  const taken = refused('CONFLICT', 'That email is taken already.', 'email');
  const id = await make(acme.member, 'Contact', { fullName: 'First', email: 'one@place.example' });
  const before = await count();
  expect(await refusal(acme.member, 'contactCreate', { fullName: 'Second', email: 'ONE@Place.example' })).toEqual(
    taken,
  );
  expect(await count()).toEqual(before);
  const other = await make(acme.member, 'Contact', { fullName: 'Other' });
  expect(await refusal(acme.member, 'contactUpdate', { id: other, email: 'one@place.example' })).toEqual(taken);
  const globex = await gateway.organization('globex');
  await make(globex.member, 'Contact', { fullName: 'Elsewhere', email: 'one@place.example' });
  await write(acme.member, 'contactDelete', { id });
  await write(acme.member, 'contactUpdate', { id: other, email: 'one@place.example' });
  expect(await refusal(acme.member, 'contactRestore', { id })).toEqual(taken);
});

test('a contact of an account is listed there, and what became of leads with the contact', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Listed' });
  const id = await make(acme.member, 'Contact', { fullName: 'In it', accountId });
  await make(acme.member, 'Deal', { title: 'With them', contactId: id });
  const { account, contact } = await acme.viewer.ok(
    `query ($accountId: ID!, $id: ID!) {
      account(id: $accountId) { contacts { nodes { fullName } } }
      contact(id: $id) { deals { nodes { title } } interactions { totalCount } convertedLeads { totalCount } }
    }`,
    { accountId, id },
  );
  expect(account).toEqual({ contacts: { nodes: [{ fullName: 'In it' }] } });
  expect(contact).toEqual({
    deals: { nodes: [{ title: 'With them' }] },
    interactions: { totalCount: 0 },
    convertedLeads: { totalCount: 0 },
  });
});
