import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiKey, parseApiKey } from '../../src/auth/api-key.ts';
import { serviceTransaction } from '../../src/db/service.ts';
import { type Answer, type Client, type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const whereAmI = '{ viewer { role organization { slug } } }';

const errorOf = ({ status, errors = [], data }: Answer) => ({
  status,
  data,
  code: errors[0]?.extensions.code,
  message: errors[0]?.message,
  count: errors.length,
});

/** Makes a key as the owner; gives its id and the key itself. */
async function make(org: Org, input: object = {}): Promise<{ id: string; secret: string; client: Client }> {
  const mutation =
    'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret apiKey { id } userErrors { message } } }';
  const { secret, apiKey } = (await org.owner.ok(mutation, { input: { name: 'Key', ...input } })).apiKeyCreate;
  return { id: apiKey.id.slice(-36), secret, client: gateway.withKey(secret) };
}

const rowOf = async (id: string) =>
  (await gateway.sql('select last_used_at, version, updated_at from api_keys where id = $1', [id]))[0];

/** The note of a use follows the answer; waits for it. */
async function lastUse(id: string): Promise<Date> {
  for (let tries = 0; tries < 100; tries++) {
    const at = (await rowOf(id))?.last_used_at;
    if (at instanceof Date) return at;
    await sleep(20);
  }
  throw new Error('The use was not noted.');
}

const refusedKey = {
  status: 401,
  data: {},
  code: 'UNAUTHENTICATED',
  message: 'This API key is unknown, expired or revoked.',
  count: 1,
};

test('a key works in its organization, with its role', async () => {
  const { client } = await make(acme, { role: 'VIEWER' });
  expect((await client.ok(whereAmI)).viewer).toEqual({ role: 'VIEWER', organization: { slug: 'acme' } });
});

test('a key with a wrong shape or checksum is refused without a single statement', async () => {
  const { secret } = await make(acme);
  const swap = (at: number) => secret.slice(0, at) + (secret.charAt(at) === 'A' ? 'B' : 'A') + secret.slice(at + 1);
  const wrong = [
    swap(secret.length - 1),
    swap(40),
    swap(10),
    `${secret}A`,
    secret.slice(0, -1),
    'gwk_',
    `gwk_${'A'.repeat(68)}`,
    secret.toUpperCase().replace('GWK', 'gwk'),
  ];
  const before = gateway.database.pool.events.statements;
  for (const key of wrong) {
    expect(errorOf(await gateway.withKey(key).run(whereAmI))).toEqual({
      status: 401,
      data: {},
      code: 'UNAUTHENTICATED',
      message: 'This API key is malformed.',
      count: 1,
    });
  }
  expect(gateway.database.pool.events.statements).toBe(before);
});

test('unknown, revoked, expired and forged keys are one answer', async () => {
  const { id: revokedId, client: revoked } = await make(acme);
  await acme.owner.ok(`mutation { apiKeyRevoke(input: { id: "${revokedId}" }) { userErrors { code } } }`);
  const { id: expiredId, client: expired } = await make(acme, { expiresAt: '2040-01-01T00:00:00Z' });
  await expired.ok(whereAmI);
  await gateway.sql("update api_keys set expires_at = now() - interval '1 second' where id = $1", [expiredId]);
  const { secret } = await make(acme);
  const forged = createApiKey(acme.id);
  await gateway.sql('update api_keys set prefix = $1 where prefix = $2', [forged.prefix, parseApiKey(secret)?.prefix]);
  const strangers = [
    createApiKey(acme.id).key,
    createApiKey(globex.id).key,
    createApiKey('0197f000-0000-7000-8000-000000000000').key,
    forged.key,
  ];
  for (const client of [revoked, expired, ...strangers.map((key) => gateway.withKey(key))])
    expect(errorOf(await client.run(whereAmI))).toEqual(refusedKey);
});

test('a key of a deleted organization is refused', async () => {
  const org = await gateway.organization('hooli');
  const { client } = await make(org);
  await client.ok(whereAmI);
  await org.owner.ok(`mutation { organizationDelete(input: { id: "${org.id}" }) { userErrors { code } } }`);
  expect(errorOf(await client.run(whereAmI))).toEqual(refusedKey);
});

test('a key works in its own organization only, whatever the header says', async () => {
  const { client } = await make(acme);
  for (const org of [globex.id, 'globex', '0197f000-0000-7000-8000-000000000000']) {
    expect(errorOf(await client.inOrg(org).run(whereAmI))).toEqual({
      status: 403,
      data: {},
      code: 'FORBIDDEN',
      message: 'An API key works in its own organization only: leave X-Org out.',
      count: 1,
    });
  }
  for (const org of [acme.id, acme.id.toUpperCase(), ''])
    expect((await client.inOrg(org).ok(whereAmI)).viewer.organization.slug).toBe('acme');
});

test('the last use is noted once a minute, and is neither a change nor in the audit trail', async () => {
  const { id, client } = await make(acme);
  const before = await rowOf(id);
  const { result: at, statements } = await gateway.counting(async () => {
    await Promise.all(Array.from({ length: 20 }, () => client.ok(whereAmI)));
    return lastUse(id);
  });
  expect(statements.filter((text) => text.includes('note_key_use'))).toHaveLength(1);
  expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(10_000);
  await client.ok(whereAmI);
  await sleep(100);
  expect(await rowOf(id)).toEqual({ ...before, last_used_at: at });
  expect(await gateway.sql('select action from audit_logs where entity_id = $1', [id])).toEqual([
    { action: 'api_key.created' },
  ]);
});

test('several servers together note a use once a minute, too', async () => {
  const { id } = await make(acme);
  const note = () =>
    serviceTransaction(gateway.database.service, (client) =>
      client.query('select app.note_key_use($1, $2)', [acme.id, id]),
    );
  await note();
  const first = await lastUse(id);
  await note();
  expect(await lastUse(id)).toEqual(first);
  await gateway.sql("update api_keys set last_used_at = now() - interval '61 seconds' where id = $1", [id]);
  await note();
  expect((await lastUse(id)).getTime()).toBeGreaterThanOrEqual(first.getTime());
});

const asks = {
  'crm:read': '{ accounts { totalCount } }',
  'crm:write': 'mutation { accountCreate(input: { name: "By key" }) { userErrors { code } } }',
  'knowledge:read': '{ documents { totalCount } }',
  'organization:read': '{ organization { id } }',
  'organization:write':
    'mutation { featureFlagSet(input: { featureKey: "by_key", isEnabled: true }) { userErrors { code } } }',
  'members:read': '{ members { totalCount } }',
  'members:write': '{ invitations { totalCount } }',
  'keys:read': '{ apiKeys { totalCount } }',
  'audit:read': '{ auditLogs { totalCount } }',
} as const;
type Ask = keyof typeof asks;

const everything = Object.keys(asks) as Ask[];
const ofMembers: Ask[] = ['crm:read', 'crm:write', 'knowledge:read', 'organization:read', 'members:read'];
const ofViewers: Ask[] = ['crm:read', 'knowledge:read', 'organization:read', 'members:read'];

test.each<[role: string, scopes: string[], may: Ask[]]>([
  ['ADMIN', ['*'], everything],
  ['MEMBER', ['*'], ofMembers],
  ['VIEWER', ['*'], ofViewers],
  ['ADMIN', ['crm:*'], ['crm:read', 'crm:write']],
  ['ADMIN', ['crm:read'], ['crm:read']],
  ['MEMBER', ['crm:write'], ['crm:read', 'crm:write']],
  ['VIEWER', ['crm:*', 'audit:read'], ['crm:read']],
  ['ADMIN', ['audit:read', 'members:read'], ['audit:read', 'members:read']],
  ['ADMIN', ['members:*'], ['members:read', 'members:write']],
  ['MEMBER', ['keys:*', 'organization:write'], ['organization:read']],
])('a key with role %s and scopes %j may %j and nothing else', async (role, scopes, may) => {
  const { client } = await make(acme, { role, scopes });
  for (const permission of everything) {
    const { errors = [] } = await client.run(asks[permission]);
    const denied = errors.map(({ extensions }) => [extensions.code, extensions.permission]);
    expect([permission, denied]).toEqual([permission, may.includes(permission) ? [] : [['FORBIDDEN', permission]]]);
  }
});

test('a key without the scope is told so, and a write it may not do is not done', async () => {
  const { client } = await make(acme, { role: 'ADMIN', scopes: ['crm:read'] });
  const before = await gateway.sql('select count(*)::int as count from accounts');
  expect(errorOf(await client.run(asks['crm:write']))).toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
    message: 'This needs the key scope crm:write (role MEMBER or above).',
  });
  expect(await gateway.sql('select count(*)::int as count from accounts')).toEqual(before);
});

test('a key cannot do what only a person can', async () => {
  const { client } = await make(acme, { role: 'ADMIN' });
  const person = 'An API key cannot do this: sign in as a person.';
  for (const mutation of [
    'userUpdate(input: {})',
    'organizationCreate(input: { name: "X" })',
    'invitationAccept(input: { token: "x" })',
    'apiKeyCreate(input: { name: "X" })',
  ]) {
    expect(errorOf(await client.run(`mutation { ${mutation} { userErrors { code } } }`))).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      message: person,
    });
  }
});
