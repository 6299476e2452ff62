import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { createCredentials } from '../../../src/credentials/credentials.ts';
import { readCredential, readWebhookSecret } from '../../../src/credentials/read-secret.ts';
import { rotateCredentials } from '../../../src/credentials/rotate.ts';
import { createGateway } from '../../../src/server.ts';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, queryFailure, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
});

const keys = () => createCredentials(gateway.config.credentials);
const fields = 'id provider label isSet keyVersion secretSetAt lastUsedAt version';

/** Everything that the database holds of an organization's credentials, as text. */
const everything = async (org: Org): Promise<string> =>
  JSON.stringify([
    await gateway.sql('select * from integration_credentials where org_id = $1', [org.id]),
    await gateway.sql('select * from webhook_endpoints where org_id = $1', [org.id]),
    await gateway.sql(
      "select *, case when secret like '\\x%' then encode(secret::bytea, 'escape') end as escaped from app.secrets where org_id = $1",
      [org.id],
    ),
    await gateway.sql('select * from audit_logs where org_id = $1', [org.id]),
    await gateway.sql('select * from change_events where org_id = $1', [org.id]),
  ]);

test('encrypted credential columns: a secret is set, used by the server, and never given back', async () => {
  const secret = `sk_live_${randomUUID()}`;
  const made = await write(acme.admin, 'integrationCredentialSet', { provider: 'stripe', secret }, fields);
  expect(made).toMatchObject({ provider: 'stripe', label: null, isSet: true, lastUsedAt: null, version: 1 });
  expect(made.keyVersion).toBe(keys().key?.version);
  expect(await readCredential(gateway.database.service, keys(), acme.id, uuidOf(made.id))).toBe(secret);
  const query = `query ($id: ID!) { integrationCredential(id: $id) { ${fields} } }`;
  const { integrationCredential: found } = await acme.admin.ok(query, { id: made.id });
  expect(Math.abs(Date.parse(found.lastUsedAt) - Date.now())).toBeLessThan(60_000);
  expect(JSON.stringify(found)).not.toContain(secret);
  expect(await everything(acme)).not.toContain(secret);
  const [row] = await gateway.sql('select secret::bytea as bytes from app.secrets where id = $1', [uuidOf(made.id)]);
  expect((row?.bytes as Uint8Array | undefined)?.length).toBeGreaterThan(40);
});

test('audit entries tell that a secret was set and changed, and hide what is stored', async () => {
  const { id } = await write(acme.admin, 'integrationCredentialSet', { provider: 'audited', secret: 'first secret' });
  await write(acme.admin, 'integrationCredentialUpdate', { id, secret: 'second secret' });
  const trail = await gateway.sql('select action, changes from audit_logs where entity_id = $1 order by id', [
    uuidOf(id),
  ]);
  expect(trail.map(({ action, changes }) => [action, Object.keys(changes as object).sort()])).toEqual([
    ['integration_credential.created', ['key_version', 'provider', 'secret_set_at']],
    ['integration_credential.updated', ['secret_set_at']],
  ]);
});

test('setting again replaces the secret of that provider and label; another label is another credential', async () => {
  const set = (label: string | null, secret: string) =>
    write(acme.admin, 'integrationCredentialSet', { provider: 'wordpress', label, secret }, fields);
  const [first, again, other] = [await set('Blog', 'one'), await set('Blog', 'two'), await set(null, 'three')];
  expect(again).toMatchObject({ id: first.id, version: 2 });
  expect(other.id).not.toBe(first.id);
  expect(await readCredential(gateway.database.service, keys(), acme.id, uuidOf(first.id))).toBe('two');
  expect(await refusal(acme.admin, 'integrationCredentialUpdate', { id: other.id, label: 'Blog' })).toEqual(
    conflict('There is a credential of this provider with this label already.', 'label', null),
  );
});

test('a secret is forgotten with null, and the credential deleted', async () => {
  const { id } = await write(acme.admin, 'integrationCredentialSet', { provider: 'forgetful', secret: 'x' });
  expect(await write(acme.admin, 'integrationCredentialUpdate', { id, secret: null }, fields)).toMatchObject({
    isSet: false,
    keyVersion: null,
    secretSetAt: null,
  });
  expect(await readCredential(gateway.database.service, keys(), acme.id, uuidOf(id))).toBeNull();
  await write(acme.admin, 'integrationCredentialDelete', { id });
});

