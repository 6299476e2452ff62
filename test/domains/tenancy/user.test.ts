import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failedMutation, nowhere, refusal, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const newcomer = async (): Promise<{ id: string; person: Client }> => {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await person.ok('{ viewer { role } }');
  return { id, person };
};

const rowOf = async (id: string) =>
  (
    await gateway.sql('select full_name, avatar_url, preferences, current_org_id, version from users where id = $1', [
      id,
    ])
  )[0];

test('changes the caller and nobody else', async () => {
  const { id } = acme.people.member;
  const others = () => gateway.sql('select * from users where id <> $1 order by id', [id]);
  const before = await others();
  const version = Number((await rowOf(id))?.version);
  const input = {
    fullName: 'Mia Member',
    avatarUrl: 'https://pictures.example/mia.png',
    preferences: { theme: 'dark' },
    isOnboardingCompleted: true,
  };
  const { user } = await send(
    acme.member,
    'userUpdate',
    input,
    'user { id fullName avatarUrl preferences isOnboardingCompleted version }',
  );
  expect(user).toEqual({ id: `user_${id}`, ...input, version: version + 1 });
  expect(await others()).toEqual(before);
});

test('every membership shows the new name and picture at once', async () => {
  const { id } = globex.people.viewer;
  await send(
    globex.viewer,
    'userUpdate',
    { fullName: 'Vera Viewer', avatarUrl: 'https://pictures.example/vera.png' },
    'user { id }',
  );
  const copies = await gateway.sql('select display_name, avatar_url from org_members where user_id = $1', [id]);
  expect(copies).toEqual(
    Array.from({ length: 2 }, () => ({ display_name: 'Vera Viewer', avatar_url: 'https://pictures.example/vera.png' })),
  );
  await send(globex.viewer, 'userUpdate', { fullName: null, avatarUrl: null }, 'user { id }');
  const { member } = await globex.admin.ok(`{ member(id: "${id}") { displayName avatarUrl } }`);
  expect(member).toEqual({ displayName: 'viewer@globex.example', avatarUrl: null });
});

test('moves to another organization of the caller, by global id or UUID, and out of all', async () => {
  const { id, person } = await newcomer();
  await gateway.sql("insert into org_members (org_id, user_id, role) values ($1, $2, 'viewer')", [acme.id, id]);
  const current = 'user { currentOrganization { slug } }';
  const moved = await send(person, 'userUpdate', { currentOrganizationId: `organization_${acme.id}` }, current);
  expect(moved.user.currentOrganization).toEqual({ slug: 'acme' });
  expect((await person.ok('{ viewer { role organization { slug } } }')).viewer).toEqual({
    role: 'VIEWER',
    organization: { slug: 'acme' },
  });
  const left = await send(person, 'userUpdate', { currentOrganizationId: null }, current);
  expect(left.user.currentOrganization).toBeNull();
  const again = await send(person, 'userUpdate', { currentOrganizationId: acme.id.toUpperCase() }, current);
  expect(again.user.currentOrganization).toEqual({ slug: 'acme' });
});

test('an organization of others, and one that does not exist, are the same answer', async () => {
  const { id, person } = await newcomer();
  const before = await rowOf(id);
  const sentence = 'You are not a member of this organization, or it does not exist.';
  for (const wanted of [globex.id, `organization_${globex.id}`, nowhere, 'globex', '']) {
    expect(await refusal(person, 'userUpdate', { fullName: 'X', currentOrganizationId: wanted })).toEqual([
      'NOT_FOUND',
      ['currentOrganizationId'],
      sentence,
    ]);
  }
  expect(await rowOf(id)).toEqual(before);
});

test('an organization that the person was removed from no longer counts', async () => {
  const { id, person } = await newcomer();
  await gateway.sql("insert into org_members (org_id, user_id, status) values ($1, $2, 'removed')", [acme.id, id]);
  const [code, path] = await refusal(person, 'userUpdate', { currentOrganizationId: acme.id });
  expect([code, path]).toEqual(['NOT_FOUND', ['currentOrganizationId']]);
});

test('a stale version changes nothing and tells the current one', async () => {
  const { id, person } = await newcomer();
  const seen = Number((await rowOf(id))?.version);
  await send(person, 'userUpdate', { fullName: 'First', expectedVersion: seen }, 'user { id }');
  const before = await rowOf(id);
  const sentence = `Somebody changed it: the current version is ${seen + 1}, not ${seen}.`;
  expect(await refusal(person, 'userUpdate', { fullName: 'Second', expectedVersion: seen })).toEqual([
    'CONFLICT',
    ['expectedVersion'],
    sentence,
  ]);
  expect(await rowOf(id)).toEqual(before);
});

test('what cannot be cleared, or is no address, is refused', async () => {
  const { person } = await newcomer();
  expect(await refusal(person, 'userUpdate', { preferences: null })).toEqual([
    'BAD_USER_INPUT',
    ['preferences'],
    'preferences is required and cannot be cleared.',
  ]);
  expect(await refusal(person, 'userUpdate', { fullName: 'A\u0000B' })).toEqual([
    'BAD_USER_INPUT',
    ['fullName'],
    'Text cannot hold the character NUL.',
  ]);
  const [status, code] = await failedMutation(person, 'userUpdate', { avatarUrl: 'not an address' });
  expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
});

test('an API key is nobody who could be changed', async () => {
  const { secret } = await send(acme.owner, 'apiKeyCreate', { name: 'All', role: 'ADMIN' }, 'secret');
  const answer = await failedMutation(gateway.withKey(secret), 'userUpdate', { fullName: 'Machine' });
  expect(answer).toEqual([403, 'FORBIDDEN', 'An API key cannot do this: sign in as a person.']);
  expect(await gateway.sql("select id from users where full_name = 'Machine'")).toEqual([]);
});
