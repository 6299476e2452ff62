/** What came from a membership ends with it: keys, invitations and grants; and with a lower role as much of them as is above it. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Data, Gateway, Org } from '../support/gateway.ts';
import { newOrganization, sharedGateway } from '../support/shared.ts';
import { uuidOf, write } from '../support/write.ts';

let gateway: Gateway;
let org: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
});

type Name = 'admin' | 'member';

/** A colleague with a key, and an invitation sent to an admin and to a viewer. */
async function colleague(role: Name, granted: readonly string[] = []) {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await person.ok('{ viewer { role } }');
  await gateway.sql('insert into org_members (org_id, user_id, role, permissions) values ($1, $2, $3, $4)', [
    org.id,
    id,
    role,
    granted,
  ]);
  return { id, client: person.inOrg(org.slug) };
}

async function keyOf(client: Client, role: string, scopes: readonly string[] = ['*']): Promise<Data> {
  const { apiKeyCreate } = await client.ok(
    `mutation ($scopes: [String!]) { apiKeyCreate(input: { name: "Key", role: ${role}, scopes: $scopes }) { secret apiKey { id } } }`,
    { scopes },
  );
  return { id: apiKeyCreate.apiKey.id, client: gateway.withKey(apiKeyCreate.secret) };
}

const invite = (client: Client, role: string) =>
  write(client, 'invitationSend', { email: `${randomUUID()}@people.example`, role }, 'id status');

const status = async (client: Client, query: string): Promise<readonly [status: number, code: string | undefined]> => {
  const answer = await client.run(query);
  return [answer.status, answer.errors?.[0]?.extensions.code];
};
const reading = '{ contacts(first: 1) { totalCount } }';
const managing = '{ auditLogs(first: 1) { totalCount } }';

const stateOf = async (id: string) =>
  (await gateway.sql('select status from org_invitations where id = $1', [uuidOf(id)]))[0]?.status;

const removal = `mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) {
  member { status permissions } revokedApiKeyIds revokedInvitationIds userErrors { code message path } } }`;

describe('a removal', () => {
  test('ends the keys and the invitations of the person, and says which; the key is refused from then on', async () => {
    const { id, client } = await colleague('admin', ['organization:own']);
    const key = await keyOf(client, 'ADMIN');
    const invitation = await invite(client, 'MEMBER');
    expect(await status(key.client, managing)).toEqual([200, undefined]);
    const { memberRemove } = await org.owner.ok(removal, { input: { id } });
    expect(memberRemove).toEqual({
      member: { status: 'REMOVED', permissions: [] },
      revokedApiKeyIds: [key.id],
      revokedInvitationIds: [invitation.id],
      userErrors: [],
    });
    expect(await status(key.client, reading)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await stateOf(invitation.id)).toBe('revoked');
  });

  test('whoever comes back has neither the old grants nor the old keys', async () => {
    const { id, client } = await colleague('member', ['crm:destroy', 'keys:write']);
    const key = await keyOf(client, 'MEMBER');
    await write(org.owner, 'memberRemove', { id });
    const back = await write(org.owner, 'memberRestore', { id }, 'role status permissions');
    expect(back).toEqual({ role: 'MEMBER', status: 'ACTIVE', permissions: [] });
    expect((await client.ok('{ viewer { permissions } }')).viewer.permissions).not.toContain('crm:destroy');
    expect(await status(key.client, reading)).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('an owner takes the keys over when that is said, and nobody else', async () => {
    const { id, client } = await colleague('admin');
    const key = await keyOf(client, 'ADMIN', ['crm:*']);
    const refused = await org.owner.run(removal, { input: { id, keysTo: org.people.admin.id } });
    expect(refused.data.memberRemove.userErrors).toEqual([
      { code: 'BAD_USER_INPUT', message: 'Keys pass to an owner of the organization.', path: ['keysTo'] },
    ]);
    const { memberRemove } = await org.owner.ok(removal, { input: { id, keysTo: org.people.owner.id } });
    expect(memberRemove).toMatchObject({ revokedApiKeyIds: [], userErrors: [] });
    expect(await status(key.client, reading)).toEqual([200, undefined]);
    const { apiKey } = await org.owner.ok('query ($id: ID!) { apiKey(id: $id) { revokedAt createdBy { id } } }', {
      id: key.id,
    });
    expect(apiKey).toEqual({ revokedAt: null, createdBy: { id: `member_${org.people.owner.id}` } });
  });

  test('the list of keys is for whoever may read keys', async () => {
    const manager = await colleague('member', ['members:write']);
    const { id } = await colleague('member');
    const { errors } = await manager.client.run(removal, { input: { id } });
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.permission])).toEqual([
      ['FORBIDDEN', 'keys:read'],
    ]);
    expect(await write(manager.client, 'memberRemove', { id }, 'status')).toEqual({ status: 'REMOVED' });
  });
});

describe('a lower role', () => {
  test('ends what was granted beyond the old one, and invitations to more than the new one', async () => {
    const { id, client } = await colleague('admin', ['organization:own']);
    const [high, low] = [await invite(client, 'ADMIN'), await invite(client, 'VIEWER')];
    const lowered = await write(org.owner, 'memberSetRole', { id, role: 'MEMBER' }, 'role permissions');
    expect(lowered).toEqual({ role: 'MEMBER', permissions: [] });
    expect([await stateOf(high.id), await stateOf(low.id)]).toEqual(['revoked', 'pending']);
  });

  test('lowers the keys of the person at once, and a higher one gives them back what they were made with', async () => {
    const { id, client } = await colleague('admin');
    const key = await keyOf(client, 'ADMIN');
    expect(await status(key.client, managing)).toEqual([200, undefined]);
    await write(org.owner, 'memberSetRole', { id, role: 'VIEWER' });
    expect(await status(key.client, managing)).toEqual([200, 'FORBIDDEN']);
    expect((await key.client.ok('{ viewer { role permissions } }')).viewer).toMatchObject({ role: 'VIEWER' });
    const making = 'mutation { accountCreate(input: { name: "By a key" }) { account { id } } }';
    expect((await status(key.client, making))[1]).toBe('FORBIDDEN');
    await write(org.owner, 'memberSetRole', { id, role: 'ADMIN' });
    expect(await status(key.client, managing)).toEqual([200, undefined]);
  });

  test('a grant that ends ends in the keys, too', async () => {
    const { id, client } = await colleague('member', ['keys:write', 'audit:read']);
    const key = await keyOf(client, 'ADMIN', ['audit:read']);
    expect(await status(key.client, managing)).toEqual([200, undefined]);
    await write(org.owner, 'memberUpdate', { id, permissions: ['keys:write'] });
    expect(await status(key.client, managing)).toEqual([200, 'FORBIDDEN']);
  });
});

test('a key of a disabled account is refused', async () => {
  const { id, client } = await colleague('admin');
  const key = await keyOf(client, 'MEMBER');
  await gateway.sql('update users set is_active = false where id = $1', [id]);
  expect(await status(key.client, reading)).toEqual([401, 'UNAUTHENTICATED']);
});
