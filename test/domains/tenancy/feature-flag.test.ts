import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failedMutation, lacks, nodes, nowhere, pages, refusal, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const rowsOf = (org: Org) =>
  gateway.sql('select * from feature_flags where org_id = $1 order by feature_key', [org.id]);
const flag = 'featureFlag { id featureKey isEnabled allowedRoles version }';

const badKey = 'A key has up to 64 lower-case letters, digits, dots and underscores, a letter first.';
const nobody = [
  'BAD_USER_INPUT',
  ['allowedRoles'],
  'Nobody could use the feature: switch it off, or give null for every role.',
];

test('is off and for every role unless told otherwise', async () => {
  const id = randomUUID();
  const { featureFlag } = await send(acme.admin, 'featureFlagCreate', { id, featureKey: 'subtasks' }, flag);
  expect(featureFlag).toEqual({
    id: `feature_flag_${id}`,
    featureKey: 'subtasks',
    isEnabled: false,
    allowedRoles: null,
    version: 1,
  });
  expect((await acme.viewer.ok(`{ featureFlag(id: "${id}") { featureKey } }`)).featureFlag).toEqual({
    featureKey: 'subtasks',
  });
  expect((await globex.owner.ok(`{ featureFlag(id: "${id}") { featureKey } }`)).featureFlag).toBeNull();
});

test('is limited to roles, and opened again', async () => {
  const made = await send(
    acme.admin,
    'featureFlagCreate',
    { featureKey: 'forecast', isEnabled: true, allowedRoles: ['OWNER', 'ADMIN', 'ADMIN'] },
    flag,
  );
  expect(made.featureFlag.allowedRoles).toEqual(['OWNER', 'ADMIN']);
  const { id } = made.featureFlag;
  const renamed = await send(
    acme.admin,
    'featureFlagUpdate',
    { id, featureKey: 'sales.forecast', isEnabled: false, expectedVersion: 1 },
    flag,
  );
  expect(renamed.featureFlag).toEqual({
    id,
    featureKey: 'sales.forecast',
    isEnabled: false,
    allowedRoles: ['OWNER', 'ADMIN'],
    version: 2,
  });
  const opened = await send(acme.admin, 'featureFlagUpdate', { id, allowedRoles: null }, flag);
  expect(opened.featureFlag.allowedRoles).toBeNull();
});

test('set makes a flag, and changes the one that is there, keeping the roles it does not name', async () => {
  const set = (input: object) => send(acme.admin, 'featureFlagSet', { featureKey: 'portal', ...input }, flag);
  const { featureFlag: made } = await set({ isEnabled: true, allowedRoles: ['MEMBER'] });
  expect(made).toMatchObject({ isEnabled: true, allowedRoles: ['MEMBER'], version: 1 });
  const { featureFlag: off } = await set({ isEnabled: false });
  expect(off).toMatchObject({ id: made.id, isEnabled: false, allowedRoles: ['MEMBER'], version: 2 });
  const { featureFlag: open } = await set({ isEnabled: true, allowedRoles: null });
  expect(open).toMatchObject({ id: made.id, isEnabled: true, allowedRoles: null, version: 3 });
});

test('of many who set the same flag at once, all succeed and one flag is there', async () => {
  await Promise.all(
    Array.from({ length: 8 }, () => send(acme.admin, 'featureFlagSet', { featureKey: 'rush', isEnabled: true }, flag)),
  );
  expect(await nodes(acme.viewer, 'featureFlags', 'filter: { featureKey: { eq: "rush" } }', 'isEnabled')).toEqual([
    { isEnabled: true },
  ]);
});

test('each organization has its own flags under the same key', async () => {
  await send(acme.admin, 'featureFlagSet', { featureKey: 'shared', isEnabled: true }, flag);
  await send(globex.admin, 'featureFlagSet', { featureKey: 'shared', isEnabled: false }, flag);
  const enabled = async (org: Org) =>
    (await nodes(org.viewer, 'featureFlags', 'filter: { featureKey: { eq: "shared" } }', 'isEnabled')).map(
      ({ isEnabled }) => isEnabled,
    );
  expect([await enabled(acme), await enabled(globex)]).toEqual([[true], [false]]);
});

