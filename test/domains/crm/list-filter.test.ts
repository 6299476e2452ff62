import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, queryFailure, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

const metadata = { tier: 'gold', seats: 5, tools: ['saw', { name: 'drill' }], site: { city: 'Oslo' }, signed: true };

async function prepare(): Promise<void> {
  const { member, people } = acme;
  const wild = await make(member, 'Account', {
    name: '100%_a\\b',
    tags: ['x', 'y'],
    metadata,
    ownerId: people.admin.id,
    industry: 'Retail',
  });
  const plain = await make(member, 'Account', {
    name: '100 xxaxb',
    tags: ['y'],
    metadata: { seats: '5' },
    kind: 'PERSON',
  });
  await make(member, 'Account', { name: 'Empty', lifecycle: 'CLIENT', industry: 'Trade' });
  for (const [title, accountId, valueCents] of [
    ['Roof', wild, '9007199254740993'],
    ['Wall', wild, '1'],
    ['Door', plain, '2'],
  ]) {
    await make(member, 'Deal', { title, accountId, valueCents });
  }
  const gone = await make(member, 'Deal', { title: 'Gone', accountId: plain });
  await write(member, 'dealDelete', { id: gone });
  await gateway.sql('alter table accounts disable trigger touch');
  await gateway.sql("update accounts set created_at = now() - interval '3 weeks' where name = 'Empty'");
  await gateway.sql('alter table accounts enable trigger touch');
}

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await prepare();
});
afterAll(() => gateway.close());

const list = `query ($filter: AccountFilter) { accounts(filter: $filter, orderBy: [{ id: {} }]) { totalCount nodes { name } } }`;

async function names(filter: object): Promise<string[]> {
  const { accounts } = await acme.viewer.ok(list, { filter });
  expect(accounts.totalCount).toBe(accounts.nodes.length);
  return accounts.nodes.map(({ name }: { name: string }) => name);
}

const [wild, plain, empty] = ['100%_a\\b', '100 xxaxb', 'Empty'] as const;

