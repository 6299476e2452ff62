/** Secrets that pgcrypto encrypted, as earlier versions had it: they are read, and taken to the new form. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCredentials } from '../../src/credentials/credentials.ts';
import { decryptPgcrypto } from '../../src/credentials/pgcrypto.ts';
import { readCredential, readWebhookSecret } from '../../src/credentials/read-secret.ts';
import { rotateCredentials } from '../../src/credentials/rotate.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const former = createCredentials({ key: 'the-former-key-of-32-characters-or-more', previous: undefined });
const key = former.key ?? expect.fail();

async function encryptedBy(options: string, secret: string, password = key.text): Promise<Buffer> {
  const [row] = await gateway.sql('select pgp_sym_encrypt($1, $2, $3) as bytes', [secret, password, options]);
  return Buffer.from(row?.bytes as Uint8Array);
}

/** A credential as an earlier version stored it; gives its id. */
async function formerCredential(secret: string): Promise<string> {
  const id = randomUUID();
  await gateway.sql(
    `insert into integration_credentials (org_id, id, provider, secret_ciphertext, key_version, secret_set_at)
     values ($1, $2, $3, $4, $5, now())`,
    [acme.id, id, `p${id}`, await encryptedBy('cipher-algo=aes256', secret), key.formerVersion],
  );
  return id;
}

async function formerEndpoint(secret: string): Promise<string> {
  const id = randomUUID();
  await gateway.sql(
    'insert into webhook_endpoints (org_id, id, url, secret_ciphertext, key_version) values ($1, $2, $3, $4, $5)',
    [acme.id, id, `https://${id}.example`, await encryptedBy('cipher-algo=aes256', secret), key.formerVersion],
  );
  return id;
}

const versionOf = async (id: string) =>
  (await gateway.sql('select key_version as v from integration_credentials where id = $1', [id]))[0]?.v;

const lengths = [1, 15, 100, 191, 192, 8_383, 8_384, 16_384, 40_000];

test.each(['aes128', 'aes192', 'aes256'])('messages of pgcrypto with %s are read, of any length', async (cipher) => {
  for (const length of lengths) {
    const secret = `ü${'x'.repeat(length)}`;
    for (const s2k of ['', ',s2k-count=1024', ',s2k-count=65011712'].slice(0, length === 1 ? 3 : 1))
      expect(decryptPgcrypto(await encryptedBy(`cipher-algo=${cipher}${s2k}`, secret), key.text)).toBe(secret);
  }
});

test('a changed message, another password and another kind of message are refused', async () => {
  const message = await encryptedBy('cipher-algo=aes256', 'a secret');
  const other = new Map<string, Buffer>();
  for (const options of ['disable-mdc=1', 'sess-key=1', 'compress-algo=1', 's2k-mode=1'])
    other.set(options, await encryptedBy(options, 'a secret'));
  for (let at = 0; at < message.length; at++) {
    const changed = Buffer.from(message);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => decryptPgcrypto(changed, key.text), `byte ${at}`).toThrow();
    expect(() => decryptPgcrypto(message.subarray(0, at), key.text), `${at} bytes`).toThrow();
  }
  expect(() => decryptPgcrypto(message, `${key.text}!`)).toThrow();
  for (const [options, bytes] of other) expect(() => decryptPgcrypto(bytes, key.text), options).toThrow();
});

test('a former secret is read, and encrypted anew at its first use', async () => {
  const { service: pool } = gateway.database;
  const credential = await formerCredential('sk_live_ß');
  const endpoint = await formerEndpoint('whsec_abc');
  for (const _use of [1, 2]) {
    expect(await readCredential(pool, former, acme.id, credential)).toBe('sk_live_ß');
    expect(await readWebhookSecret(pool, former, acme.id, endpoint)).toBe('whsec_abc');
    expect(await versionOf(credential)).toBe(key.version);
  }
  const [row] = await gateway.sql('select get_byte(secret::bytea, 0) as format from app.secrets where id = $1', [
    endpoint,
  ]);
  expect(row?.format).toBe(1);
});

test('a former secret is read under the previous key, and goes over to the key of now', async () => {
  const next = createCredentials({ key: 'the-next-key-of-32-characters-or-more', previous: key.text });
  const id = await formerCredential('kept');
  expect(await readCredential(gateway.database.service, next, acme.id, id)).toBe('kept');
  expect(await versionOf(id)).toBe(next.key?.version);
});

test('a rotation takes former secrets along, with a new key and without', async () => {
  const { service: pool } = gateway.database;
  await gateway.sql('delete from integration_credentials');
  await gateway.sql('delete from webhook_endpoints');
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) ids.push(await formerCredential(`secret ${index}`));
  const endpoint = await formerEndpoint('whsec_old');
  expect(await rotateCredentials(pool, former)).toEqual({
    rotated: { integration_credentials: 3, webhook_endpoints: 1 },
    unknown: 0,
  });
  const next = createCredentials({ key: 'the-next-key-of-32-characters-or-more', previous: key.text });
  const late = await formerCredential('late');
  expect((await rotateCredentials(pool, next)).rotated).toEqual({ integration_credentials: 4, webhook_endpoints: 1 });
  const alone = { key: next.key, previous: null };
  for (const [index, id] of ids.entries())
    expect(await readCredential(pool, alone, acme.id, id)).toBe(`secret ${index}`);
  expect(await readCredential(pool, alone, acme.id, late)).toBe('late');
  expect(await readWebhookSecret(pool, alone, acme.id, endpoint)).toBe('whsec_old');
});
