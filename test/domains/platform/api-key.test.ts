import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseApiKey } from '../../../src/auth/api-key.ts';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failedMutation, failure, lacks, nodes, nowhere, pages, refusal, send } from '../tenancy/ask.ts';

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
  gateway.sql("select to_jsonb(k) - 'last_used_at' as key from api_keys k where org_id = $1 order by id", [org.id]);
const make = (client: Client, input: object = {}, fields = 'apiKey { id } secret') =>
  send(client, 'apiKeyCreate', { name: 'Key', ...input }, fields);

test('a key is shown once, and only its hash is stored', async () => {
  const id = randomUUID();
  const expiresAt = '2030-01-01T00:00:00.000Z';
  const fields =
    'secret apiKey { id name prefix role scopes expiresAt revokedAt lastUsedAt version createdBy { email } }';
  const { secret, apiKey } = await make(
    acme.admin,
    { id, name: 'Reports', role: 'VIEWER', scopes: ['crm:read', 'crm:read'], expiresAt },
    fields,
  );
  expect(apiKey).toEqual({
    id: `api_key_${id}`,
    name: 'Reports',
    prefix: parseApiKey(secret)?.prefix,
    role: 'VIEWER',
    scopes: ['crm:read'],
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    version: 1,
    createdBy: { email: 'admin@acme.example' },
  });
  const dump = await gateway.sql('select k::text as row from api_keys k union all select a::text from audit_logs a');
  expect(dump.filter(({ row }) => String(row).includes(secret))).toEqual([]);
  expect((await gateway.sql('select secret from app.secrets where id = $1', [id]))[0]?.secret).toBe(
    createHash('sha256').update(secret).digest('hex'),
  );
});

test('is a MEMBER for everything, for ever, unless told otherwise', async () => {
  const { apiKey } = await make(acme.admin, {}, 'apiKey { role scopes expiresAt }');
  expect(apiKey).toEqual({ role: 'MEMBER', scopes: ['*'], expiresAt: null });
});

test('takes permissions, whole areas and everything as scopes, and nothing else', async () => {
  const scopes = ['crm:read', 'knowledge:*', '*'];
  expect((await make(acme.admin, { scopes }, 'apiKey { scopes }')).apiKey.scopes).toEqual(scopes);
  const before = await rowsOf(acme);
  for (const scope of ['crm', 'crm:', 'crm:all', 'weather:*', '*:read', '', 'CRM:read']) {
    const sentence = 'There is no such scope: give permissions such as crm:read, crm:*, or *.';
    expect(await refusal(acme.admin, 'apiKeyCreate', { name: 'Key', scopes: ['crm:read', scope] })).toEqual([
      'BAD_USER_INPUT',
      ['scopes'],
      sentence,
    ]);
  }
  expect(await refusal(acme.admin, 'apiKeyCreate', { name: 'Key', scopes: [] })).toEqual([
    'BAD_USER_INPUT',
    ['scopes'],
    'A key without a scope is good for nothing.',
  ]);
  expect(await rowsOf(acme)).toEqual(before);
});

test('other wrong input is refused, and no key is made', async () => {
  const before = await rowsOf(acme);
  const wrong: [input: object, answer: unknown[]][] = [
    [{ role: 'OWNER' }, ['BAD_USER_INPUT', ['role'], 'A key cannot be OWNER; ADMIN is the most.']],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, ['BAD_USER_INPUT', ['expiresAt'], 'The end lies in the past.']],
    [{ name: '' }, ['BAD_USER_INPUT', ['name'], 'The value of name is not allowed.']],
    [{ id: 'member_1' }, ['BAD_USER_INPUT', ['id'], 'Expected an id of ApiKey: api_key_<uuid> or a UUID.']],
  ];
  for (const [input, answer] of wrong)
    expect(await refusal(acme.owner, 'apiKeyCreate', { name: 'Key', ...input })).toEqual(answer);
  expect(await rowsOf(acme)).toEqual(before);
});

test('nobody makes a key with a higher role than their own', async () => {
  await gateway.sql("update org_members set permissions = '{keys:write}' where org_id = $1 and user_id = $2", [
    globex.id,
    globex.people.member.id,
  ]);
  const answer = await refusal(globex.member, 'apiKeyCreate', { name: 'Ladder', role: 'ADMIN' });
  expect(answer).toEqual(['FORBIDDEN', ['role'], 'A key cannot have a higher role than you have.']);
  expect(await rowsOf(globex)).toEqual([]);
});

test('a key makes no keys, whatever its role and scopes', async () => {
  const { secret } = await make(acme.owner, { role: 'ADMIN', scopes: ['*'] });
  const before = await rowsOf(acme);
  expect(await failedMutation(gateway.withKey(secret), 'apiKeyCreate', { name: 'Child' })).toEqual([
    403,
    'FORBIDDEN',
    'An API key cannot do this: sign in as a person.',
  ]);
  expect(await rowsOf(acme)).toEqual(before);
});