describe.each<[title: string, cases: readonly (readonly [filter: object, found: readonly string[]])[]]>([
  [
    'text is compared as it is, and searched in upper or lower case',
    [
      [{ name: { eq: 'Empty' } }, [empty]],
      [{ name: { eq: 'empty' } }, []],
      [{ name: { contains: 'MPT' } }, [empty]],
      [{ name: { startsWith: '100' } }, [wild, plain]],
      [{ name: { endsWith: 'B' } }, [wild, plain]],
      [{ name: { in: ['Empty', 'nobody'] } }, [empty]],
      [{ name: { notIn: ['Empty'] } }, [wild, plain]],
      [{ name: { gt: 'D', lte: 'Empty' } }, [empty]],
    ],
  ],
  [
    'the wildcards of LIKE are ordinary characters',
    [
      [{ name: { contains: '%' } }, [wild]],
      [{ name: { contains: '_' } }, [wild]],
      [{ name: { contains: '\\' } }, [wild]],
      [{ name: { startsWith: '100%_A\\' } }, [wild]],
      [{ metadata: { path: ['tier'], contains: '%' } }, []],
    ],
  ],
  [
    'tags are asked for one, any or all',
    [
      [{ tags: { has: 'x' } }, [wild]],
      [{ tags: { hasAny: ['x', 'z'] } }, [wild]],
      [{ tags: { hasAny: ['x', 'y'] } }, [wild, plain]],
      [{ tags: { hasAll: ['x', 'y'] } }, [wild]],
      [{ tags: { hasAny: [] } }, []],
      [{ tags: { isEmpty: true } }, [empty]],
      [{ tags: { isEmpty: false } }, [wild, plain]],
    ],
  ],
  [
    'metadata is asked by its path',
    [
      [{ metadata: { path: ['tier'], eq: 'gold' } }, [wild]],
      [{ metadata: { path: ['tier'], ne: 'silver' } }, [wild]],
      [{ metadata: { path: ['tier'], startsWith: 'go', endsWith: 'ld' } }, [wild]],
      [{ metadata: { path: ['seats'], eq: 5 } }, [wild]],
      [{ metadata: { path: ['seats'], gte: 4, lt: 6 } }, [wild]],
      [{ metadata: { path: ['seats'], eq: '5' } }, [plain]],
      [{ metadata: { path: ['site', 'city'], eq: 'Oslo' } }, [wild]],
      [{ metadata: { path: ['tools', '0'], eq: 'saw' } }, [wild]],
      [{ metadata: { path: ['tools'], has: 'saw' } }, [wild]],
      [{ metadata: { path: ['tools'], has: { name: 'drill' } } }, [wild]],
      [{ metadata: { path: ['signed'], eq: true } }, [wild]],
      [{ metadata: { eq: { seats: '5' } } }, [plain]],
    ],
  ],
  [
    'a closed set is compared by its values',
    [
      [{ kind: { eq: 'PERSON' } }, [plain]],
      [{ lifecycle: { in: ['CLIENT', 'FORMER'] } }, [empty]],
      [{ lifecycle: { notIn: ['CLIENT'] } }, [wild, plain]],
      [{ classification: { isNull: true } }, [wild, plain, empty]],
    ],
  ],
  [
    'a missing value matches no comparison',
    [
      [{ industry: { ne: 'Retail' } }, [empty]],
      [{ industry: { isNull: true } }, [plain]],
      [{ industry: { isNull: false } }, [wild, empty]],
      [{ ownerId: { isNull: true } }, [plain, empty]],
    ],
  ],
  [
    'a required column is never null, wherever that is asked',
    [
      [{ name: { isNull: true } }, []],
      [{ name: { isNull: false } }, [wild, plain, empty]],
      [{ not: { name: { isNull: false } } }, []],
      [{ not: { name: { isNull: true } } }, [wild, plain, empty]],
      [{ or: [{ name: { isNull: true } }, { name: { eq: 'Empty' } }] }, [empty]],
      [{ or: [{ name: { isNull: false } }, { name: { eq: 'Empty' } }] }, [wild, plain, empty]],
    ],
  ],
  [
    'conditions are combined',
    [
      [{ and: [{ tags: { has: 'y' } }, { kind: { eq: 'PERSON' } }] }, [plain]],
      [{ or: [{ tags: { has: 'x' } }, { lifecycle: { eq: 'CLIENT' } }] }, [wild, empty]],
      [{ not: { tags: { has: 'y' } } }, [empty]],
      [{ tags: { has: 'y' }, not: { kind: { eq: 'PERSON' } } }, [wild]],
      [{ name: { in: [] } }, []],
    ],
  ],
  [
    'related rows are asked for some, every and none; deleted ones do not count',
    [
      [{ deals: { some: { title: { eq: 'Roof' } } } }, [wild]],
      [{ deals: { some: { title: { eq: 'Gone' } } } }, []],
      [{ deals: { every: { title: { eq: 'Door' } } } }, [plain, empty]],
      [{ deals: { none: { title: { in: ['Roof', 'Wall'] } } } }, [plain, empty]],
      [{ deals: { some: { valueCents: { eq: '9007199254740993' } } } }, [wild]],
      [{ deals: { some: { valueCents: { eq: '9007199254740992' } } } }, []],
      [{ deals: { some: { title: { eq: 'Wall' } }, none: { title: { eq: 'Roof' } } } }, []],
      [{ deals: { some: { stage: { name: { eq: 'Qualification' } }, account: { kind: { eq: 'PERSON' } } } } }, [plain]],
    ],
  ],
  [
    'a single related row is asked by its own columns',
    [
      [{ owner: { displayName: { eq: 'admin of acme' } } }, [wild]],
      [{ not: { owner: { displayName: { eq: 'admin of acme' } } } }, [plain, empty]],
    ],
  ],
  [
    'moments may be durations from now',
    [
      [{ createdAt: { lt: '-P2W' } }, [empty]],
      [{ createdAt: { gte: '-P2W', lt: 'PT1H' } }, [wild, plain]],
      [{ createdAt: { gt: 'P1D' } }, []],
    ],
  ],
])('%s', (_title, cases) => {
  test.each(cases)('%j', async (filter, found) => {
    expect((await names(filter)).sort()).toEqual([...found].sort());
  });
});

