import { afterAll, beforeAll, expect, test } from 'vitest';
import { Prisma } from '../../src/db/generated/prisma/client.ts';
import { callerOf, openDoor } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { beginnings, listenToWire, type Sent, takesRole } from '../support/wire.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '1' });
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

async function onTheWire(work: () => Promise<unknown>): Promise<Sent[]> {
  const wire = listenToWire(gateway.database.pool);
  await work();
  wire.stop();
  return wire.sent;
}

const create =
  'mutation ($input: AccountCreateInput!) { accountCreate(input: $input) { account { id } userErrors { code } } }';

test('every transaction takes its role and its caller before anything else', async () => {
  const sent = await onTheWire(async () => {
    await acme.viewer.run('{ accounts { nodes { id } } }');
    await acme.viewer.via(gateway.resolvers).run('{ accounts { nodes { id } } }');
    await acme.member.run(create, { input: { name: 'One' } });
    await acme.member.run(create, { input: { name: 'Two', ownerId: globex.people.owner.id } });
    await acme.member.inOrg(globex.slug).run('{ accounts { totalCount } }');
    await (await gateway.person()).run('{ viewer { role } }');
  });
  const found = beginnings(sent);
  // With a login of its own, the sign-up of the new person goes by another connection.
  expect(found).toHaveLength(gateway.database.service === gateway.database.pool ? 8 : 7);
  for (const at of found) {
    const [begin = '', ...rest] = sent.slice(at).map(({ text }) => text);
    if (begin === 'begin; set local role gateway_service') continue;
    const opening = /^begin( read only)?$/.test(begin) ? rest : [begin, ...rest];
    if (gateway.database.proofs.takesRole) expect(opening.shift()).toBe(takesRole);
    expect(opening[0]).toMatch(/^select \* from app\.enter\(/);
  }
});

test('nothing is ever set for longer than a transaction, and nothing runs outside of one', async () => {
  const sent = await onTheWire(async () => {
    await acme.viewer.run('{ accounts { nodes { id } } }');
    await acme.viewer.via(gateway.resolvers).run('{ accounts { nodes { id } } }');
    await acme.member.run(create, { input: { name: 'Three' } });
  });
  const texts = sent.map(({ text }) => text);
  expect(texts.filter((text) => /set session|set_config\([^)]*false\)|^set (?!local)/i.test(text))).toEqual([]);
  // A compiled read is one implicit transaction, from its settings to the Sync after it.
  const starts = new Set(beginnings(sent));
  expect(texts.filter((text, at) => starts.has(at) || /^commit$/i.test(text))).toEqual([
    texts[0],
    'begin read only',
    'COMMIT',
    'begin',
    'COMMIT',
  ]);
  const first = gateway.database.proofs.takesRole ? takesRole : expect.stringMatching(/^select \* from app\.enter\(/);
  expect(texts[0]).toEqual(first);
  expect(texts.at(-1)).toBe('COMMIT');
});

const servers = { compiled: () => gateway.server, resolved: () => gateway.resolvers };

test.each(['compiled', 'resolved'] as const)(
  'two organizations on one connection, with one prepared statement, see each their own rows: %s',
  async (by) => {
    await acme.member.ok(create, { input: { name: `${by} acme` } });
    await globex.member.ok(create, { input: { name: `${by} globex` } });
    const namesOf = async (org: Org) =>
      (await org.viewer.via(servers[by]()).ok(`{ accounts(filter: {name: {startsWith: "${by}"}}) { nodes { name } } }`))
        .accounts.nodes;
    const sent = await onTheWire(async () => {
      for (let round = 0; round < 8; round++) {
        expect(await namesOf(acme)).toEqual([{ name: `${by} acme` }]);
        expect(await namesOf(globex)).toEqual([{ name: `${by} globex` }]);
      }
    });
    const reads = sent.filter(({ text }) => /^SELECT|^select concat/.test(text));
    expect([
      reads.length,
      new Set(reads.map(({ text }) => text)).size,
      new Set(reads.map(({ connection }) => connection)).size,
    ]).toEqual([16, 1, 1]);
    const [prepared] = (
      await gateway.database.pool.query('select count(*)::int as n from pg_prepared_statements where statement = $1', [
        reads[0]?.text,
      ])
    ).rows;
    expect(prepared).toEqual({ n: 1 });
  },
);

const canary = 'canary-3f9a';
const id = 'dec0de00-7a2b-4c3d-8e4f-5a6b7c8d9e0f';
const list = `query ($filter: AccountFilter, $orderBy: [AccountOrderBy!], $first: Int, $after: String) {
  accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount nodes { id contacts(filter: {fullName: {contains: "${canary}"}}) { nodes { id } } } }
}`;
const filter = {
  and: [
    {
      name: {
        eq: canary,
        ne: canary,
        in: [canary],
        notIn: [canary],
        gt: canary,
        contains: canary,
        startsWith: canary,
        endsWith: canary,
      },
    },
    { id: { eq: id, in: [id] } },
    { tags: { has: canary, hasAny: [canary], hasAll: [canary] } },
    { metadata: { path: [canary], eq: canary } },
    { metadata: { path: ['a'], contains: canary } },
    { createdAt: { gt: '1987-06-05T04:03:02.001Z' } },
    { not: { contacts: { some: { email: { eq: `${canary}@x.example` } } } } },
    { owner: { displayName: { contains: canary } } },
  ],
};
const input = {
  id,
  name: canary,
  industry: canary,
  phone: canary,
  website: `https://${canary}.example`,
  email: `${canary}@x.example`,
  billingAddress: { [canary]: canary },
  metadata: { [canary]: [canary] },
  tags: [canary],
};

test('no value of a request ever stands in the text of a statement', async () => {
  const sent = await onTheWire(async () => {
    await acme.member.ok(list, { filter, orderBy: [{ name: { direction: 'ASC' } }], first: 37 });
    await acme.member.ok(create, { input });
    const { accounts } = await acme.member.ok(
      '{ accounts(first: 1, orderBy: [{name: {direction: DESC}}]) { pageInfo { endCursor } } }',
    );
    await acme.member.ok(list, { after: accounts.pageInfo.endCursor, orderBy: [{ name: { direction: 'DESC' } }] });
    await acme.member.ok(
      'mutation ($input: AccountUpdateInput!) { accountUpdate(input: $input) { account { id } userErrors { code } } }',
      { input: { ...input, name: `${canary}2` } },
    );
    await acme.member.ok(`query ($id: ID!) { account(id: $id) { id } node(id: "account_${id}") { id } }`, { id });
    await acme.member.inOrg(canary).run('{ accounts { totalCount } }');
    await acme.member.withHeaders({ 'user-agent': canary, 'x-request-id': canary }).ok('{ accounts { totalCount } }');
  });
  const literals = [canary, id, '1987-06-05', acme.people.member.id];
  const values = JSON.stringify(sent.map((statement) => statement.values));
  for (const literal of literals) {
    expect(values).toContain(literal);
    expect(sent.filter(({ text }) => text.includes(literal))).toEqual([]);
  }
});

test('a connection holds so many prepared statements and no more, whatever is asked', async () => {
  const door = openDoor(gateway.database, gateway.config);
  for (let shape = 0; shape < 600; shape += 100) {
    await door.read(callerOf(acme), async ({ db }) => {
      for (let n = shape; n < shape + 100; n++) {
        const text = Prisma.raw(`as shape_${n}`);
        for (let again = 0; again < 2; again++) await db.$queryRaw`select ${n}::int ${text}`;
      }
    });
  }
  const [held] = (await gateway.database.pool.query('select count(*)::int as n from pg_prepared_statements')).rows;
  expect(held.n).toBeGreaterThan(400);
  expect(held.n).toBeLessThan(520);
  await door.close();
});
