import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
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

const rowsOf = (org: Org) =>
  gateway.sql(
    'select user_id, role, status, title, permissions, version from org_members where org_id = $1 order by user_id',
    [org.id],
  );

/** A colleague of one's own for each test. */
async function hire(org: Org, role: string): Promise<{ id: string; client: Client }> {
  const id = randomUUID();
  const client = await gateway.person({ id });
  await client.ok('{ viewer { role } }');
  await gateway.sql('insert into org_members (org_id, user_id, role) values ($1, $2, $3)', [org.id, id, role]);
  return { id, client: client.inOrg(org.slug) };
}

const outside = [403, 'FORBIDDEN', 'You are not a member of this organization, or it does not exist.'];
const ownersOnly = ['FORBIDDEN', ['role'], 'Only an owner makes or unmakes owners.'];

test('an admin changes title and permissions', async () => {
  const { id } = await hire(acme, 'member');
  const input = { id: `member_${id}`, title: 'Engineer', permissions: ['keys:read', 'keys:read'], expectedVersion: 1 };
  const { member } = await send(acme.admin, 'memberUpdate', input, 'member { id title permissions version role }');
  expect(member).toEqual({
    id: `member_${id}`,
    title: 'Engineer',
    permissions: ['keys:read'],
    version: 2,
    role: 'MEMBER',
  });
  const cleared = await send(
    acme.admin,
    'memberUpdate',
    { id, title: null, permissions: [] },
    'member { title permissions }',
  );
  expect(cleared.member).toEqual({ title: null, permissions: [] });
});

test('a granted permission holds from the next request on', async () => {
  const { id, client } = await hire(acme, 'viewer');
  expect(await failure(client, '{ apiKeys { totalCount } }')).toEqual(lacks('keys:read', 'ADMIN', 200));
  await send(acme.admin, 'memberUpdate', { id, permissions: ['keys:read'] }, 'member { id }');
  expect((await client.ok('{ apiKeys { totalCount } }')).apiKeys.totalCount).toBe(0);
});

test('nobody grants what is no permission, or what they do not have', async () => {
  const { id } = await hire(acme, 'viewer');
  const before = await rowsOf(acme);
  const grant = (client: Client, permission: string) =>
    refusal(client, 'memberUpdate', { id, title: 'Spy', permissions: [permission] });
  expect(await grant(acme.admin, 'crm:everything')).toEqual([
    'BAD_USER_INPUT',
    ['permissions'],
    'There is no such permission: give such as crm:read.',
  ]);
  expect(await grant(acme.admin, 'organization:own')).toEqual([
    'FORBIDDEN',
    ['permissions'],
    'You cannot grant organization:own, which you do not have.',
  ]);
  const { secret } = await send(
    acme.owner,
    'apiKeyCreate',
    { name: 'HR', role: 'ADMIN', scopes: ['members:*'] },
    'secret',
  );
  expect(await grant(gateway.withKey(secret), 'audit:read')).toEqual([
    'FORBIDDEN',
    ['permissions'],
    'You cannot grant audit:read, which you do not have.',
  ]);
  expect(await rowsOf(acme)).toEqual(before);
  expect(
    (await send(acme.owner, 'memberUpdate', { id, permissions: ['organization:own'] }, 'member { permissions }')).member
      .permissions,
  ).toEqual(['organization:own']);
});

test('an admin sets roles up to ADMIN', async () => {
  const { id, client } = await hire(acme, 'viewer');
  const { member } = await send(
    acme.admin,
    'memberSetRole',
    { id, role: 'ADMIN', expectedVersion: 1 },
    'member { role version }',
  );
  expect(member).toEqual({ role: 'ADMIN', version: 2 });
  expect((await client.ok('{ viewer { role } }')).viewer.role).toBe('ADMIN');
});

test('only an owner makes or unmakes owners', async () => {
  const { id } = await hire(acme, 'member');
  expect(await refusal(acme.admin, 'memberSetRole', { id, role: 'OWNER' })).toEqual(ownersOnly);
  await send(acme.owner, 'memberSetRole', { id, role: 'OWNER' }, 'member { role }');
  const before = await rowsOf(acme);
  expect(await refusal(acme.admin, 'memberSetRole', { id, role: 'VIEWER' })).toEqual(ownersOnly);
  expect(await refusal(acme.admin, 'memberRemove', { id })).toEqual(ownersOnly);
  expect(await rowsOf(acme)).toEqual(before);
  expect((await send(acme.owner, 'memberSetRole', { id, role: 'VIEWER' }, 'member { role }')).member.role).toBe(
    'VIEWER',
  );
});

