/**
 * Everything secret that a client sends or is shown once, over every mutation of the schema: none of it goes to the database
 * in clear. A new mutation is covered by itself.
 */
import { randomBytes } from 'node:crypto';
import { type GraphQLInputObjectType, getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { secretTables } from '../../src/credentials/cipher.ts';
import { makeRows, type Row, readTables } from '../support/catalog.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { documentOf, modelOfMutation, mutationFields, sampleInput } from '../support/schema-walk.ts';
import { listenToWire } from '../support/wire.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Mutation = (typeof mutationFields)[number];

let gateway: Gateway;
let acme: Org;
let rows: ReadonlyMap<string, Row>;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await gateway.sql("update subscriptions set plan = 'enterprise'");
  rows = await makeRows(gateway.sql, await readTables(gateway.sql), acme.id, 'canary');
});
afterAll(() => gateway.close());

const secretName = /secret|token|password|passphrase|credential$/i;

const isSecret = (name: string, type: string): boolean => secretName.test(name) && type === 'String';

function namesIn(type: unknown): string[] {
  if (!isInputObjectType(type) && !isObjectType(type)) return [];
  const fields: readonly { readonly name: string; readonly type: unknown }[] = Object.values(type.getFields());
  return fields.flatMap(({ name, type }) => (isSecret(name, String(type).replace('!', '')) ? [name] : []));
}

const inputType = (field: Mutation) => getNamedType(field.args[0]?.type) as GraphQLInputObjectType;

const withSecrets = mutationFields.flatMap((field) => {
  const [sent, shown] = [namesIn(inputType(field)), namesIn(getNamedType(field.type))];
  return sent.length + shown.length > 0 ? [{ field, sent, shown }] : [];
});

const textOf = (value: unknown): string => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return Array.isArray(value) ? value.map(textOf).join(' ') : String(value);
};

test('the walk finds the secrets that there are', () => {
  expect(withSecrets.map(({ field }) => field.name).sort()).toEqual(
    expect.arrayContaining([
      'apiKeyCreate',
      'integrationCredentialSet',
      'integrationCredentialUpdate',
      'invitationAccept',
      'invitationSend',
      'webhookEndpointCreate',
      'webhookEndpointRotateSecret',
    ]),
  );
});

test.each(withSecrets)('$field.name sends no secret to the database', async ({ field, sent, shown }) => {
  const secrets = sent.map((name) => [name, `canary-${randomBytes(12).toString('hex')}`]);
  const input = { ...sampleInput(inputType(field), modelOfMutation(field), rows), ...Object.fromEntries(secrets) };
  const selection = `{ ${shown.join(' ')} userErrors { message } }`;
  const wire = listenToWire(gateway.database.pool, gateway.database.service);
  const { data, errors } = await acme.owner
    .withHeaders({ 'idempotency-key': randomBytes(8).toString('hex') })
    .run(documentOf('mutation', field, selection, ['input']), { input });
  wire.stop();
  const payload = data?.[field.name];
  const values = [...secrets.map(([, value]) => value), ...shown.map((name) => payload?.[name])].filter(Boolean);
  const texts = wire.sent.flatMap(({ text, values }) => [text, ...values.map(textOf)]);
  expect(texts.length).toBeGreaterThan(0);
  for (const name of shown) expect(payload?.[name], JSON.stringify(payload ?? errors)).toEqual(expect.any(String));
  expect(values.filter((value) => texts.some((text) => text.includes(String(value))))).toEqual([]);
  expect(JSON.stringify([errors, payload?.userErrors])).not.toContain('canary-');
});

test('every column of ciphertext belongs to a table whose secrets are rotated', async () => {
  const columns = await gateway.sql(
    `select distinct table_name as name from information_schema.columns where table_schema = 'public'
       and (data_type = 'bytea' or column_name ~ 'cipher|secret_') and column_name <> 'secret_set_at' order by 1`,
  );
  expect(columns.map(({ name }) => name)).toEqual([...secretTables].sort());
});
