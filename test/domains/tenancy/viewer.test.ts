import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissions } from '../../../src/auth/permissions.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const viewerOf = async (client: Org['owner'], fields: string) => (await client.ok(`{ viewer { ${fields} } }`)).viewer;

/** The permissions whose least role is one of these. */
const permissionsOf = (...least: readonly string[]): string[] =>
  Object.entries(permissions).flatMap(([name, role]) => (least.includes(role) ? [name] : []));

const reading = permissionsOf('viewer');

test('tells a person who they are, where, and in which role', async () => {
  const { id, email } = acme.people.admin;
  expect(
    await viewerOf(
      acme.admin,
      'role plan apiKey { id } user { id email fullName isActive preferences } organization { id slug type }',
    ),
  ).toEqual({
    role: 'ADMIN',
    plan: 'FREE',
    apiKey: null,
    user: { id: `user_${id}`, email, fullName: 'admin of acme', isActive: true, preferences: {} },
    organization: { id: `organization_${acme.id}`, slug: 'acme', type: 'TEAM' },
  });
});

test('lists the permissions of each role, and those granted beyond it', async () => {
  const of = async (client: Org['owner']) => (await viewerOf(client, 'permissions')).permissions;
  expect(await of(acme.viewer)).toEqual(reading);
  expect(reading).toEqual(expect.arrayContaining(['crm:read', 'delivery:read']));
  expect(await of(acme.member)).toEqual(permissionsOf('viewer', 'member'));
  expect(reading).not.toContain('finance:read');
  expect(await of(acme.member)).toEqual(expect.arrayContaining(['crm:write', 'finance:read']));
  expect(await of(acme.member)).not.toContain('rates:read');
  expect(await of(acme.admin)).not.toContain('organization:own');
  expect(await of(acme.owner)).toEqual(Object.keys(permissions));
  await gateway.sql("update org_members set permissions = '{keys:read}' where user_id = $1 and org_id = $2", [
    globex.people.viewer.id,
    globex.id,
  ]);
  expect(await of(globex.viewer)).toEqual([...reading, 'keys:read']);
});

test('lists every organization of the caller in two statements, and none of anybody else', async () => {
  const query = '{ viewer { memberships { role organization { slug type version } } } }';
  const { statements, result } = await gateway.counting(() => acme.viewer.ok(query));
  expect(result.viewer.memberships).toEqual([
    { role: 'OWNER', organization: { slug: 'viewer-of-acme', type: 'PERSONAL', version: 1 } },
    { role: 'VIEWER', organization: { slug: 'acme', type: 'TEAM', version: 1 } },
  ]);
  expect(statements).toHaveLength(2);
});

test('asks for no organization when only the roles are selected', async () => {
  const { statements, result } = await gateway.counting(() => acme.viewer.ok('{ viewer { memberships { role } } }'));
  expect(result.viewer.memberships).toEqual([{ role: 'OWNER' }, { role: 'VIEWER' }]);
  expect(statements).toHaveLength(1);
});

test('asks the database nothing for role, plan and permissions', async () => {
  const { statements } = await gateway.counting(() => acme.viewer.ok('{ viewer { role plan permissions } }'));
  expect(statements).toEqual([]);
});

test('leaves out organizations that the caller was removed from, and deleted ones', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id, name: 'Passing Through' });
  await person.ok('{ viewer { role } }');
  await gateway.sql("insert into org_members (org_id, user_id, role) values ($1, $3, 'admin'), ($2, $3, 'member')", [
    acme.id,
    globex.id,
    id,
  ]);
  const slugs = async () =>
    (await viewerOf(person, 'memberships { organization { slug } }')).memberships.map(
      (each: { organization: { slug: string } }) => each.organization.slug,
    );
  expect((await slugs()).sort()).toEqual(['acme', 'globex', 'passing-through']);
  await gateway.sql("update org_members set status = 'removed' where user_id = $1 and org_id = $2", [id, acme.id]);
  expect((await slugs()).sort()).toEqual(['globex', 'passing-through']);
  await gateway.sql("update organizations set deleted_at = now() where slug = 'passing-through'");
  expect(await slugs()).toEqual(['globex']);
});

test('answers a person outside any organization, and nothing else does', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await person.ok('{ viewer { role } }');
  await gateway.sql('update users set current_org_id = null where id = $1', [id]);
  expect(
    await viewerOf(
      person,
      'role plan permissions organization { id } memberships { role } user { currentOrganization { id } }',
    ),
  ).toEqual({
    role: null,
    plan: null,
    permissions: [],
    organization: null,
    memberships: [{ role: 'OWNER' }],
    user: { currentOrganization: null },
  });
  const sentence = 'No organization: name one in the X-Org header (id or slug), or make one with organizationCreate.';
  expect(await failure(person, '{ organization { id } }')).toEqual([403, 'FORBIDDEN', sentence]);
  expect(await failure(person, '{ members { totalCount } }')).toEqual([403, 'FORBIDDEN', sentence]);
  expect(await failure(person, '{ systemSettings { totalCount } }')).toEqual([403, 'FORBIDDEN', sentence]);
});

test('tells an API key its own row and scopes, and no person', async () => {
  const { secret } = await send(
    acme.owner,
    'apiKeyCreate',
    { name: 'Reader', role: 'VIEWER', scopes: ['crm:*'] },
    'secret',
  );
  const key = gateway.withKey(secret);
  expect(
    await viewerOf(
      key,
      'role permissions user { id } apiKey { name scopes } organization { slug } memberships { role }',
    ),
  ).toEqual({
    role: 'VIEWER',
    permissions: ['crm:read'],
    user: null,
    apiKey: { name: 'Reader', scopes: ['crm:*'] },
    organization: { slug: 'acme' },
    memberships: [],
  });
});

test('shows the person who made a key only to keys that may read members', async () => {
  const keyWith = async (scopes: string[]) =>
    gateway.withKey((await send(acme.owner, 'apiKeyCreate', { name: 'Of the owner', scopes }, 'secret')).secret);
  const query = '{ viewer { apiKey { createdBy { email } } } }';
  expect((await (await keyWith(['members:read'])).ok(query)).viewer.apiKey.createdBy).toEqual({
    email: 'owner@acme.example',
  });
  const { data, errors } = await (await keyWith(['crm:read'])).run(query);
  expect(data.viewer.apiKey.createdBy).toBeNull();
  expect(errors?.map(({ extensions }) => [extensions.code, extensions.permission])).toEqual([
    ['FORBIDDEN', 'members:read'],
  ]);
});