test.each([
  [{ secret: '' }, 'A secret is not empty.', 'secret'],
  [{ secret: 'x'.repeat(10_001) }, 'A secret has at most 10000 characters, and no NUL.', 'secret'],
  [{ secret: 'a\0b' }, 'A secret has at most 10000 characters, and no NUL.', 'secret'],
  [
    { provider: 'Stripe Inc' },
    'A provider has up to 63 lower-case letters, digits, dots, hyphens and underscores, a letter first.',
    'provider',
  ],
])('%j is not stored', async (input, message, path) => {
  const whole = { provider: 'wrong', secret: 'x', ...input };
  expect(await refusal(acme.admin, 'integrationCredentialSet', whole)).toEqual([
    { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
  ]);
});

test('only admins see that there are credentials, and another organization knows nothing of them', async () => {
  const { id } = await write(acme.admin, 'integrationCredentialSet', { provider: 'guarded', secret: 'x' });
  expect((await failure(acme.member, 'integrationCredentialSet', { provider: 'x', secret: 'x' }))[0]).toBe('FORBIDDEN');
  expect((await queryFailure(acme.member, '{ integrationCredentials { totalCount } }'))[0]).toBe('FORBIDDEN');
  const globex = await newOrganization(gateway);
  expect(await refusal(globex.admin, 'integrationCredentialUpdate', { id, secret: 'y' })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such IntegrationCredential.', path: ['id'], currentVersion: null },
  ]);
  expect(await readCredential(gateway.database.service, keys(), globex.id, uuidOf(id))).toBeNull();
});

test('without a key the server says what to configure', async () => {
  const server = createGateway(
    { ...gateway.config, credentials: { key: undefined, previous: undefined } },
    gateway.database,
  );
  const message = 'This server keeps no secrets: set CREDENTIALS_KEY.';
  const refused = [{ code: 'UNAVAILABLE', message, path: [], currentVersion: null }];
  const admin = acme.admin.via(server);
  expect(await refusal(admin, 'integrationCredentialSet', { provider: 'x', secret: 'x' })).toEqual(refused);
  expect(await refusal(admin, 'webhookEndpointCreate', { url: 'https://a.example' })).toEqual(refused);
  await server.close();
});

test('a rotation takes every secret to the new key, once, and both keys work until it is done', async () => {
  const org = await newOrganization(gateway);
  const { service: pool } = gateway.database;
  const { id } = await write(org.admin, 'integrationCredentialSet', { provider: 'rotated', secret: 'still the same' });
  const endpoint = await make(org.admin, 'WebhookEndpoint', { url: 'https://rotated.example' });
  const signing = await readWebhookSecret(pool, keys(), org.id, uuidOf(endpoint));
  const both = createCredentials({ key: 'the-new-key-of-32-characters-or-more', previous: keys().key?.text });
  const read = (credentials: typeof both) => readCredential(pool, credentials, org.id, uuidOf(id));
  expect(await read(both)).toBe('still the same');

  const [before] = await gateway.sql(
    'select (select count(*)::int from integration_credentials where key_version is not null) as credentials, (select count(*)::int from webhook_endpoints where key_version is not null) as endpoints',
  );
  const { rotated, unknown } = await rotateCredentials(pool, both);
  expect(rotated).toEqual({ integration_credentials: before?.credentials, webhook_endpoints: before?.endpoints });
  expect(unknown).toBe(0);
  const afterwards = { ...both, previous: null };
  expect([await read(afterwards), await read(keys())]).toEqual(['still the same', null]);
  expect(await readWebhookSecret(pool, afterwards, org.id, uuidOf(endpoint))).toBe(signing);
  expect((await rotateCredentials(pool, both)).rotated).toEqual({ integration_credentials: 0, webhook_endpoints: 0 });

  const back = { key: both.previous, previous: both.key };
  await rotateCredentials(pool, back);
  expect(await read(keys())).toBe('still the same');
});

test('a rotation that meets a secret it cannot read changes nothing', async () => {
  const org = await newOrganization(gateway);
  await write(org.admin, 'integrationCredentialSet', { provider: 'good', secret: 'x' });
  const broken = await write(org.admin, 'integrationCredentialSet', { provider: 'broken', secret: 'x' });
  await gateway.sql("update integration_credentials set secret_ciphertext = '\\x00' where id = $1", [
    uuidOf(broken.id),
  ]);
  const both = createCredentials({ key: 'the-new-key-of-32-characters-or-more', previous: keys().key?.text });
  await expect(rotateCredentials(gateway.database.service, both)).rejects.toThrow(/wrong key or corrupt data/i);
  expect(
    await gateway.sql('select distinct key_version as v from integration_credentials where key_version is not null'),
  ).toEqual([{ v: keys().key?.version }]);
  await gateway.sql('delete from integration_credentials where id = $1', [uuidOf(broken.id)]);
});
