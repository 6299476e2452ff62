/** A mutation sent again with the same `Idempotency-Key` is done once. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../../src/schema.ts';
import { becomeSql } from '../../support/door.ts';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const create = `mutation Make($input: AccountCreateInput!) {
  made: accountCreate(input: $input) { account { name id createdAt } userErrors { code message } }
}`;
const make = (client: Client, key: string, input: object = { name: 'Hooli' }) =>
  client.withHeaders({ 'idempotency-key': key }).run(create, { input });

const count = async (name: string, org: Org = acme): Promise<unknown> =>
  (await gateway.sql('select count(*)::int from accounts where org_id = $1 and name = $2', [org.id, name]))[0]?.count;
const keys = async (org: Org = acme): Promise<Record<string, unknown>[]> =>
  gateway.sql('select * from idempotency_keys where org_id = $1 order by created_at', [org.id]);

const conflict = {
  message: 'This Idempotency-Key was sent before, with another request. Use a new key for each.',
  extensions: { code: 'CONFLICT' },
};

test('the same request again gets the same answer, and nothing runs', async () => {
  const first = await make(acme.member, 'once', { name: 'Once', tags: ['a', 'b'] });
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  const again = await make(acme.member, 'once', { tags: ['a', 'b'], name: 'Once' });
  expect([again.data, again.errors, again.status]).toEqual([first.data, undefined, 200]);
  expect(JSON.stringify(again.data)).toBe(JSON.stringify(first.data));
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await count('Once')).toBe(1);
});

test('many at once are one: the others wait, and get the answer of the first', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => make(acme.member, 'crowd', { name: 'Crowd' })));
  expect(new Set(answers.map(({ data }) => data.made.account.id)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed'))).toHaveLength(5);
  expect(await count('Crowd')).toBe(1);
});

test('another request with the same key is refused', async () => {
  await make(acme.member, 'taken', { name: 'Taken' });
  for (const answer of [
    await make(acme.member, 'taken', { name: 'Another' }),
    await acme.member.withHeaders({ 'idempotency-key': 'taken' }).run(create.replace('Make', 'Other'), {
      input: { name: 'Taken' },
    }),
  ]) {
    expect(answer.errors).toMatchObject([conflict]);
    expect(answer.status).toBe(409);
  }
  expect([await count('Taken'), await count('Another')]).toEqual([1, 0]);
});

test('a key belongs to who sent it, in one organization', async () => {
  const ids = [
    await make(acme.member, 'shared'),
    await make(acme.admin, 'shared'),
    await make(globex.member, 'shared'),
  ].map(({ data }) => data.made.account.id);
  expect(new Set(ids).size).toBe(3);
});

describe('what was not saved is not remembered', () => {
  test('a refusal', async () => {
    const id = randomUUID();
    const owned = { name: 'Late', ownerId: id };
    const refused = await make(acme.member, 'refused', owned);
    expect(refused.data.made.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await make(acme.member, 'refused', owned)).headers.get('idempotency-replayed')).toBeNull();
    expect((await make(acme.member, 'refused', { name: 'Late' })).data.made.account.name).toBe('Late');
  });

  test('an error', async () => {
    const denied = await make(acme.viewer, 'denied', { name: 'Denied' });
    expect(denied.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(denied.data).toEqual({});
    const hashes = (await keys()).map(({ request_hash }) => request_hash);
    await make(acme.viewer, 'denied', { name: 'Denied' });
    expect((await keys()).map(({ request_hash }) => request_hash)).toEqual(hashes);
  });
});

test('a key is good for a day', async () => {
  const first = await make(acme.member, 'old', { name: 'Old' });
  const [before] = (await keys()).slice(-1);
  expect(Number(before?.expires_at) - Number(before?.created_at)).toBe(86_400_000);
  await gateway.sql("update idempotency_keys set expires_at = now() - interval '1 second' where id = $1", [before?.id]);
  const second = await make(acme.member, 'old', { name: 'Old' });
  expect(second.data.made.account.id).not.toBe(first.data.made.account.id);
  await gateway.sql("update idempotency_keys set expires_at = now() - interval '1 second' where id = $1", [before?.id]);
  await make(acme.member, 'new');
  expect((await keys()).map(({ id }) => id)).not.toContain(before?.id);
});

test('the database holds neither the key nor the answer in the clear', async () => {
  const key = 'my order 4711';
  const makeKey = 'mutation { apiKeyCreate(input: { name: "Secret" }) { secret userErrors { code } } }';
  const owner = acme.owner.withHeaders({ 'idempotency-key': key });
  const { apiKeyCreate } = await owner.ok(makeKey);
  expect(await owner.ok(makeKey)).toEqual({ apiKeyCreate });
  const text = JSON.stringify(await keys());
  for (const hidden of [key, apiKeyCreate.secret, 'apiKeyCreate":']) expect(text).not.toContain(hidden);
});

test('what is no key, or has no place, is refused; queries take no notice', async () => {
  const long = await make(acme.member, 'x'.repeat(256));
  expect(long.errors).toMatchObject([{ message: 'Idempotency-Key expects 1 to 255 printable characters.' }]);
  const query = await acme.viewer.withHeaders({ 'idempotency-key': 'taken' }).run('{ accounts { totalCount } }');
  expect(query.errors).toBeUndefined();
});

test('a request cannot write the memory itself, and the API does not show it', async () => {
  const asOwner = (statement: string) => gateway.sql(`do $$ begin ${becomeSql(acme, 'owner')} ${statement}; end $$`);
  for (const statement of [
    "insert into idempotency_keys (key, operation, request_hash, expires_at) values ('a', 'b', 'c', now())",
    "update idempotency_keys set response = '{}'",
    'delete from idempotency_keys',
  ])
    await expect(asOwner(statement), statement).rejects.toMatchObject({ code: '42501' });
  expect(Object.keys(schema.getTypeMap()).filter((name) => /idempotency/i.test(name))).toEqual([]);
});
