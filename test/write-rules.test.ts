/**
 * The rules that all writing has in common, over every mutation of the schema: who may, at which version, and how a row is
 * hidden, brought back and destroyed. A new type is covered by itself.
 */
import { randomUUID } from 'node:crypto';
import { getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isPermission, permissions } from '../src/auth/permissions.ts';
import { isSoft, lowerFirst, modelNames, snakeCase } from '../src/graphql/model.ts';
import { makeRows, type Row, readTables } from './support/catalog.ts';
import type { Client } from './support/client.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';
import { documentOf, keyOf, modelOfMutation, mutationFields, queryFields, sampleInput } from './support/schema-walk.ts';
import type { UserError } from './support/write.ts';

vi.setConfig({ testTimeout: 120_000 });

type Mutation = (typeof mutationFields)[number];

let gateway: Gateway;
let acme: Org;
let rows: ReadonlyMap<string, Row>;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await gateway.sql("update subscriptions set plan = 'enterprise' where org_id = $1", [acme.id]);
  rows = await makeRows(gateway.sql, await readTables(gateway.sql), acme.id, 'canary');
});
afterAll(() => gateway.close());

const find = (name: string): Mutation | undefined => mutationFields.find((field) => field.name === name);

/** What a mutation takes, made of the organization's own rows. */
function inputOf(field: Mutation): Record<string, unknown> {
  const type = getNamedType(field.args[0]?.type);
  return isInputObjectType(type) ? sampleInput(type, modelOfMutation(field), rows) : {};
}

async function ask(client: Client, field: Mutation, input: object, selection = '') {
  const document = documentOf('mutation', field, `{ ${selection} userErrors { code message path currentVersion } }`, [
    'input',
  ]);
  const { data, errors } = await client.run(document, { input });
  return { payload: data?.[field.name], userErrors: (data?.[field.name]?.userErrors ?? []) as UserError[], errors };
}

/** The models whose rows are made from nothing but an input of their own. */
const creations = modelNames.flatMap((model) => {
  const field = find(`${lowerFirst(model)}Create`);
  return field && getNamedType(field.args[0]?.type)?.toString() === `${model}CreateInput` ? [{ model, field }] : [];
});

const isListed = async (model: string, id: string, deleted = ''): Promise<boolean> => {
  const list = queryFields.find(({ extensions }) => extensions.list === model)?.name;
  const data = await acme.owner.ok(
    `query ($id: ID!) { list: ${list}(filter: { id: { eq: $id } } ${deleted}) { totalCount } }`,
    { id },
  );
  return data.list.totalCount === 1;
};

test('no mutation runs for somebody whose role has not its permission', async () => {
  const ran: string[] = [];
  for (const field of mutationFields) {
    const permission = String(field.extensions.permission);
    if (!isPermission(permission) || permissions[permission] === 'viewer') continue;
    const { errors } = await ask(acme.viewer, field, inputOf(field));
    const need = `This needs the permission ${permission} (role ${permissions[permission].toUpperCase()} or above).`;
    if (errors?.[0]?.extensions.code !== 'FORBIDDEN' || errors[0].message !== need) ran.push(field.name);
  }
  expect(ran).toEqual([]);
});

test('a stale version is told the current one, by every mutation of a row', async () => {
  const wrong: string[] = [];
  let told = 0;
  for (const field of mutationFields) {
    const type = getNamedType(field.args[0]?.type);
    // Bringing back somebody who is there is refused before any version is looked at.
    if (field.name === 'memberRestore') continue;
    if (!isInputObjectType(type) || !type.getFields().expectedVersion || !type.getFields().id) continue;
    const { userErrors, errors } = await ask(acme.owner, field, { ...inputOf(field), expectedVersion: 999_999 });
    const [error] = userErrors;
    const isStale = error?.code === 'CONFLICT' && error.path[0] === 'expectedVersion' && error.currentVersion !== null;
    if (isStale) told++;
    else wrong.push(`${field.name}: ${JSON.stringify(error ?? errors?.[0])}`);
  }
  expect(wrong).toEqual([]);
  expect(told).toBeGreaterThan(150);
});

test('a client makes the id of a new row itself, and only once', async () => {
  const wrong: string[] = [];
  let repeated = 0;
  for (const { model, field } of creations) {
    const id = randomUUID();
    const input = { ...inputOf(field), id };
    const row = lowerFirst(model);
    const first = await ask(acme.owner, field, input, `row: ${row} { id }`);
    // Some rows are there already, or need more than an input can say of itself.
    if (first.userErrors.length > 0) continue;
    if (first.payload?.row?.id !== `${snakeCase(model)}_${id}`) wrong.push(`${field.name}: ${JSON.stringify(first)}`);
    const second = await ask(acme.owner, field, input);
    if (second.userErrors[0]?.code !== 'CONFLICT') wrong.push(`${field.name}, again: ${JSON.stringify(second)}`);
    repeated++;
  }
  expect(wrong).toEqual([]);
  expect(repeated).toBeGreaterThan(creations.length / 2);
});

test('soft delete where history matters: a deleted row leaves the lists unless asked for, stays as it is, and comes back', async () => {
  const wrong: string[] = [];
  const soft = modelNames.filter(
    (model) => isSoft(model) && find(`${lowerFirst(model)}Restore`) && find(`${lowerFirst(model)}Delete`),
  );
  for (const model of soft) {
    const name = lowerFirst(model);
    const id = keyOf(model, rows) ?? '';
    const write = async (verb: string, client = acme.member) => {
      const field = find(`${name}${verb}`);
      const { payload, userErrors, errors } = field
        ? await ask(client, field, { id }, `row: ${name} { deletedAt }`)
        : {};
      return payload?.row ?? userErrors?.[0]?.message ?? errors?.[0]?.message;
    };
    const seen = async () => [await isListed(model, id), await isListed(model, id, 'includeDeleted: true')];
    const steps = [
      (await write('Delete', acme.owner))?.deletedAt !== null,
      await seen(),
      await write('Update', acme.owner),
      await write('Delete', acme.owner),
      (await write('Restore', acme.owner))?.deletedAt,
      await seen(),
      await write('Restore', acme.owner),
      (await write('Destroy'))?.includes('role ADMIN'),
    ];
    const refused = 'It is deleted. Restore it first.';
    const wanted = [
      true,
      [false, true],
      find(`${name}Update`) ? refused : undefined,
      refused,
      null,
      [true, true],
      'It is not deleted.',
      true,
    ];
    if (JSON.stringify(steps) !== JSON.stringify(wanted)) wrong.push(`${model}: ${JSON.stringify(steps)}`);
  }
  expect(wrong).toEqual([]);
  expect(soft.length).toBeGreaterThan(20);
});
