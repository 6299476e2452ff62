import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failedMutation, failure, lacks, nowhere, refusal, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const rowOf = async (id: string) => (await gateway.sql('select * from organizations where id = $1', [id]))[0];
const countAll = async () => (await gateway.sql('select count(*)::int as count from organizations'))[0]?.count;

test('reads the current organization in one statement', async () => {
  const query =
    '{ organization { id name slug type plan settings branding defaultCurrency timeZone isOnboardingCompleted stripeCustomerId version deletedAt } }';
  const { statements, result } = await gateway.countingBoth(acme.viewer, (client) => client.ok(query));
  expect(result.organization).toEqual({
    id: `organization_${acme.id}`,
    name: 'acme',
    slug: 'acme',
    type: 'TEAM',
    plan: 'FREE',
    settings: {},
    branding: {},
    defaultCurrency: 'USD',
    timeZone: 'UTC',
    isOnboardingCompleted: false,
    stripeCustomerId: null,
    version: 1,
    deletedAt: null,
  });
  expect(statements).toEqual({ compiler: 1, resolvers: 1 });
});

test('names the member who pays', async () => {
  const { organization } = await acme.viewer.ok('{ organization { billingOwner { id email } } }');
  expect(organization.billingOwner).toEqual({ id: `member_${acme.people.owner.id}`, email: 'owner@acme.example' });
});

test('is null by its id to everybody else', async () => {
  const query = `{ node(id: "organization_${acme.id}") { id } }`;
  expect((await acme.viewer.ok(query)).node).toEqual({ id: `organization_${acme.id}` });
  expect((await globex.owner.ok(query)).node).toBeNull();
});

test('creates an organization whose owner the caller is, with all it starts with', async () => {
  const id = randomUUID();
  const input = { id, name: 'Initech', slug: 'initech', defaultCurrency: 'EUR', timeZone: 'Europe/Berlin' };
  const { organization } = await send(
    acme.viewer,
    'organizationCreate',
    input,
    'organization { id name slug type defaultCurrency timeZone }',
  );
  expect(organization).toEqual({ ...input, id: `organization_${id}`, type: 'TEAM' });
  const inside = acme.viewer.inOrg('initech');
  expect(
    await inside.ok(
      '{ viewer { role } organization { billingOwner { email } } members { totalCount } billingSubscriptions { nodes { plan } } }',
    ),
  ).toEqual({
    viewer: { role: 'OWNER' },
    organization: { billingOwner: { email: 'viewer@acme.example' } },
    members: { totalCount: 1 },
    billingSubscriptions: { nodes: [{ plan: 'FREE' }] },
  });
});

test('makes a free address of the name', async () => {
  const create = (name: string) => send(acme.viewer, 'organizationCreate', { name }, 'organization { slug }');
  expect((await create('Hooli & Söhne')).organization.slug).toBe('hooli-s-hne');
  expect((await create('Hooli & Söhne')).organization.slug).toMatch(/^hooli-s-hne-[0-9a-f]{6}$/);
});

test('a person outside any organization creates one, and works in it from then on', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await person.ok('{ viewer { role } }');
  await gateway.sql('update users set current_org_id = null where id = $1', [id]);
  const { organization } = await send(person, 'organizationCreate', { name: 'Fresh' }, 'organization { slug }');
  expect((await person.ok('{ organization { slug } }')).organization).toEqual(organization);
});

test('says what is wrong with a new organization, and makes none', async () => {
  const before = await countAll();
  const slugs = 'A slug has 2 to 63 lower-case letters, digits and single hyphens.';
  const zones = 'A time zone is an IANA name, for example Europe/Berlin.';
  const currencies = 'A currency is an ISO 4217 code, for example EUR.';
  const wrong: [input: object, answer: unknown[]][] = [
    [{ slug: 'acme' }, ['CONFLICT', ['slug'], 'That slug is taken already.']],
    [{ slug: 'Not A Slug' }, ['BAD_USER_INPUT', ['slug'], slugs]],
    [{ slug: 'x' }, ['BAD_USER_INPUT', ['slug'], slugs]],
    [{ slug: '' }, ['BAD_USER_INPUT', ['slug'], slugs]],
    [{ timeZone: 'Mars/Olympus' }, ['BAD_USER_INPUT', ['timeZone'], zones]],
    [{ timeZone: '+01:00' }, ['BAD_USER_INPUT', ['timeZone'], zones]],
    [{ defaultCurrency: 'euro' }, ['BAD_USER_INPUT', ['defaultCurrency'], currencies]],
    [{ name: '' }, ['BAD_USER_INPUT', ['name'], 'The value of name is not allowed.']],
    [{ id: acme.id }, ['CONFLICT', ['id'], 'This id cannot be used. Leave it out, or make a new random UUID.']],
    [{ id: 'contact_1' }, ['BAD_USER_INPUT', ['id'], 'Expected an id of Organization: organization_<uuid> or a UUID.']],
  ];
  for (const [input, answer] of wrong)
    expect(await refusal(acme.viewer, 'organizationCreate', { name: 'New', ...input })).toEqual(answer);
  expect(await countAll()).toBe(before);
});

test('an API key makes no organization', async () => {
  const { secret } = await send(acme.owner, 'apiKeyCreate', { name: 'All', role: 'ADMIN' }, 'secret');
  const before = await countAll();
  const answer = await failedMutation(gateway.withKey(secret), 'organizationCreate', { name: 'Of a machine' });
  expect(answer).toEqual([403, 'FORBIDDEN', 'An API key cannot do this: sign in as a person.']);
  expect(await countAll()).toBe(before);
});

