/** Secrets never reach the database in clear, and a stored one is good for nothing outside of its row. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encrypt, openSecret } from '../../src/credentials/cipher.ts';
import { createCredentials } from '../../src/credentials/credentials.ts';
import { readCredential, readWebhookSecret } from '../../src/credentials/read-secret.ts';
import { rotateCredentials } from '../../src/credentials/rotate.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { listenToWire } from '../support/wire.ts';
import { uuidOf, write } from '../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  await gateway.sql("update subscriptions set plan = 'pro'");
});
afterAll(() => gateway.close());

const credentials = () => createCredentials(gateway.config.credentials);
const next = 'the-next-key-of-32-characters-or-more';

/** Everything that is sent to the database during some work, bytes as text too. */
async function wireOf(work: () => Promise<void>): Promise<string> {
  const wire = listenToWire(gateway.database.pool, gateway.database.service);
  try {
    await work();
  } finally {
    wire.stop();
  }
  const texts = wire.sent.flatMap(({ text, values }) => [text, ...values.map((value) => textOf(value))]);
  return texts.join('\n');
}

const textOf = (value: unknown): string => {
  if (value instanceof Uint8Array)
    return `${Buffer.from(value).toString('latin1')} ${Buffer.from(value).toString('hex')}`;
  return Array.isArray(value) ? value.map(textOf).join('\n') : String(value);
};

/** The ways in which a text may be written. */
const formsOf = (text: string): string[] =>
  (['utf8', 'hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(text).toString(form).replace(/=+$/, ''));

async function makeEndpoint(headers: Readonly<Record<string, string>> = {}): Promise<{ id: string; secret: string }> {
  const { payload } = await acme.admin
    .withHeaders(headers)
    .ok(
      `mutation ($url: URL!) { payload: webhookEndpointCreate(input: { url: $url }) { webhookEndpoint { id } secret userErrors { code } } }`,
      { url: `https://${randomUUID()}.example` },
    );
  return { id: payload.webhookEndpoint.id, secret: payload.secret };
}

test('neither secret nor key goes over the wire to the database, set, read, rotated or repeated', async () => {
  const { service: pool } = gateway.database;
  const before = credentials();
  const rotating = createCredentials({ key: next, previous: gateway.config.credentials.key });
  const secrets = [`sk_live_${randomUUID()}`, `sk_test_${randomUUID()}`];
  const sent = await wireOf(async () => {
    const { id } = await write(acme.admin, 'integrationCredentialSet', { provider: 'stripe', secret: secrets[0] });
    await write(acme.admin, 'integrationCredentialUpdate', { id, secret: secrets[1] });
    const endpoint = await makeEndpoint({ 'idempotency-key': randomUUID() });
    secrets.push(endpoint.secret);
    const { payload } = await acme.admin.ok(
      `mutation ($id: ID!) { payload: webhookEndpointRotateSecret(input: { id: $id }) { secret userErrors { code } } }`,
      { id: endpoint.id },
    );
    secrets.push(payload.secret);
    expect(await readCredential(pool, before, acme.id, uuidOf(id))).toBe(secrets[1]);
    expect((await rotateCredentials(pool, rotating)).rotated).toEqual({
      integration_credentials: 1,
      webhook_endpoints: 1,
    });
    expect(await readWebhookSecret(pool, rotating, acme.id, uuidOf(endpoint.id))).toBe(secrets[3]);
    await rotateCredentials(pool, { key: before.key, previous: rotating.key });
  });
  expect(sent).toContain('webhook_endpoints');
  const forbidden = [...secrets, next, gateway.config.credentials.key ?? ''].flatMap(formsOf);
  expect(forbidden.filter((text) => text === '' || sent.includes(text))).toEqual([]);
  const keys = [before, rotating].flatMap(({ key }) => key?.cipherKey.export().toString('hex') ?? '');
  expect(keys.filter((text) => text === '' || sent.includes(text))).toEqual([]);
});

test('the roles of the server may neither encrypt nor decrypt with a key in SQL', async () => {
  const rows = await gateway.sql(
    `select role, oid::regprocedure::text as name from pg_proc, unnest(array['gateway', 'gateway_service', 'public']) as role
     where proname ~ '^(pgp_|encrypt|decrypt)' and has_function_privilege(role, oid, 'execute')`,
  );
  expect(rows).toEqual([]);
});

test('a ciphertext that is copied to another row, table or organization does not decrypt', async () => {
  const place = { table: 'integration_credentials', organization: acme.id, id: randomUUID() } as const;
  const both = credentials();
  const key = both.key ?? expect.fail();
  const ciphertext = encrypt(key, place, 'bound');
  const stored = { ciphertext, keyVersion: key.version };
  expect(openSecret(both, place, stored)).toEqual({ secret: 'bound', isFormer: false });
  const others = [{ organization: globex.id }, { id: randomUUID() }, { table: 'webhook_endpoints' as const }];
  for (const other of others) expect(() => openSecret(both, { ...place, ...other }, stored)).toThrow(/wrong key/i);
  expect(encrypt(key, place, 'bound').equals(ciphertext)).toBe(false);
});

test('a ciphertext that was changed or cut anywhere does not decrypt', () => {
  const place = { table: 'webhook_endpoints', organization: acme.id, id: randomUUID() } as const;
  const both = credentials();
  const key = both.key ?? expect.fail();
  const ciphertext = encrypt(key, place, 'whole');
  for (let at = 0; at < ciphertext.length; at++) {
    const changed = Buffer.from(ciphertext);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    for (const bytes of [changed, ciphertext.subarray(0, at)])
      expect(() => openSecret(both, place, { ciphertext: bytes, keyVersion: key.version })).toThrow(/wrong key/i);
  }
});

test('SQL that copies a secret to another organization gives it nothing', async () => {
  const secret = randomUUID();
  const { id } = await write(acme.admin, 'integrationCredentialSet', { provider: 'copied', secret });
  await gateway.sql(
    `insert into integration_credentials (org_id, id, provider, secret_ciphertext, key_version, secret_set_at)
     select $2, id, provider, secret::bytea, key_version, secret_set_at from integration_credentials join app.secrets using (org_id, id) where id = $1`,
    [uuidOf(id), globex.id],
  );
  const read = (org: Org) => readCredential(gateway.database.service, credentials(), org.id, uuidOf(id));
  expect(await read(acme)).toBe(secret);
  await expect(read(globex)).rejects.toThrow(/wrong key/i);
});
