/** An invitation is accepted by the person of its address: what a token must say of it, and what is on record afterwards. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateway } from '../../../src/server.ts';
import { callerOf, openDoor } from '../../support/door.ts';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { refusal, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

let counter = 0;
const newAddress = () => `guest.${++counter}@mail.example`;
const uuidOf = (id: string) => id.slice(-36);

async function invite(email: string, input: object = {}): Promise<{ id: string; token: string }> {
  const fields = 'invitation { id isAnyAddress } token';
  const { invitation, token } = await send(acme.admin, 'invitationSend', { email, role: 'MEMBER', ...input }, fields);
  expect(invitation.isAnyAddress).toBe('anyAddress' in input);
  return { id: invitation.id, token };
}

/** Somebody new, with claims of the token. */
const withClaims = async (email: string, claims: object, id = randomUUID()): Promise<Client> =>
  gateway.withToken(await gateway.token({ id, email }, { ...claims }));

const refused = [
  'FORBIDDEN',
  ['token'],
  'This invitation is for another address. Sign in as the person who was invited, with an address that is verified.',
];

const rolesOf = async (email: string) =>
  (await gateway.sql("select role from org_members where org_id = $1 and email = $2 and status = 'active'", [
    acme.id,
    email,
  ])) as { role: string }[];

test('the invited address accepts, in upper or lower case, and is on record', async () => {
  const email = newAddress();
  const { id, token } = await invite(email);
  const guest = await withClaims(email.toUpperCase(), {});
  expect((await send(guest, 'invitationAccept', { token }, 'role')).role).toBe('MEMBER');
  const { invitation } = await acme.admin.ok(
    `{ invitation(id: "${id}") { status isAnyAddress acceptedAt acceptedBy { email } invitedBy { email } } }`,
  );
  expect(invitation).toEqual({
    status: 'ACCEPTED',
    isAnyAddress: false,
    acceptedAt: expect.any(String),
    acceptedBy: { email: email.toUpperCase() },
    invitedBy: { email: 'admin@acme.example' },
  });
});

test.each<[string, (email: string) => Promise<Client>]>([
  ['another address', () => withClaims(newAddress(), {})],
  ['an address that is not verified', (email) => withClaims(email, { email_verified: false })],
  ['an address of which nothing is said', (email) => withClaims(email, { email_verified: undefined })],
  ['an address that is verified by a number', (email) => withClaims(email, { email_verified: 1 })],
  ['no address', (email) => withClaims(email, { email: undefined })],
  ['the address with a space', (email) => withClaims(email, { email: ` ${email}` })],
  ['the address with a character that is cut out', (email) => withClaims(email, { email: `${email}\u0007` })],
  ['the address with a letter that looks alike', (email) => withClaims(email, { email: email.replace('m', 'м') })],
  ['the address with a wildcard', (email) => withClaims(email, { email: email.replace('.', '_') })],
  ['a longer address', (email) => withClaims(email, { email: `${email}.example` })],
])('a token with %s accepts nothing, and is not told whom it was for', async (_, client) => {
  const email = newAddress();
  const { id, token } = await invite(email);
  const stranger = await client(email);
  const answer = await refusal(stranger, 'invitationAccept', { token });
  expect(answer).toEqual(refused);
  expect(JSON.stringify(answer)).not.toContain(email);
  expect(await rolesOf(email)).toEqual([]);
  const [row] = await gateway.sql('select status, accepted_by_id from org_invitations where id = $1', [uuidOf(id)]);
  expect(row).toEqual({ status: 'pending', accepted_by_id: null });
});

test('letters outside of ASCII that fold to ASCII are other letters', async () => {
  const { token } = await invite('kim@mail.example');
  expect(await refusal(await withClaims('\u212Aim@mail.example', {}), 'invitationAccept', { token })).toEqual(refused);
});

test('with anyAddress whoever has the token accepts, and the trail shows both', async () => {
  const { id, token } = await invite(newAddress(), { anyAddress: true });
  const guest = newAddress();
  const unverified = await withClaims(guest, { email_verified: false });
  await send(unverified, 'invitationAccept', { token }, 'role');
  const { invitations } = await acme.admin.ok(
    '{ invitations(filter: { isAnyAddress: { eq: true } }) { nodes { id isAnyAddress acceptedBy { email } } } }',
  );
  expect(invitations.nodes).toEqual([{ id, isAnyAddress: true, acceptedBy: { email: guest } }]);
  const { auditLogs } = await acme.admin.ok(
    'query ($id: ID!) { auditLogs(filter: { entityId: { eq: $id } }, orderBy: [{ createdAt: {} }]) { nodes { action changes } } }',
    { id: uuidOf(id) },
  );
  const [sent, accepted] = auditLogs.nodes;
  expect(sent.changes.is_any_address).toEqual({ after: true });
  expect(accepted.changes.accepted_by_id.after).toMatch(/^[0-9a-f-]{36}$/);
});

test('who comes back starts without the permissions of before', async () => {
  const email = newAddress();
  const id = randomUUID();
  const guest = await withClaims(email, {}, id);
  await guest.ok('{ viewer { role } }');
  await gateway.sql(
    "insert into org_members (org_id, user_id, role, permissions, status) values ($1, $2, 'member', '{audit:read,people:destroy}', 'removed')",
    [acme.id, id],
  );
  const { token } = await invite(email, { role: 'VIEWER' });
  await send(guest, 'invitationAccept', { token }, 'role');
  expect(
    await gateway.sql('select role, permissions, status from org_members where user_id = $1 and org_id = $2', [
      id,
      acme.id,
    ]),
  ).toEqual([{ role: 'viewer', permissions: [], status: 'active' }]);
});

test('a server that is told so takes an address as verified unless the token denies it', async () => {
  const { auth } = gateway.config;
  const server = createGateway({ ...gateway.config, auth: { ...auth, assumeEmailVerified: true } }, gateway.database);
  const [silent, denied] = [newAddress(), newAddress()];
  const invited = [await invite(silent), await invite(denied)];
  const [first, second] = [
    (await withClaims(silent, { email_verified: undefined })).via(server),
    (await withClaims(denied, { email_verified: false })).via(server),
  ];
  expect((await send(first, 'invitationAccept', { token: invited[0]?.token }, 'role')).role).toBe('MEMBER');
  expect(await refusal(second, 'invitationAccept', { token: invited[1]?.token })).toEqual(refused);
  await server.close();
});

test('the database compares the addresses itself', async () => {
  const globex = await gateway.organization('globex');
  const email = newAddress();
  await invite(email);
  const [row] = await gateway.sql(
    'select secret from app.secrets join org_invitations using (org_id, id) where email = $1',
    [email],
  );
  const door = openDoor(gateway.database, gateway.config);
  const accept = (address: string | null) =>
    door.write(
      callerOf(globex),
      ({ db }) => db.$queryRaw`select app.accept_invitation(${acme.id}::uuid, ${String(row?.secret)}, ${address})`,
    );
  for (const address of [null, '', '%', 'other@mail.example'])
    await expect(accept(address)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await accept(email.toUpperCase());
  await expect(accept(email)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await door.close();
});