test('an admin changes the current organization, and only what was given', async () => {
  const before = await rowOf(globex.id);
  const changes = {
    name: 'Globex Corporation',
    settings: { week: 'monday' },
    branding: { color: '#123456' },
    defaultCurrency: 'CHF',
    timeZone: 'Asia/Kolkata',
    isOnboardingCompleted: true,
  };
  const { organization } = await send(
    globex.admin,
    'organizationUpdate',
    { id: `organization_${globex.id}`, expectedVersion: 1, ...changes },
    'organization { slug name settings branding defaultCurrency timeZone isOnboardingCompleted version }',
  );
  expect(organization).toEqual({ slug: 'globex', ...changes, version: 2 });
  expect(await rowOf(globex.id)).toMatchObject({
    id: before?.id,
    slug: 'globex',
    plan: 'free',
    type: 'team',
    billing_owner_user_id: globex.people.owner.id,
  });
});

test('another slug is the address from then on', async () => {
  const { organization } = await send(
    acme.owner,
    'organizationCreate',
    { name: 'Old Name', slug: 'old-name' },
    'organization { id }',
  );
  const inside = acme.owner.inOrg('old-name');
  await send(inside, 'organizationUpdate', { id: organization.id, slug: 'new-name' }, 'organization { slug }');
  expect((await acme.owner.inOrg('new-name').ok('{ organization { slug } }')).organization.slug).toBe('new-name');
  expect((await inside.run('{ organization { slug } }')).status).toBe(403);
  expect(
    await refusal(acme.owner.inOrg('new-name'), 'organizationUpdate', { id: organization.id, slug: 'acme' }),
  ).toEqual(['CONFLICT', ['slug'], 'That slug is taken already.']);
});

test('refuses a wrong, stale or forbidden change, and changes nothing', async () => {
  const before = await rowOf(acme.id);
  const change = (input: object) => ({ id: acme.id, name: 'Changed', ...input });
  expect(await refusal(acme.admin, 'organizationUpdate', change({ expectedVersion: 7 }))).toEqual([
    'CONFLICT',
    ['expectedVersion'],
    'Somebody changed it: the current version is 1, not 7.',
  ]);
  expect(await refusal(acme.admin, 'organizationUpdate', change({ timeZone: 'Nowhere' }))).toEqual([
    'BAD_USER_INPUT',
    ['timeZone'],
    'A time zone is an IANA name, for example Europe/Berlin.',
  ]);
  expect(await refusal(acme.admin, 'organizationUpdate', change({ name: null }))).toEqual([
    'BAD_USER_INPUT',
    ['name'],
    'name is required and cannot be cleared.',
  ]);
  expect(await failedMutation(acme.member, 'organizationUpdate', change({}))).toEqual(
    lacks('organization:write', 'ADMIN'),
  );
  expect(await failedMutation(acme.owner.inOrg('globex'), 'organizationUpdate', change({}))).toEqual([
    403,
    'FORBIDDEN',
    'You are not a member of this organization, or it does not exist.',
  ]);
  for (const id of [globex.id, nowhere]) {
    expect(await refusal(acme.admin, 'organizationUpdate', { id, name: 'Mine' })).toEqual([
      'NOT_FOUND',
      ['id'],
      'There is no such Organization.',
    ]);
  }
  expect(await rowOf(acme.id)).toEqual(before);
});

test('another organization of the caller changes only from inside', async () => {
  const { organization } = await send(
    acme.owner,
    'organizationCreate',
    { name: 'Second', slug: 'second' },
    'organization { id }',
  );
  const mutation =
    'mutation ($id: ID!) { userUpdate(input: { currentOrganizationId: $id }) { userErrors { code } } organizationUpdate(input: { id: $id, name: "X" }) { userErrors { code path } } }';
  const { data } = await acme.owner.run(mutation, { id: organization.id });
  expect(data.organizationUpdate.userErrors).toEqual([{ code: 'FORBIDDEN', path: ['id'] }]);
  expect((await rowOf(organization.id.slice(-36)))?.name).toBe('Second');
});

test('a deleted organization is closed for everyone, and its rows stay', async () => {
  const org = await gateway.organization('hooli');
  expect(await failedMutation(org.admin, 'organizationDelete', { id: org.id })).toEqual(
    lacks('organization:own', 'OWNER'),
  );
  expect(await refusal(org.owner, 'organizationDelete', { id: org.id, expectedVersion: 9 })).toEqual([
    'CONFLICT',
    ['expectedVersion'],
    'Somebody changed it: the current version is 1, not 9.',
  ]);
  expect(await refusal(org.owner, 'organizationDelete', { id: acme.id })).toEqual([
    'NOT_FOUND',
    ['id'],
    'There is no such Organization.',
  ]);
  expect((await org.viewer.run('{ organization { id } }')).status).toBe(200);
  const { organization } = await send(org.owner, 'organizationDelete', { id: org.id }, 'organization { id deletedAt }');
  expect(organization.deletedAt).not.toBeNull();
  for (const client of [org.owner, org.viewer]) {
    expect(await failure(client, '{ organization { id } }')).toEqual([
      403,
      'FORBIDDEN',
      'You are not a member of this organization, or it does not exist.',
    ]);
  }
  expect(await gateway.sql('select count(*)::int as count from org_members where org_id = $1', [org.id])).toEqual([
    { count: 4 },
  ]);
});

test('a personal organization cannot be deleted', async () => {
  const person = await gateway.person({ name: 'Solo Player' });
  const { organization } = await person.ok('{ organization { id type } }');
  expect(organization.type).toBe('PERSONAL');
  expect(await refusal(person, 'organizationDelete', { id: organization.id })).toEqual([
    'CONFLICT',
    ['id'],
    'A personal organization stays as long as its person does.',
  ]);
  expect((await rowOf(organization.id.slice(-36)))?.deleted_at).toBeNull();
});