test('another name changes nothing else', async () => {
  const { apiKey } = await make(acme.admin);
  const renamed = await send(
    acme.admin,
    'apiKeyUpdate',
    { id: apiKey.id, name: 'Renamed', expectedVersion: 1 },
    'apiKey { name role scopes version }',
  );
  expect(renamed.apiKey).toEqual({ name: 'Renamed', role: 'MEMBER', scopes: ['*'], version: 2 });
});

test('a revoked key stays revoked', async () => {
  const { apiKey } = await make(acme.admin);
  const revoked = await send(
    acme.admin,
    'apiKeyRevoke',
    { id: apiKey.id, expectedVersion: 1 },
    'apiKey { revokedAt version }',
  );
  expect(revoked.apiKey).toEqual({ revokedAt: expect.any(String), version: 2 });
  const before = await rowsOf(acme);
  expect(await refusal(acme.admin, 'apiKeyRevoke', { id: apiKey.id })).toEqual([
    'CONFLICT',
    ['id'],
    'This key is revoked already.',
  ]);
  expect(await rowsOf(acme)).toEqual(before);
});

test.each([
  ['apiKeyUpdate', { name: 'New' }],
  ['apiKeyRevoke', {}],
])('%s refuses members, stale versions and the ids of others, and changes nothing', async (mutation, change) => {
  const { apiKey: mine } = await make(acme.admin);
  const { apiKey: theirs } = await make(globex.admin);
  const before = [await rowsOf(acme), await rowsOf(globex)];
  expect(await failedMutation(acme.member, mutation, { ...change, id: mine.id })).toEqual(lacks('keys:write', 'ADMIN'));
  expect(await refusal(acme.admin, mutation, { ...change, id: mine.id, expectedVersion: 3 })).toEqual([
    'CONFLICT',
    ['expectedVersion'],
    'Somebody changed it: the current version is 1, not 3.',
  ]);
  for (const id of [theirs.id, nowhere])
    expect(await refusal(acme.admin, mutation, { ...change, id })).toEqual([
      'NOT_FOUND',
      ['id'],
      'There is no such ApiKey.',
    ]);
  expect([await rowsOf(acme), await rowsOf(globex)]).toEqual(before);
});

test('keys are only for those who manage keys, and for their own organization', async () => {
  const { apiKey } = await make(acme.admin);
  const byId = `{ apiKey(id: "${apiKey.id}") { id } }`;
  expect((await acme.admin.ok(byId)).apiKey).toEqual({ id: apiKey.id });
  expect((await globex.owner.ok(byId)).apiKey).toBeNull();
  expect(await failure(acme.member, byId)).toEqual(lacks('keys:read', 'ADMIN', 200));
  expect(await failure(acme.member, '{ apiKeys { totalCount } }')).toEqual(lacks('keys:read', 'ADMIN', 200));
});

test('are listed in one statement with who made them, counted in it or by the resolvers in a second, filtered, ordered and paged both ways', async () => {
  const org = await gateway.organization('hooli');
  await make(org.owner, { name: 'c', role: 'ADMIN' });
  await make(org.admin, { name: 'a', scopes: ['crm:read', 'audit:read'], expiresAt: '2031-01-01T00:00:00Z' });
  const { apiKey } = await make(org.admin, { name: 'b', role: 'VIEWER', expiresAt: '2030-01-01T00:00:00Z' });
  await send(org.admin, 'apiKeyRevoke', { id: apiKey.id }, 'apiKey { id }');
  const names = async (args: string, client = org.admin) =>
    (await nodes(client, 'apiKeys', args, 'name createdBy { email }')).map(({ name }) => name);

  const rows = await gateway.countingBoth(org.admin, (client) => names('', client));
  expect(rows).toEqual({ result: ['b', 'a', 'c'], statements: { compiler: 1, resolvers: 1 } });
  const counted = await gateway.countingBoth(org.admin, (client) =>
    client.ok('{ apiKeys(first: 1) { totalCount nodes { name } } }'),
  );
  expect(counted.result.apiKeys.totalCount).toBe(3);
  expect(counted.statements).toEqual({ compiler: 1, resolvers: 2 });
  expect(await names('filter: { revokedAt: { isNull: true } }, orderBy: [{ name: {} }]')).toEqual(['a', 'c']);
  expect(await names('filter: { scopes: { has: "audit:read" } }')).toEqual(['a']);
  expect(await names('filter: { role: { notIn: [ADMIN] } }, orderBy: [{ name: {} }]')).toEqual(['a', 'b']);
  expect(await names('filter: { createdBy: { role: { eq: OWNER } } }')).toEqual(['c']);
  expect(await names('orderBy: [{ expiresAt: { nulls: FIRST } }]')).toEqual(['c', 'b', 'a']);
  expect(await pages(org.admin, 'apiKeys', 'name', 2, 'first', 'orderBy: [{ expiresAt: {} }]')).toEqual([
    ['b', 'a'],
    ['c'],
  ]);
  expect(await pages(org.admin, 'apiKeys', 'name', 2, 'last', 'orderBy: [{ expiresAt: {} }]')).toEqual([
    ['a', 'c'],
    ['b'],
  ]);
});
