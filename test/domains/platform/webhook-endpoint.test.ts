import { beforeAll, expect, test } from 'vitest';
import { createCredentials } from '../../../src/credentials/credentials.ts';
import { readWebhookSecret } from '../../../src/credentials/read-secret.ts';
import { createGateway } from '../../../src/server.ts';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, queryFailure, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
});

/** What a mutation on an endpoint gives, with its secret. */
async function shown(client: Client, mutation: string, input: object) {
  const type = mutation === 'webhookEndpointCreate' ? 'WebhookEndpointCreateInput' : 'TargetInput';
  const data = await client.ok(
    `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) {
      webhookEndpoint { id url eventTypes isActive keyVersion version } secret userErrors { message } } }`,
    { input },
  );
  return data.payload;
}

const stored = (org: Org, id: string) =>
  readWebhookSecret(gateway.database.service, createCredentials(gateway.config.credentials), org.id, uuidOf(id));

test('an endpoint shows its secret once, and another one when it is rotated', async () => {
  const made = await shown(acme.admin, 'webhookEndpointCreate', { url: 'https://hooks.example/a' });
  const { id } = made.webhookEndpoint;
  expect(made.webhookEndpoint).toMatchObject({ eventTypes: ['*'], isActive: true, version: 1 });
  expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await stored(acme, id)).toBe(made.secret);

  const rotated = await shown(acme.admin, 'webhookEndpointRotateSecret', { id });
  expect(rotated.secret).not.toBe(made.secret);
  expect(await stored(acme, id)).toBe(rotated.secret);
  const trail = await gateway.sql('select action, changes from audit_logs where entity_id = $1 order by id', [
    uuidOf(id),
  ]);
  expect(trail.map(({ action, changes }) => [action, Object.keys(changes as object).sort()])).toEqual([
    ['webhook_endpoint.created', ['event_types', 'failure_count', 'is_active', 'key_version', 'secret_set_at', 'url']],
    ['webhook_endpoint.updated', ['secret_set_at']],
  ]);
  const events = await gateway.sql('select * from change_events where entity_id = $1', [uuidOf(id)]);
  expect(events.map(({ operation }) => operation).sort()).toEqual(['created', 'updated']);
  const all = JSON.stringify([trail, events, await gateway.sql('select * from webhook_endpoints')]);
  for (const secret of [made.secret, rotated.secret]) expect(all).not.toContain(secret);
});

const notPublic =
  'The address must be public: neither this machine, nor in a private or special network, nor a name that exists only in one.';

test.each([
  ['https://169.254.169.254/latest/meta-data', notPublic],
  ['https://10.0.0.5', notPublic],
  ['https://[fd00::1]', notPublic],
  ['https://metadata.google.internal', notPublic],
  ['https://hooks.example:22', 'The port of the address must be 443, or from 1024 to 65535.'],
  ['http://hooks.example', 'The address begins with https://, or with http://localhost.'],
  ['https://user:pass@hooks.example', 'The address holds a user name or password. Leave it out.'],
])('%s is no address for events', async (url, message) => {
  const refused = [{ code: 'BAD_USER_INPUT', message, path: ['url'], currentVersion: null }];
  expect(await refusal(acme.admin, 'webhookEndpointCreate', { url })).toEqual(refused);
  const id = await make(acme.admin, 'WebhookEndpoint', { url: `https://other.example/${encodeURIComponent(url)}` });
  expect(await refusal(acme.admin, 'webhookEndpointUpdate', { id, url })).toEqual(refused);
});

test('the machine itself may be told without encryption in development, never in production', async () => {
  await make(acme.admin, 'WebhookEndpoint', { url: 'http://localhost:9999/hook' });
  const server = createGateway({ ...gateway.config, production: true }, gateway.database);
  expect(await refusal(acme.admin.via(server), 'webhookEndpointCreate', { url: 'http://localhost:1/' })).toEqual([
    { code: 'BAD_USER_INPUT', message: 'The address begins with https://.', path: ['url'], currentVersion: null },
  ]);
  await server.close();
});

test('one address is one endpoint', async () => {
  await make(acme.admin, 'WebhookEndpoint', { url: 'https://twice.example/' });
  expect(await refusal(acme.admin, 'webhookEndpointCreate', { url: 'https://twice.example/' })).toEqual(
    conflict('There is an endpoint with this address already.', 'url', null),
  );
});

