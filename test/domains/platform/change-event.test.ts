/** The log of changes: written with what it tells of, without gaps, in the order of saving. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readTables } from '../../support/catalog.ts';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const changesOf = async (id: string): Promise<unknown[]> =>
  (await gateway.sql('select operation from change_events where entity_id = $1 order by seq', [uuidOf(id)])).map(
    ({ operation }) => operation,
  );

const logOf = (org: Org) =>
  gateway.sql('select seq::int, entity_type, entity_id, operation from change_events where org_id = $1 order by seq', [
    org.id,
  ]);

test('a record is made, changed, hidden, brought back and removed', async () => {
  const id = await make(acme.member, 'Account', { name: 'Hooli' });
  await write(acme.member, 'accountUpdate', { id, name: 'Hooli Ltd' });
  await write(acme.member, 'accountDelete', { id });
  await write(acme.member, 'accountRestore', { id });
  await write(acme.admin, 'accountDelete', { id });
  await write(acme.admin, 'accountDestroy', { id });
  expect(await changesOf(id)).toEqual(['created', 'updated', 'deleted', 'created', 'deleted', 'deleted']);
});

test('what leaves the version as it was is no change', async () => {
  const id = await make(acme.member, 'Document', { title: 'Terms', body: 'Pay soon' });
  await gateway.sql('update documents set embedding = null where id = $1', [uuidOf(id)]);
  expect(await changesOf(id)).toEqual(['created']);
  const { made } = await acme.owner.ok(
    'mutation { made: apiKeyCreate(input: { name: "Used" }) { apiKey { id } userErrors { code } } }',
  );
  await gateway.sql('update api_keys set last_used_at = now() where id = $1', [uuidOf(made.apiKey.id)]);
  expect(await changesOf(made.apiKey.id)).toEqual(['created']);
});

test('it is saved with what it tells of, or not at all', async () => {
  const before = await logOf(acme);
  const document = `mutation { a: accountCreate(input: { name: "A" }) { userErrors { code } }
    b: contactCreate(input: { fullName: "B", accountId: "account_00000000-0000-7000-8000-000000000000" }) { userErrors { code } } }`;
  const { data } = await acme.member.run(document);
  expect(data.b.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect(await logOf(acme)).toEqual(before);
});

test('two mutations of one document are two changes of one transaction, numbered one after the other', async () => {
  const [{ last } = {}] = await gateway.sql('select max(seq)::int as last from change_events where org_id = $1', [
    acme.id,
  ]);
  await acme.member.ok(`mutation { a: accountCreate(input: { name: "A" }) { userErrors { code } }
    b: accountCreate(input: { name: "B" }) { userErrors { code } } }`);
  const added = await gateway.sql(
    'select seq::int - $2 as step, entity_type, xmin::text as tx from change_events where org_id = $1 and seq > $2 order by seq',
    [acme.id, last],
  );
  expect(added.map(({ step, entity_type }) => [step, entity_type])).toEqual([
    [1, 'account'],
    [2, 'account'],
  ]);
  expect(new Set(added.map(({ tx }) => tx)).size).toBe(1);
});

describe('promise: whoever has read up to a number has missed nothing', () => {
  test('the numbers of an organization have no gaps, also when many save at once and some fail', async () => {
    const id = await make(acme.member, 'Account', { name: 'Contended' });
    const work = Array.from({ length: 9 }, (_, n) => {
      if (n % 3 === 0) return refusal(acme.member, 'contactCreate', { fullName: '' });
      if (n % 3 === 1) return make(acme.member, 'Account', { name: `Account ${n}` });
      return write(acme.admin, 'accountUpdate', { id, name: `Name ${n}` });
    });
    await Promise.all(work);
    const log = await logOf(acme);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  });

  test('a reader that follows the log while others write sees each number after the one before', async () => {
    let following = true;
    const seen: number[] = [];
    const follow = async () => {
      while (following) {
        const rows = await gateway.sql(
          'select seq::int from change_events where org_id = $1 and seq > $2 order by seq',
          [acme.id, seen.at(-1) ?? 0],
        );
        seen.push(...rows.map(({ seq }) => Number(seq)));
      }
    };
    const reading = follow();
    await Promise.all(Array.from({ length: 8 }, (_, n) => make(acme.member, 'Account', { name: `Followed ${n}` })));
    following = false;
    await reading;
    expect(seen).toEqual(seen.map((_, index) => index + 1));
  });
});

test('every table of tenants is followed, but the logs themselves', async () => {
  const followed = await gateway.sql(
    "select distinct tgrelid::regclass::text as name from pg_trigger where tgname in ('change', 'change_update') and tgdeferrable and tginitdeferred order by 1",
  );
  const tables = (await readTables(gateway.sql)).filter(({ ofTenant }) => ofTenant).map(({ name }) => name);
  const without = tables.filter((name) => !followed.some((row) => row.name === name));
  const kinds = await gateway.sql(
    "select tablename as name from pg_policies where policyname = 'add' and with_check = 'false' order by 1",
  );
  expect(without.sort()).toEqual(kinds.map(({ name }) => name));
  expect(followed.length).toBeGreaterThan(60);
});

test('admins read it, each that of their organization', async () => {
  const id = await make(acme.member, 'Account', { name: 'Seen' });
  const query =
    'query ($id: ID!) { changeEvents(filter: { entityId: { eq: $id } }) { nodes { seq operation entity { id } } } }';
  const read = (org: Org, role: 'owner' | 'member') => org[role].run(query, { id: uuidOf(id) });
  expect((await read(acme, 'owner')).data.changeEvents.nodes).toMatchObject([{ operation: 'CREATED', entity: { id } }]);
  expect((await read(globex, 'owner')).data.changeEvents.nodes).toEqual([]);
  expect((await read(acme, 'member')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('the newest stand first, and a synchronization asks for what follows a number', async () => {
  const [first, second] = [
    await make(globex.member, 'Account', { name: '1' }),
    await make(globex.member, 'Account', { name: '2' }),
  ];
  const query =
    'query ($after: BigInt!) { changeEvents(filter: { seq: { gt: $after } }, orderBy: [{ seq: { direction: ASC } }]) { nodes { seq entityId } } }';
  const newest = (await globex.owner.ok('{ changeEvents(first: 2) { nodes { entityId seq } } }')).changeEvents.nodes;
  expect(newest.map(({ entityId }: { entityId: string }) => entityId)).toEqual([second, first]);
  const after = String(BigInt(newest[1].seq));
  expect((await globex.owner.ok(query, { after })).changeEvents.nodes).toMatchObject([{ entityId: second }]);
});