test('the last owner stays, whether by role or by removal', async () => {
  const org = await gateway.organization('initech');
  const { id } = org.people.owner;
  const before = await rowsOf(org);
  const last = ['CONFLICT', ['role'], 'At least one active owner must remain.'];
  expect(await refusal(org.owner, 'memberSetRole', { id, role: 'ADMIN' })).toEqual(last);
  expect(await refusal(org.owner, 'memberRemove', { id })).toEqual(last);
  expect(await rowsOf(org)).toEqual(before);
});

test('a removed owner does not count as one', async () => {
  const org = await gateway.organization('umbrella');
  const second = await hire(org, 'owner');
  await send(org.owner, 'memberRemove', { id: second.id }, 'member { status }');
  expect(await refusal(org.owner, 'memberSetRole', { id: org.people.owner.id, role: 'ADMIN' })).toEqual([
    'CONFLICT',
    ['role'],
    'At least one active owner must remain.',
  ]);
  expect(await refusal(org.admin, 'memberRestore', { id: second.id })).toEqual(ownersOnly);
  await send(org.owner, 'memberRestore', { id: second.id }, 'member { status }');
  expect(
    (await send(org.owner, 'memberSetRole', { id: org.people.owner.id, role: 'ADMIN' }, 'member { role }')).member.role,
  ).toBe('ADMIN');
});

test('of two owners who remove each other at once, one remains', async () => {
  const org = await gateway.organization('tyrell');
  const second = await hire(org, 'owner');
  const remove = (client: Client, id: string) =>
    client.run('mutation ($id: ID!) { memberRemove(input: { id: $id }) { userErrors { code } } }', { id });
  await Promise.all([remove(org.owner, second.id), remove(second.client, org.people.owner.id)]);
  const owners = await gateway.sql(
    "select user_id from org_members where org_id = $1 and role = 'owner' and status = 'active'",
    [org.id],
  );
  expect(owners).toHaveLength(1);
});

test("a removed member's next request is refused, although the token lives, and a restored one's is not", async () => {
  const { id, client } = await hire(acme, 'member');
  await client.ok('{ viewer { role } }');
  const { member } = await send(
    acme.admin,
    'memberRemove',
    { id: `member_${id}`, expectedVersion: 1 },
    'member { status version }',
  );
  expect(member).toEqual({ status: 'REMOVED', version: 2 });
  expect(await failure(client, '{ viewer { role } }')).toEqual(outside);
  expect((await acme.viewer.ok(`{ member(id: "${id}") { status displayName } }`)).member.status).toBe('REMOVED');
  await send(acme.admin, 'memberRestore', { id }, 'member { status }');
  expect((await client.ok('{ viewer { role } }')).viewer.role).toBe('MEMBER');
});

test('nobody is removed or restored twice', async () => {
  const { id } = await hire(acme, 'viewer');
  expect(await refusal(acme.admin, 'memberRestore', { id })).toEqual([
    'CONFLICT',
    ['id'],
    'This member is active already.',
  ]);
  await send(acme.admin, 'memberRemove', { id }, 'member { status }');
  const before = await rowsOf(acme);
  expect(await refusal(acme.admin, 'memberRemove', { id })).toEqual([
    'CONFLICT',
    ['id'],
    'This member is removed already.',
  ]);
  expect(await rowsOf(acme)).toEqual(before);
});

const changes: readonly (readonly [mutation: string, input: object])[] = [
  ['memberUpdate', { title: 'Boss' }],
  ['memberSetRole', { role: 'ADMIN' }],
  ['memberRemove', {}],
];

test.each(changes)(
  '%s refuses members, stale versions and the ids of others, and changes nothing',
  async (mutation, change) => {
    const { id } = await hire(acme, 'viewer');
    const before = [await rowsOf(acme), await rowsOf(globex)];
    expect(await failedMutation(acme.member, mutation, { ...change, id })).toEqual(lacks('members:write', 'ADMIN'));
    expect(await refusal(acme.admin, mutation, { ...change, id, expectedVersion: 5 })).toEqual([
      'CONFLICT',
      ['expectedVersion'],
      'Somebody changed it: the current version is 1, not 5.',
    ]);
    for (const other of [globex.people.viewer.id, `member_${globex.people.viewer.id}`, nowhere]) {
      expect(await refusal(acme.admin, mutation, { ...change, id: other })).toEqual([
        'NOT_FOUND',
        ['id'],
        'There is no such Member.',
      ]);
    }
    const sentence = `Expected an id of Member: member_<uuid> or a UUID.`;
    expect(await refusal(acme.admin, mutation, { ...change, id: `user_${id}` })).toEqual([
      'BAD_USER_INPUT',
      ['id'],
      sentence,
    ]);
    expect([await rowsOf(acme), await rowsOf(globex)]).toEqual(before);
  },
);