test('event types are entities and what happens to them', async () => {
  const eventTypes = ['contact.created', 'org_member.deleted', 'webhook_endpoint.updated'];
  const id = await make(acme.admin, 'WebhookEndpoint', { url: 'https://types.example', eventTypes });
  for (const wrong of ['contact', 'contact.sent', 'contacts.created', 'nothing.created', 'contact.*', ''])
    expect(await refusal(acme.admin, 'webhookEndpointUpdate', { id, eventTypes: ['*', wrong] })).toEqual([
      {
        code: 'BAD_USER_INPUT',
        message: 'There is no such event type: give such as contact.created, deal.updated, or *.',
        path: ['eventTypes'],
        currentVersion: null,
      },
    ]);
  expect(await refusal(acme.admin, 'webhookEndpointUpdate', { id, eventTypes: [] })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'Name 1 to 100 event types, or * for everything.',
      path: ['eventTypes'],
      currentVersion: null,
    },
  ]);
});

test('an endpoint is disabled and enabled, and then begins anew', async () => {
  const id = await make(acme.admin, 'WebhookEndpoint', { url: 'https://switch.example' });
  await gateway.sql('update webhook_endpoints set failure_count = 7 where id = $1', [uuidOf(id)]);
  const fields = 'isActive failureCount disabledAt';
  const disabled = await write(acme.admin, 'webhookEndpointDisable', { id }, fields);
  expect(disabled).toMatchObject({ isActive: false, failureCount: 7 });
  expect(Math.abs(Date.parse(disabled.disabledAt) - Date.now())).toBeLessThan(60_000);
  expect(await refusal(acme.admin, 'webhookEndpointDisable', { id })).toEqual(
    conflict('This endpoint is disabled already.', 'id', 3),
  );
  expect(await refusal(acme.admin, 'webhookEndpointTest', { id })).toEqual(
    conflict('This endpoint is disabled. Enable it first.', 'id', 3),
  );
  expect(await write(acme.admin, 'webhookEndpointEnable', { id }, fields)).toEqual({
    isActive: true,
    failureCount: 0,
    disabledAt: null,
  });
});

test('a test queues a delivery with an event of its own, readable by admins', async () => {
  const id = await make(acme.admin, 'WebhookEndpoint', { url: 'https://test.example' });
  const data = await acme.admin.ok(
    `mutation ($id: ID!) { webhookEndpointTest(input: { id: $id }) { webhookEndpoint { id } userErrors { message }
      webhookDelivery { id eventType status attempt nextAttemptAt payload event { id } endpoint { url } } } }`,
    { id },
  );
  const { webhookDelivery: delivery } = data.webhookEndpointTest;
  expect(delivery).toMatchObject({
    eventType: 'webhook_endpoint.test',
    status: 'PENDING',
    attempt: 0,
    event: null,
    endpoint: { url: 'https://test.example/' },
    payload: {
      type: 'webhook_endpoint.test',
      data: { entityType: 'webhook_endpoint', entityId: id, operation: 'test' },
    },
  });
  expect(delivery.payload.id).toMatch(/^change_event_[0-9a-f-]{36}$/);
  expect(Math.abs(Date.parse(delivery.payload.createdAt) - Date.now())).toBeLessThan(60_000);
  expect((await queryFailure(acme.member, '{ webhookDeliveries { totalCount } }'))[0]).toBe('FORBIDDEN');
});

test('a delivery leads to the change it tells of, and ends with its endpoint', async () => {
  const id = await make(acme.admin, 'WebhookEndpoint', { url: 'https://change.example' });
  const accountId = await make(acme.member, 'Account', { name: 'Told of' });
  await gateway.sql(
    `insert into webhook_deliveries (org_id, endpoint_id, event_id, event_type) select org_id, $1, id, 'account.created' from change_events where entity_id = $2`,
    [uuidOf(id), uuidOf(accountId)],
  );
  const { webhookEndpoint } = await acme.admin.ok(
    'query ($id: ID!) { webhookEndpoint(id: $id) { webhookDeliveries { nodes { event { operation entityId } } } } }',
    { id },
  );
  expect(webhookEndpoint.webhookDeliveries.nodes).toEqual([{ event: { operation: 'CREATED', entityId: accountId } }]);
  await write(acme.admin, 'webhookEndpointDelete', { id });
  expect(await gateway.sql('select from webhook_deliveries where endpoint_id = $1', [uuidOf(id)])).toEqual([]);
});

test('members and other organizations have no part in endpoints', async () => {
  const id = await make(acme.admin, 'WebhookEndpoint', { url: 'https://guarded.example' });
  const globex = await newOrganization(gateway);
  for (const mutation of ['webhookEndpointTest', 'webhookEndpointRotateSecret', 'webhookEndpointEnable']) {
    expect((await failure(acme.member, mutation, { id }))[0]).toBe('FORBIDDEN');
    expect(await refusal(globex.admin, mutation, { id })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such WebhookEndpoint.', path: ['id'], currentVersion: null },
    ]);
  }
});
