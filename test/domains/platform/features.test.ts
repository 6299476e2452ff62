/** What closes a feature: a kill switch of the installation, the plan, a flag of the organization. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { newOrganization } from '../../support/shared.ts';
import { make, queryFailure, refusal, uuidOf, write } from '../../support/write.ts';
import { askForJobs, claim } from './jobs.ts';

let gateway: Gateway;
let acme: Org;
let small: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await newOrganization(gateway);
  small = await newOrganization(gateway, 'free');
});
afterEach(() => gateway.sql('delete from system_settings'));
afterAll(() => gateway.close());

const kill = (key: string, reason: string | null = null) =>
  gateway.sql(
    'insert into system_settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
    [`kill.${key}`, JSON.stringify({ active: true, reason })],
  );
const revive = (key: string) =>
  gateway.sql(`update system_settings set value = '{"active": false}' where key = $1`, [`kill.${key}`]);

const stateOf = async (client: Client, key: string) => {
  const { features } = await client.ok('{ features { key name isOpen closedBy reason plan killSwitch } }');
  return features.find((feature: { key: string }) => feature.key === key);
};

const unavailable = (message: string, path: readonly string[] = []) => [
  { code: 'UNAVAILABLE', message, path, currentVersion: null },
];

describe('the list of features', () => {
  test('says what is open, and what closes the rest', async () => {
    const subtasks = { key: 'subtasks', name: 'Subtasks', plan: 'PRO', killSwitch: null };
    const open = { isOpen: true, closedBy: null, reason: null };
    expect(await stateOf(acme.viewer, 'subtasks')).toEqual({ ...subtasks, ...open });
    expect(await stateOf(small.viewer, 'subtasks')).toEqual({
      ...subtasks,
      ...{ isOpen: false, closedBy: 'PLAN', reason: 'Subtasks: needs the plan pro; this organization has free.' },
    });
    await kill('search', 'The index is being rebuilt.');
    expect(await stateOf(acme.viewer, 'search')).toMatchObject({
      ...{ isOpen: false, closedBy: 'KILL_SWITCH', killSwitch: 'kill.search' },
      reason: 'The search by meaning: switched off for now. The index is being rebuilt.',
    });
  });

  test('follows the flags of the organization, and of no other', async () => {
    const set = (input: object) =>
      write(acme.admin, 'featureFlagSet', { featureKey: 'jobs', isEnabled: true, ...input });
    await set({ allowedRoles: ['OWNER', 'ADMIN'] });
    expect(await stateOf(acme.admin, 'jobs')).toMatchObject({ isOpen: true });
    const closed = {
      isOpen: false,
      closedBy: 'FLAG',
      reason: 'Background jobs: the feature flag jobs is for the roles owner, admin.',
    };
    expect(await stateOf(acme.member, 'jobs')).toMatchObject(closed);
    expect(await refusal(acme.member, 'jobEnqueue', { type: 'x' })).toMatchObject([
      { code: 'FORBIDDEN', message: closed.reason },
    ]);
    await set({ isEnabled: false, allowedRoles: null });
    expect(await stateOf(acme.admin, 'jobs')).toMatchObject({
      reason: 'Background jobs: switched off by the feature flag jobs.',
    });
    expect(await stateOf(small.admin, 'jobs')).toMatchObject({ isOpen: true });
    await set({});
    expect(await stateOf(acme.member, 'jobs')).toMatchObject({ isOpen: true });
  });

  test('is one statement', async () => {
    const { statements } = await gateway.counting(() => acme.viewer.ok('{ features { key isOpen } }'));
    expect(statements).toHaveLength(1);
  });
});

describe('kill switches stop features, from the next request on', () => {
  test('kill.search', async () => {
    const query = '{ searchDocuments(text: "terms") { edges { score } } }';
    await acme.viewer.ok(query);
    await kill('search');
    expect(await queryFailure(acme.viewer, query)).toEqual([
      'UNAVAILABLE',
      'The search by meaning: switched off for now.',
    ]);
    expect((await queryFailure(small.viewer, '{ searchInteractions(text: "x") { exact } }'))[0]).toBe('UNAVAILABLE');
    await revive('search');
    await acme.viewer.ok(query);
  });

  test('kill.embedding: texts are saved without a vector, and one that changed loses its own', async () => {
    const hasVector = async (table: string, id: string): Promise<unknown> =>
      (await gateway.sql(`select embedding is not null as it from ${table} where id = $1`, [uuidOf(id)]))[0]?.it;
    const before = await make(acme.member, 'Document', { title: 'Terms', body: 'Pay soon' });
    expect(await hasVector('documents', before)).toBe(true);
    await kill('embedding');
    const made = await make(acme.member, 'Document', { title: 'Notes', body: 'Call back' });
    const said = await make(acme.member, 'Interaction', {
      type: 'NOTE',
      body: 'Call',
      occurredAt: '2026-01-01T00:00:00Z',
    });
    await write(acme.member, 'documentUpdate', { id: before, body: 'Pay late' });
    for (const [table, id] of [
      ['documents', made],
      ['interactions', said],
      ['documents', before],
    ] as const)
      expect(await hasVector(table, id)).toBe(false);
    await revive('embedding');
    await write(acme.member, 'documentUpdate', { id: made, body: 'Call back soon' });
    expect(await hasVector('documents', made)).toBe(true);
  });

  test('kill.jobs: none is queued and none is claimed; what runs may end', async () => {
    const { id } = await write(acme.member, 'jobEnqueue', { type: 'killed' });
    await claim(acme.member, 'w', ['killed']);
    await kill('jobs', 'Maintenance.');
    const message = 'Background jobs: switched off for now. Maintenance.';
    expect(await refusal(acme.member, 'jobEnqueue', { type: 'killed' })).toEqual(unavailable(message));
    const { jobClaim } = (await askForJobs(acme.member, { workerId: 'w', types: ['killed'] })).data;
    expect(jobClaim).toEqual({ jobs: [], userErrors: [{ code: 'UNAVAILABLE', message, path: [] }] });
    expect((await write(acme.member, 'jobComplete', { id, workerId: 'w' }, 'status')).status).toBe('SUCCEEDED');
  });

  test('kill.sign_up: no new organizations', async () => {
    const person = await gateway.person();
    await person.ok('{ viewer { user { id } } }');
    await kill('sign_up');
    const message = 'New organizations: switched off for now.';
    for (const client of [acme.owner, person])
      expect(await refusal(client, 'organizationCreate', { name: 'New' })).toEqual(unavailable(message));
    await revive('sign_up');
    await write(person, 'organizationCreate', { name: 'New' });
  });

  test('kill.sign_up: no new people, while those who were here before go on', async () => {
    const email = 'newcomer@people.example';
    const newcomer = await gateway.person({ email });
    await kill('sign_up', 'Robots.');
    expect(await queryFailure(newcomer, '{ viewer { user { email } } }')).toEqual([
      'UNAVAILABLE',
      'Sign-up: switched off for now. Robots.',
    ]);
    expect(await gateway.sql('select from users where email = $1', [email])).toHaveLength(0);
    await acme.viewer.ok('{ viewer { user { email } } }');
    await revive('sign_up');
    expect((await newcomer.ok('{ viewer { user { email } } }')).viewer.user.email).toBe(email);
  });

  const upload = { name: 'a.txt', mimeType: 'text/plain', sizeBytes: '1', sha256: '0'.repeat(64) };
  test.each([
    ['ai', 'Agents', 'agentRunCreate', {}],
    ['ai', 'The cache of language models', 'aiCacheGet', { cacheKey: 'k' }],
    ['uploads', 'Uploads', 'fileUploadStart', upload],
    ['webhooks', 'Webhooks', 'webhookEndpointCreate', { url: 'https://hooks.example.com' }],
  ])('kill.%s: %s', async (name, feature, mutation, input) => {
    await kill(name, 'Maintenance.');
    expect(await refusal(acme.owner, mutation, input)).toEqual(
      unavailable(`${feature}: switched off for now. Maintenance.`),
    );
    const { features } = await acme.owner.ok('{ features { name killSwitch isOpen } }');
    const closed = features.filter(({ isOpen }: { isOpen: boolean }) => !isOpen);
    expect(closed).toContainEqual({ name: feature, killSwitch: `kill.${name}`, isOpen: false });
    expect(new Set(closed.map((row: { killSwitch: string }) => row.killSwitch))).toEqual(new Set([`kill.${name}`]));
  });
});

test('the plan is read with its seats, through the organization', async () => {
  const { id } = (await acme.owner.ok('{ organization { subscription { id } } }')).organization.subscription;
  await write(acme.owner, 'billingSubscriptionUpdate', { id, seats: 12 });
  const query = '{ organization { subscription { plan status seats seatsInUse } } }';
  const { result } = await gateway.countingBoth(acme.viewer, (client) => client.ok(query));
  expect(result.organization.subscription).toEqual({ plan: 'PRO', status: 'ACTIVE', seats: 12, seatsInUse: 4 });
  await gateway.sql("update org_members set status = 'removed' where org_id = $1 and user_id = $2", [
    acme.id,
    acme.people.viewer.id,
  ]);
  expect((await acme.owner.ok(query)).organization.subscription.seatsInUse).toBe(3);
});
