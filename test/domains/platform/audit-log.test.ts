import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../../src/schema.ts';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, lacks, nodes, nowhere, pages, send } from '../tenancy/ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway({ TRUST_PROXY: 'on' });
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const entry = 'action entityType entityId changes ip userAgent requestId member { email } apiKey { name }';

const from = (client: Client, requestId: string) =>
  client.withHeaders({ 'x-request-id': requestId, 'x-forwarded-for': '203.0.113.7', 'user-agent': 'Tests/1.0' });

/** What one request left behind. */
const trailOf = (requestId: string, org = acme) =>
  nodes(org.admin, 'auditLogs', `filter: { requestId: { eq: "${requestId}" } }, orderBy: [{ id: {} }]`, entry);

const place = { ip: '203.0.113.7', userAgent: 'Tests/1.0' };

test('audit carries ip and user agent: who, from where, in which request, before and after', async () => {
  const { featureFlag } = await send(
    from(acme.owner, 'made'),
    'featureFlagCreate',
    { featureKey: 'maps' },
    'featureFlag { id }',
  );
  const at = {
    ...place,
    entityType: 'feature_flag',
    entityId: featureFlag.id,
    member: { email: 'owner@acme.example' },
    apiKey: null,
  };
  expect(await trailOf('made')).toEqual([
    {
      ...at,
      action: 'feature_flag.created',
      requestId: 'made',
      changes: { feature_key: { after: 'maps' }, is_enabled: { after: false }, allowed_roles: { after: [] } },
    },
  ]);
  await send(
    from(acme.admin, 'changed'),
    'featureFlagUpdate',
    { id: featureFlag.id, isEnabled: true },
    'featureFlag { id }',
  );
  expect(await trailOf('changed')).toEqual([
    {
      ...at,
      action: 'feature_flag.updated',
      requestId: 'changed',
      member: { email: 'admin@acme.example' },
      changes: { is_enabled: { before: false, after: true } },
    },
  ]);
  await send(from(acme.owner, 'removed'), 'featureFlagDelete', { id: featureFlag.id }, 'featureFlagId');
  expect(await trailOf('removed')).toEqual([
    {
      ...at,
      action: 'feature_flag.deleted',
      requestId: 'removed',
      changes: { feature_key: { before: 'maps' }, is_enabled: { before: true }, allowed_roles: { before: [] } },
    },
  ]);
});

test('the changes of a key are signed by the key', async () => {
  const { secret } = await send(acme.owner, 'apiKeyCreate', { name: 'Robot', role: 'ADMIN' }, 'secret');
  await send(
    from(gateway.withKey(secret), 'by-robot'),
    'featureFlagSet',
    { featureKey: 'robots', isEnabled: true },
    'featureFlag { id }',
  );
  expect(await trailOf('by-robot')).toMatchObject([
    { ...place, action: 'feature_flag.created', member: null, apiKey: { name: 'Robot' } },
  ]);
});

test('every kind of record is named by its global id', async () => {
  const { member } = await send(
    from(acme.owner, 'ids'),
    'memberUpdate',
    { id: acme.people.viewer.id, title: 'Guest' },
    'member { id }',
  );
  const { invitation } = await send(
    from(acme.owner, 'ids'),
    'invitationSend',
    { email: 'x@mail.example', role: 'VIEWER' },
    'invitation { id }',
  );
  const { apiKey } = await send(from(acme.owner, 'ids'), 'apiKeyCreate', { name: 'X' }, 'apiKey { id }');
  const { organization } = await send(
    from(acme.owner, 'ids'),
    'organizationUpdate',
    { id: acme.id, name: 'Acme' },
    'organization { id }',
  );
  const [subscription] = await nodes(acme.viewer, 'billingSubscriptions', '', 'id');
  await send(
    from(acme.owner, 'ids'),
    'billingSubscriptionUpdate',
    { id: subscription.id, seats: 4 },
    'billingSubscription { id }',
  );
  expect((await trailOf('ids')).map(({ action, entityId }) => [action, entityId])).toEqual([
    ['org_member.updated', member.id],
    ['org_invitation.created', invitation.id],
    ['api_key.created', apiKey.id],
    ['organization.updated', organization.id],
    ['subscription.updated', subscription.id],
  ]);
});

test('neither hashes nor tokens are in the trail', async () => {
  const { secret } = await send(from(acme.owner, 'secrets'), 'apiKeyCreate', { name: 'S' }, 'secret');
  const { token } = await send(
    from(acme.owner, 'secrets'),
    'invitationSend',
    { email: 'secret@mail.example', role: 'VIEWER' },
    'token',
  );
  const trail = await gateway.sql("select changes from audit_logs where request_id = 'secrets'");
  expect(trail).toHaveLength(2);
  const text = JSON.stringify(trail);
  for (const hidden of ['hash', secret, token]) expect(text).not.toContain(hidden);
});

