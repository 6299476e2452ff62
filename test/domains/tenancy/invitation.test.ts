import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInvitationToken } from '../../../src/auth/invitation-token.ts';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failedMutation, lacks, nowhere, refusal, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const rowsOf = (org: Org) => gateway.sql('select * from org_invitations where org_id = $1 order by id', [org.id]);
const uuidOf = (id: string) => id.slice(-36);

let counter = 0;
const newAddress = () => `guest_${++counter}@mail.example`;

/** Invites whoever gets the token, at a new address; gives the invitation's id and token. */
async function invite(client: Client, input: object = {}): Promise<{ id: string; token: string; email: string }> {
  const email = newAddress();
  const { invitation, token } = await send(
    client,
    'invitationSend',
    { email, role: 'MEMBER', anyAddress: true, ...input },
    'invitation { id } token',
  );
  return { id: invitation.id, token, email };
}

const expire = (id: string) =>
  gateway.sql("update org_invitations set expires_at = now() - interval '1 second' where id = $1", [uuidOf(id)]);

/** Somebody who has signed in before, and their id. */
async function someone(): Promise<{ id: string; client: Client }> {
  const id = randomUUID();
  const client = await gateway.person({ id });
  await client.ok('{ viewer { role } }');
  return { id, client };
}

const membershipsOf = (id: string) =>
  gateway.sql(
    "select role, status, invited_by_id from org_members join organizations o on o.id = org_id and o.type = 'team' where user_id = $1",
    [id],
  );

const refused = ['NOT_FOUND', ['token'], 'This invitation does not exist, or it was used, revoked or has expired.'];

test('an invitation shows its token once, and stores only its hash', async () => {
  const fields = 'token invitation { id email role status expiresAt acceptedAt version invitedBy { email } }';
  const sentAt = Date.now();
  const { token, invitation } = await send(
    acme.admin,
    'invitationSend',
    { email: 'Ada_L@mail.example', role: 'VIEWER', expiresInDays: 3 },
    fields,
  );
  expect(invitation).toMatchObject({
    email: 'Ada_L@mail.example',
    role: 'VIEWER',
    status: 'PENDING',
    acceptedAt: null,
    version: 1,
    invitedBy: { email: 'admin@acme.example' },
  });
  expect(Math.abs(Date.parse(invitation.expiresAt) - sentAt - 3 * 86_400_000)).toBeLessThan(10_000);
  const [row] = await gateway.sql('select * from org_invitations where id = $1', [uuidOf(invitation.id)]);
  const [stored] = await gateway.sql('select secret from app.secrets where id = $1', [uuidOf(invitation.id)]);
  expect(stored?.secret).toBe(createHash('sha256').update(token).digest('hex'));
  expect(JSON.stringify(row)).not.toContain(token);
});

test('an invitation is good for a week unless told otherwise', async () => {
  const { id } = await invite(acme.admin);
  const [row] = await gateway.sql(
    'select round(extract(epoch from expires_at - now()) / 86400)::int as days from org_invitations where id = $1',
    [uuidOf(id)],
  );
  expect(row?.days).toBe(7);
});

test('invitations by token: a person joins once, with the role of the invitation', async () => {
  const { id, client } = await someone();
  const { id: invitation, token } = await invite(acme.admin, { role: 'VIEWER' });
  const joined = await send(client, 'invitationAccept', { token }, 'role organization { slug name }');
  expect(joined).toMatchObject({ role: 'VIEWER', organization: { slug: 'acme', name: 'acme' } });
  expect(await membershipsOf(id)).toEqual([{ role: 'viewer', status: 'active', invited_by_id: acme.people.admin.id }]);
  expect((await client.inOrg('acme').ok('{ viewer { role } }')).viewer.role).toBe('VIEWER');
  const after = (await acme.admin.ok(`{ invitation(id: "${invitation}") { status acceptedAt } }`)).invitation;
  expect(after).toEqual({ status: 'ACCEPTED', acceptedAt: expect.any(String) });
  expect(await refusal((await someone()).client, 'invitationAccept', { token })).toEqual(refused);
});