test('wrong input is refused, and nothing is saved', async () => {
  const { featureFlag } = await send(acme.admin, 'featureFlagCreate', { featureKey: 'taken' }, flag);
  const before = await rowsOf(acme);
  for (const featureKey of ['Upper', '1st', '', 'a b', 'x'.repeat(65)]) {
    expect(await refusal(acme.admin, 'featureFlagCreate', { featureKey })).toEqual([
      'BAD_USER_INPUT',
      ['featureKey'],
      badKey,
    ]);
    expect(await refusal(acme.admin, 'featureFlagSet', { featureKey, isEnabled: true })).toEqual([
      'BAD_USER_INPUT',
      ['featureKey'],
      badKey,
    ]);
  }
  expect(await refusal(acme.admin, 'featureFlagSet', { featureKey: 'a\u0000', isEnabled: true })).toEqual([
    'BAD_USER_INPUT',
    ['featureKey'],
    'Text cannot hold the character NUL.',
  ]);
  expect(await refusal(acme.admin, 'featureFlagCreate', { featureKey: 'taken' })).toEqual([
    'CONFLICT',
    ['featureKey'],
    'That featureKey is taken already.',
  ]);
  expect(await refusal(acme.admin, 'featureFlagCreate', { featureKey: 'empty', allowedRoles: [] })).toEqual(nobody);
  expect(await refusal(acme.admin, 'featureFlagUpdate', { id: featureFlag.id, allowedRoles: [] })).toEqual(nobody);
  expect(
    await refusal(acme.admin, 'featureFlagSet', { featureKey: 'taken', isEnabled: true, allowedRoles: [] }),
  ).toEqual(nobody);
  expect(await rowsOf(acme)).toEqual(before);
});

test('members, stale versions and the ids of others are refused, and nothing changes', async () => {
  const { featureFlag: mine } = await send(acme.admin, 'featureFlagCreate', { featureKey: 'guarded' }, flag);
  const { featureFlag: theirs } = await send(globex.admin, 'featureFlagCreate', { featureKey: 'guarded' }, flag);
  const before = [await rowsOf(acme), await rowsOf(globex)];
  for (const [mutation, input] of [
    ['featureFlagUpdate', { id: mine.id, isEnabled: true }],
    ['featureFlagDelete', { id: mine.id }],
    ['featureFlagCreate', { featureKey: 'new' }],
    ['featureFlagSet', { featureKey: 'guarded', isEnabled: true }],
  ] as const) {
    expect(await failedMutation(acme.member, mutation, input)).toEqual(lacks('organization:write', 'ADMIN'));
  }
  for (const mutation of ['featureFlagUpdate', 'featureFlagDelete']) {
    expect(await refusal(acme.admin, mutation, { id: mine.id, expectedVersion: 2 })).toEqual([
      'CONFLICT',
      ['expectedVersion'],
      'Somebody changed it: the current version is 1, not 2.',
    ]);
    for (const id of [theirs.id, nowhere])
      expect(await refusal(acme.admin, mutation, { id })).toEqual([
        'NOT_FOUND',
        ['id'],
        'There is no such FeatureFlag.',
      ]);
  }
  expect([await rowsOf(acme), await rowsOf(globex)]).toEqual(before);
});

test('a deleted flag is gone', async () => {
  const { featureFlag } = await send(acme.admin, 'featureFlagCreate', { featureKey: 'short_lived' }, flag);
  const gone = await send(
    acme.admin,
    'featureFlagDelete',
    { id: featureFlag.id, expectedVersion: 1 },
    'featureFlag { id } featureFlagId',
  );
  expect(gone).toMatchObject({ featureFlag: null, featureFlagId: featureFlag.id });
  expect((await acme.viewer.ok(`{ featureFlag(id: "${featureFlag.id}") { id } }`)).featureFlag).toBeNull();
});

test('are listed by key in one statement, counted in it or by the resolvers in a second, filtered, ordered and paged both ways', async () => {
  const org = await gateway.organization('hooli');
  for (const [featureKey, isEnabled, allowedRoles] of [
    ['c', true, null],
    ['a', false, ['OWNER']],
    ['b', true, ['OWNER', 'ADMIN']],
  ] as const) {
    await send(org.admin, 'featureFlagCreate', { featureKey, isEnabled, allowedRoles }, 'featureFlag { id }');
  }
  const keys = async (args: string, client = org.viewer) =>
    (await nodes(client, 'featureFlags', args, 'featureKey')).map(({ featureKey }) => featureKey);
  const rows = await gateway.countingBoth(org.viewer, (client) => keys('', client));
  expect(rows).toEqual({ result: ['a', 'b', 'c'], statements: { compiler: 1, resolvers: 1 } });
  const counted = await gateway.countingBoth(org.viewer, (client) =>
    client.ok('{ featureFlags(filter: { isEnabled: { eq: true } }) { totalCount nodes { id } } }'),
  );
  expect(counted.result.featureFlags.totalCount).toBe(2);
  expect(counted.statements).toEqual({ compiler: 1, resolvers: 2 });
  expect(await keys('filter: { allowedRoles: { has: "admin" } }')).toEqual(['b']);
  expect(await keys('filter: { allowedRoles: { isEmpty: true } }')).toEqual(['c']);
  expect(await keys('filter: { not: { featureKey: { in: ["a", "b"] } } }')).toEqual(['c']);
  expect(await keys('orderBy: [{ isEnabled: { direction: DESC } }, { featureKey: { direction: DESC } }]')).toEqual([
    'c',
    'b',
    'a',
  ]);
  expect(await pages(org.viewer, 'featureFlags', 'featureKey', 2, 'first')).toEqual([['a', 'b'], ['c']]);
  expect(await pages(org.viewer, 'featureFlags', 'featureKey', 2, 'last')).toEqual([['b', 'c'], ['a']]);
});