test('what was refused, and what changed nothing, leaves no entry', async () => {
  const { featureFlag } = await send(
    acme.owner,
    'featureFlagSet',
    { featureKey: 'calm', isEnabled: true },
    'featureFlag { id }',
  );
  await send(from(acme.owner, 'calm'), 'featureFlagSet', { featureKey: 'calm', isEnabled: true }, 'featureFlag { id }');
  const both = `mutation { featureFlagUpdate(input: { id: "${featureFlag.id}", isEnabled: false }) { userErrors { code } } featureFlagCreate(input: { featureKey: "calm" }) { userErrors { code } } }`;
  await from(acme.owner, 'calm').run(both);
  expect(await trailOf('calm')).toEqual([]);
});

test('only admins read it, each of their own organization', async () => {
  const [{ id }] = await nodes(acme.admin, 'auditLogs', 'first: 1', 'id');
  for (const client of [acme.member, acme.viewer]) {
    expect(await failure(client, '{ auditLogs { totalCount } }')).toEqual(lacks('audit:read', 'ADMIN', 200));
    expect(await failure(client, `{ auditLog(id: "${id}") { id } }`)).toEqual(lacks('audit:read', 'ADMIN', 200));
  }
  expect(await acme.admin.ok(`{ auditLog(id: "${id}") { id } node(id: "${id}") { id } }`)).toEqual({
    auditLog: { id },
    node: { id },
  });
  expect(await globex.owner.ok(`{ auditLog(id: "${id}") { id } node(id: "${id}") { id } }`)).toEqual({
    auditLog: null,
    node: null,
  });
  const { member } = await globex.owner.ok('{ member: auditLogs(first: 100) { nodes { member { email } } } }');
  expect([...new Set(member.nodes.map(({ member }: { member: { email: string } | null }) => member?.email))]).toEqual([
    'owner@globex.example',
  ]);
});

test('is one statement; by the resolvers one more for all people, one for all keys, one for the ids of members', async () => {
  const counting = (selection: string) =>
    gateway.countingBoth(acme.admin, (client) => nodes(client, 'auditLogs', 'first: 50', selection));
  const list = await counting('action changes createdAt');
  expect(list.result.length).toBeGreaterThan(20);
  expect(list.statements).toEqual({ compiler: 1, resolvers: 1 });
  const people = await counting(
    'member { id displayName ownedAccounts { nodes { name } } } apiKey { name createdBy { email } }',
  );
  expect(people.statements).toEqual({ compiler: 1, resolvers: 3 });
  expect((await counting('entityId')).statements).toEqual({ compiler: 1, resolvers: 2 });
});

test('filters by who, what, which record and which change, and pages both ways', async () => {
  const count = async (filter: string) =>
    (await acme.admin.ok(`{ auditLogs(filter: ${filter}) { totalCount } }`)).auditLogs.totalCount;
  const { featureFlag } = await send(acme.owner, 'featureFlagCreate', { featureKey: 'found' }, 'featureFlag { id }');
  await send(acme.admin, 'featureFlagUpdate', { id: featureFlag.id, isEnabled: true }, 'featureFlag { id }');
  const mine = `entityId: { eq: "${featureFlag.id}" }`;
  expect(await count(`{ ${mine} }`)).toBe(2);
  expect(await count(`{ ${mine}, userId: { eq: "member_${acme.people.admin.id}" } }`)).toBe(1);
  expect(await count(`{ ${mine}, action: { endsWith: ".created" }, entityType: { eq: "feature_flag" } }`)).toBe(1);
  expect(await count(`{ ${mine}, changes: { path: ["is_enabled", "after"], eq: true } }`)).toBe(1);
  expect(await count(`{ ${mine}, apiKeyId: { isNull: false } }`)).toBe(0);
  expect(await count(`{ ${mine}, createdAt: { gt: "-PT1M" } }`)).toBe(2);
  const actions = ['feature_flag.created', 'feature_flag.updated'];
  expect(
    await pages(acme.admin, 'auditLogs', 'action', 1, 'first', `filter: { ${mine} }, orderBy: [{ createdAt: {} }]`),
  ).toEqual(actions.map((action) => [action]));
  expect(await pages(acme.admin, 'auditLogs', 'action', 1, 'last', `filter: { ${mine} }`)).toEqual(
    actions.map((action) => [action]),
  );
  expect((await acme.admin.ok(`{ auditLog(id: "${nowhere}") { id } }`)).auditLog).toBeNull();
});

test('no mutation speaks of it', () => {
  expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => /audit/i.test(name))).toEqual([]);
});