test('a person outside any organization joins, and is in it from then on', async () => {
  const { id, client } = await someone();
  await gateway.sql('update users set current_org_id = null where id = $1', [id]);
  const { token } = await invite(acme.admin);
  expect((await send(client, 'invitationAccept', { token }, 'organization { slug }')).organization).toEqual({
    slug: 'acme',
  });
  expect((await client.ok('{ organization { slug } }')).organization.slug).toBe('acme');
});

test('the first request of a new person can be the one that accepts', async () => {
  const { token } = await invite(acme.admin, { role: 'ADMIN' });
  const joined = await send(await gateway.person(), 'invitationAccept', { token }, 'role');
  expect(joined.role).toBe('ADMIN');
});

test('used, revoked, expired, unknown, malformed and mistyped tokens are one answer', async () => {
  const { id, client } = await someone();
  const revoked = await invite(acme.admin);
  await send(acme.admin, 'invitationRevoke', { id: revoked.id }, 'invitation { status }');
  const expired = await invite(acme.admin);
  await expire(expired.id);
  const live = await invite(acme.admin);
  const mistyped = `${live.token.slice(0, -1)}${live.token.endsWith('0') ? '1' : '0'}`;
  const unknown = [createInvitationToken(acme.id).token, createInvitationToken(nowhere).token];
  for (const token of [revoked.token, expired.token, ...unknown, mistyped, `${live.token} `, 'gwi_', '', '\u0000']) {
    expect(await refusal(client, 'invitationAccept', { token })).toEqual(refused);
  }
  expect(await membershipsOf(id)).toEqual([]);
});

test('of two who accept the same token at once, one joins', async () => {
  const { token } = await invite(acme.admin);
  const people = await Promise.all([someone(), someone()]);
  const document =
    'mutation ($token: String!) { invitationAccept(input: { token: $token }) { role userErrors { code } } }';
  const answers = await Promise.all(people.map(({ client }) => client.run(document, { token })));
  expect(answers.map(({ data }) => data.invitationAccept.role).sort()).toEqual(['MEMBER', null]);
  expect((await Promise.all(people.map(({ id }) => membershipsOf(id)))).flat()).toHaveLength(1);
});

test('a removed member comes back through an invitation, with its role', async () => {
  const { id, client } = await someone();
  await gateway.sql("insert into org_members (org_id, user_id, role, status) values ($1, $2, 'admin', 'removed')", [
    acme.id,
    id,
  ]);
  const { token } = await invite(acme.admin, { role: 'VIEWER' });
  expect((await send(client, 'invitationAccept', { token }, 'role')).role).toBe('VIEWER');
  expect(await membershipsOf(id)).toMatchObject([{ role: 'viewer', status: 'active' }]);
});

test('an API key joins nothing', async () => {
  const { secret } = await send(globex.owner, 'apiKeyCreate', { name: 'All', role: 'ADMIN' }, 'secret');
  const { token } = await invite(acme.admin);
  expect(await failedMutation(gateway.withKey(secret), 'invitationAccept', { token })).toEqual([
    403,
    'FORBIDDEN',
    'An API key cannot do this: sign in as a person.',
  ]);
  expect((await send(await gateway.person(), 'invitationAccept', { token }, 'role')).role).toBe('MEMBER');
});

test('there is one pending invitation for an address, in upper or lower case', async () => {
  const { id, email } = await invite(acme.admin);
  const before = await rowsOf(acme);
  const pending = ['CONFLICT', ['email'], 'An invitation to this address is pending already. Revoke it first.'];
  expect(await refusal(acme.admin, 'invitationSend', { email: email.toUpperCase(), role: 'ADMIN' })).toEqual(pending);
  expect(await rowsOf(acme)).toEqual(before);
  await send(acme.admin, 'invitationRevoke', { id }, 'invitation { id }');
  expect(
    (await send(acme.admin, 'invitationSend', { email, role: 'ADMIN' }, 'invitation { status }')).invitation.status,
  ).toBe('PENDING');
  expect(
    (await send(globex.admin, 'invitationSend', { email, role: 'ADMIN' }, 'invitation { status }')).invitation.status,
  ).toBe('PENDING');
});