test('people are found by their member id or the bare UUID, and an id of another type is refused', async () => {
  const { id } = acme.people.admin;
  expect(await names({ ownerId: { eq: id } })).toEqual([wild]);
  expect(await names({ ownerId: { in: [`member_${id}`] } })).toEqual([wild]);
  expect(await queryFailure(acme.viewer, list, { filter: { ownerId: { eq: `account_${id}` } } })).toEqual([
    'BAD_USER_INPUT',
    `Expected an id of Member: member_<uuid> or a UUID.`,
  ]);
});

const empties = (where: string) => `${where} is empty. Leave it out, or give it a condition.`;

test.each<[filter: object, message: string]>([
  [{}, empties('filter')],
  [{ name: {} }, empties('filter.name')],
  [{ not: {} }, empties('filter.not')],
  [{ and: [{}] }, empties('filter.and[0]')],
  [{ deals: {} }, empties('filter.deals')],
  [{ deals: { every: {} } }, empties('filter.deals.every')],
  [{ owner: {} }, empties('filter.owner')],
  [{ metadata: { path: ['tier'] } }, empties('filter.metadata')],
  [{ or: [] }, 'filter.or is an empty list. Leave it out, or give it a condition.'],
  [{ name: { notIn: [] } }, 'filter.name.notIn is an empty list. Leave it out, or give it a value.'],
  [{ tags: { hasAll: [] } }, 'filter.tags.hasAll is an empty list. Leave it out, or give it a value.'],
  [{ name: null }, 'filter.name is null. Leave it out, or use isNull.'],
  [{ name: { eq: null } }, 'filter.name.eq is null. Leave it out, or use isNull.'],
  [{ name: { contains: '' } }, 'filter.name.contains is an empty text, which every text holds. Leave it out.'],
  [
    { metadata: { path: ['a'], startsWith: '' } },
    'filter.metadata.startsWith is an empty text, which every text holds. Leave it out.',
  ],
  [{ deals: { some: null } }, 'filter.deals.some is null. Leave it out, or use isNull.'],
  [{ metadata: { path: ['signed'], gt: true } }, 'filter.metadata.gt compares numbers and texts only.'],
  [{ metadata: { path: ['site'], lte: { city: 'Oslo' } } }, 'filter.metadata.lte compares numbers and texts only.'],
  [{ name: { contains: '\0' } }, 'A value does not fit its column.'],
])('the filter %j is refused', async (filter, message) => {
  expect(await queryFailure(acme.viewer, list, { filter })).toEqual(['BAD_USER_INPUT', message]);
});

test('days may be durations from today', async () => {
  const soon = await make(acme.member, 'Deal', {
    title: 'Soon',
    expectedCloseOn: new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10),
  });
  const late = await make(acme.member, 'Deal', { title: 'Late', expectedCloseOn: '2019-02-28' });
  const ids = async (filter: object): Promise<string[]> =>
    (
      await acme.viewer.ok('query ($filter: DealFilter) { deals(filter: $filter) { nodes { id } } }', { filter })
    ).deals.nodes.map(({ id }: { id: string }) => id);
  expect(await ids({ expectedCloseOn: { lt: '-P2W' } })).toEqual([late]);
  expect(await ids({ expectedCloseOn: { gt: '-P2W', lte: 'P1M' } })).toEqual([soon]);
  expect(await ids({ expectedCloseOn: { eq: '2019-02-28' } })).toEqual([late]);
});

test('a nested list leaves out deleted rows, and counts them only when it is asked for them', async () => {
  const { accounts } = await acme.viewer.ok(`{ accounts(filter: { kind: { eq: PERSON } }) { nodes {
    live: deals(orderBy: [{ title: {} }]) { totalCount nodes { title } }
    all: deals(includeDeleted: true, orderBy: [{ title: {} }]) { totalCount nodes { title } }
    gone: deals(includeDeleted: true, filter: { deletedAt: { isNull: false } }) { nodes { title } }
  } } }`);
  expect(accounts.nodes).toEqual([
    {
      live: { totalCount: 1, nodes: [{ title: 'Door' }] },
      all: { totalCount: 2, nodes: [{ title: 'Door' }, { title: 'Gone' }] },
      gone: { nodes: [{ title: 'Gone' }] },
    },
  ]);
});
