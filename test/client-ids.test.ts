/**
 * Ids that clients make, over every mutation that takes one: another organization's ids are free, and of those that are not
 * the answer is one and the same, whether the caller may see the row or not. A new type is covered by itself.
 */
import { randomUUID } from 'node:crypto';
import { getNamedType, isInputObjectType, isNonNullType } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { snakeCase } from '../src/graphql/model.ts';
import { makeRows, type Row, readTables } from './support/catalog.ts';
import type { Client } from './support/client.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';
import { documentOf, keyOf, mutationFields, sampleInput } from './support/schema-walk.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

type Mutation = (typeof mutationFields)[number];

let gateway: Gateway;
let acme: Org;
let globex: Org;
let rows: ReadonlyMap<string, Row>;
let foreign: ReadonlyMap<string, Row>;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  await gateway.sql("update subscriptions set plan = 'enterprise'");
  const tables = await readTables(gateway.sql);
  rows = await makeRows(gateway.sql, tables, acme.id, 'canary');
  foreign = await makeRows(gateway.sql, tables, globex.id, 'canary');
});
afterAll(() => gateway.close());

/** The mutations that take an id made by the client: it is the id of a row, and may be left out. */
const creations = mutationFields.flatMap((field) => {
  const type = getNamedType(field.args[0]?.type);
  const id = isInputObjectType(type) ? type.getFields().id : undefined;
  return id && !isNonNullType(id.type) ? [{ field, model: String(field.extensions.returns) }] : [];
});

const inputOf = (field: Mutation, model: string): Record<string, unknown> => {
  const type = getNamedType(field.args[0]?.type);
  return isInputObjectType(type) ? sampleInput(type, model, rows) : {};
};

/** What a creation answers: the id of its row, or why there is none. */
async function create(client: Client, { field, model }: (typeof creations)[number], id: string): Promise<string> {
  const row = model.charAt(0).toLowerCase() + model.slice(1);
  const selection = `{ row: ${row} { id } userErrors { code message path currentVersion } }`;
  const input = { ...inputOf(field, model), id };
  const { data, errors } = await client.run(documentOf('mutation', field, selection, ['input']), { input });
  const payload = data?.[field.name];
  if (payload?.row) return payload.row.id;
  return JSON.stringify(errors?.map(({ message, extensions }) => [extensions.code, message]) ?? payload?.userErrors);
}

const unusable = JSON.stringify([
  {
    code: 'CONFLICT',
    message: 'This id cannot be used. Leave it out, or make a new random UUID.',
    path: ['id'],
    currentVersion: null,
  },
]);

const globalIdOf = (model: string, id: string) => `${snakeCase(model)}_${id}`;

const sees = async (client: Client, model: string, id: string): Promise<boolean> => {
  const { data } = await client.run('query ($id: ID!) { node(id: $id) { id } }', { id: globalIdOf(model, id) });
  return Boolean(data?.node);
};

test('an id of another organization is free, and an id of the own one is not', async () => {
  const wrong: string[] = [];
  let free = 0;
  for (const creation of creations) {
    const { field, model } = creation;
    const id = keyOf(model, foreign) ?? '';
    const answer = await create(acme.owner, creation, id);
    if (model === 'Organization') {
      if (answer !== unusable) wrong.push(`${field.name}: ${answer}`);
      continue;
    }
    if (answer === globalIdOf(model, id)) {
      free++;
      const again = await create(acme.owner, creation, id);
      if (again !== unusable && again !== (await create(acme.owner, creation, randomUUID())))
        wrong.push(`${field.name}, again: ${again}`);
    } else if (answer !== (await create(acme.owner, creation, randomUUID()))) {
      wrong.push(`${field.name}: ${answer}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(free).toBeGreaterThan(creations.length / 2);
});

test('an id in use is one answer, whether its row is seen or not, and whoever asks', async () => {
  const wrong: string[] = [];
  const unseen = new Set<string>();
  let met = 0;
  for (const creation of creations) {
    const { field, model } = creation;
    const id = keyOf(model, rows) ?? '';
    for (const role of ['owner', 'admin', 'member', 'viewer'] as const) {
      const client = acme[role];
      const answer = await create(client, creation, id);
      // What is wrong beside the id is said of any id.
      if (answer !== unusable && answer !== (await create(client, creation, randomUUID())))
        wrong.push(`${field.name} by ${role}: ${answer}`);
      if (answer !== unusable) continue;
      met++;
      if (!(await sees(client, model, id))) unseen.add(model);
    }
  }
  expect(wrong).toEqual([]);
  expect(met).toBeGreaterThan(creations.length);
  expect([...unseen]).toContain('Conversation');
});

test('the id of a message that is read by others alone is answered as that of one of the own', async () => {
  const start = `mutation ($people: [ID!]!, $title: String) { conversationStart(input: { type: GROUP, title: $title, userIds: $people, body: "x" }) {
    conversation { id messages { nodes { id } } } userErrors { message } } }`;
  const begin = async (client: Client, title: string, person: string) =>
    (await client.ok(start, { title, people: [person] })).conversationStart.conversation;
  const secret = await begin(acme.owner, 'secret', acme.people.admin.id);
  const own = await begin(acme.member, 'own', acme.people.viewer.id);
  const send = async (id: string) =>
    (
      await acme.member.run(
        'mutation ($input: MessageSendInput!) { messageSend(input: $input) { userErrors { code message path currentVersion } } }',
        { input: { id, conversationId: own.id, body: 'y' } },
      )
    ).data.messageSend.userErrors;
  const [unseen, seen] = [secret, own].map(({ messages }) => messages.nodes[0].id);
  expect(await sees(acme.member, 'Message', unseen.slice(-36))).toBe(false);
  expect(await sees(acme.member, 'Message', seen.slice(-36))).toBe(true);
  expect([JSON.stringify(await send(unseen)), JSON.stringify(await send(seen))]).toEqual([unusable, unusable]);
});

test('the id of an organization is one answer for its own people and for strangers', async () => {
  const creation = creations.find(({ model }) => model === 'Organization') ?? expect.fail();
  for (const client of [acme.owner, acme.viewer, globex.owner, await gateway.person()])
    expect(await create(client, creation, acme.id)).toBe(unusable);
});