test('a pending invitation past its end reads EXPIRED, and a new one takes its place', async () => {
  const { id, email } = await invite(acme.admin);
  await expire(id);
  const status = async () => (await acme.admin.ok(`{ invitation(id: "${id}") { status } }`)).invitation.status;
  const stored = async () =>
    (await gateway.sql('select status from org_invitations where id = $1', [uuidOf(id)]))[0]?.status;
  expect([await status(), await stored()]).toEqual(['EXPIRED', 'pending']);
  await send(acme.admin, 'invitationSend', { email, role: 'MEMBER' }, 'invitation { id }');
  expect([await status(), await stored()]).toEqual(['EXPIRED', 'expired']);
});

test('an address with wildcards stands for itself alone', async () => {
  const other = await invite(acme.admin, { email: 'guestx1@wild.example' });
  await expire(other.id);
  await invite(acme.admin, { email: 'guest_1@wild.example' });
  expect(await gateway.sql('select status from org_invitations where id = $1', [uuidOf(other.id)])).toEqual([
    { status: 'pending' },
  ]);
});

test('an active member is not invited, a removed one is', async () => {
  const before = await rowsOf(globex);
  const already = ['CONFLICT', ['email'], 'The person with this address is a member already.'];
  expect(await refusal(globex.admin, 'invitationSend', { email: 'VIEWER@globex.example', role: 'MEMBER' })).toEqual(
    already,
  );
  expect(await rowsOf(globex)).toEqual(before);
  await gateway.sql("update org_members set status = 'removed' where org_id = $1 and user_id = $2", [
    globex.id,
    globex.people.viewer.id,
  ]);
  expect(
    (
      await send(
        globex.admin,
        'invitationSend',
        { email: 'viewer@globex.example', role: 'MEMBER' },
        'invitation { status }',
      )
    ).invitation.status,
  ).toBe('PENDING');
});

test('only an owner invites owners', async () => {
  const owners = ['FORBIDDEN', ['role'], 'Only an owner makes or unmakes owners.'];
  const before = await rowsOf(acme);
  expect(await refusal(acme.admin, 'invitationSend', { email: newAddress(), role: 'OWNER' })).toEqual(owners);
  expect(await rowsOf(acme)).toEqual(before);
  const { token } = await invite(acme.owner, { role: 'OWNER' });
  expect((await send(await gateway.person(), 'invitationAccept', { token }, 'role')).role).toBe('OWNER');
});

test('wrong input is refused, and nothing is saved', async () => {
  const before = await rowsOf(acme);
  const days = ['BAD_USER_INPUT', ['expiresInDays'], 'An invitation is good for 1 to 90 days.'];
  for (const expiresInDays of [0, -1, 91])
    expect(await refusal(acme.admin, 'invitationSend', { email: newAddress(), role: 'MEMBER', expiresInDays })).toEqual(
      days,
    );
  const [status, code] = await failedMutation(acme.admin, 'invitationSend', { email: 'no address', role: 'MEMBER' });
  expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
  expect(await failedMutation(acme.member, 'invitationSend', { email: newAddress(), role: 'VIEWER' })).toEqual(
    lacks('members:write', 'ADMIN'),
  );
  expect(await rowsOf(acme)).toEqual(before);
});

test('only a pending invitation of this organization is revoked', async () => {
  const { id, token } = await invite(acme.admin);
  const other = await invite(globex.admin);
  expect(await refusal(acme.admin, 'invitationRevoke', { id, expectedVersion: 4 })).toEqual([
    'CONFLICT',
    ['expectedVersion'],
    'Somebody changed it: the current version is 1, not 4.',
  ]);
  expect(await failedMutation(acme.member, 'invitationRevoke', { id })).toEqual(lacks('members:write', 'ADMIN'));
  for (const wrong of [other.id, nowhere])
    expect(await refusal(acme.admin, 'invitationRevoke', { id: wrong })).toEqual([
      'NOT_FOUND',
      ['id'],
      'There is no such Invitation.',
    ]);
  await send(await gateway.person(), 'invitationAccept', { token }, 'role');
  expect(await refusal(acme.admin, 'invitationRevoke', { id })).toEqual([
    'CONFLICT',
    ['id'],
    'This invitation is accepted already.',
  ]);
  expect(await gateway.sql('select status from org_invitations where id = $1', [uuidOf(other.id)])).toEqual([
    { status: 'pending' },
  ]);
});
