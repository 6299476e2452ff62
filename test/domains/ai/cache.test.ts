import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
});

const fields = 'id response hitCount expiresAt isExpired version';
const get = (cacheKey: string, who = org): Promise<Data | null> =>
  write(who.member, 'aiCacheGet', { cacheKey }, fields);
const put = (cacheKey: string, n: number, more: object = {}): Promise<Data> =>
  write(org.member, 'aiCachePut', { cacheKey, model: 'mistral-large', response: { n }, ...more }, fields);

async function getOrPut(cacheKey: string, n: number): Promise<Data> {
  const document = `mutation ($input: AiCacheGetOrPutInput!) {
    aiCacheGetOrPut(input: $input) { isHit aiCache { ${fields} } userErrors { message } } }`;
  return (await org.member.ok(document, { input: { cacheKey, response: { n } } })).aiCacheGetOrPut;
}

/** Makes what is kept under a key expire. */
const expire = (id: string) =>
  gateway.sql("update ai_cache set expires_at = now() - interval '1 second' where id = $1", [uuidOf(id)]);

test('an answer is found by its key, and each time is counted, which is no change of it', async () => {
  expect(await get('k1')).toBeNull();
  const kept = await put('k1', 1);
  expect(kept).toMatchObject({ response: { n: 1 }, hitCount: 0, isExpired: false, version: 1 });
  const [changes] = await gateway.sql('select count(*) from audit_logs where entity_id = $1', [uuidOf(kept.id)]);
  await get('k1');
  expect(await get('k1')).toEqual({ ...kept, hitCount: 2 });
  expect(await gateway.sql('select count(*) from audit_logs where entity_id = $1', [uuidOf(kept.id)])).toEqual([
    changes,
  ]);
});

test('a second answer takes the place of the first', async () => {
  const first = await put('k2', 1);
  await get('k2');
  expect(await put('k2', 2)).toMatchObject({ id: first.id, response: { n: 2 }, hitCount: 0, version: 2 });
});

test('an expired answer is not given out, and can be replaced', async () => {
  const kept = await put('k3', 1, { expiresAt: new Date(Date.now() + 60_000).toISOString() });
  await expire(kept.id);
  expect(await get('k3')).toBeNull();
  const shown = await org.viewer.ok(`query ($id: ID!) { aiCache(id: $id) { isExpired hitCount } }`, { id: kept.id });
  expect(shown.aiCache).toEqual({ isExpired: true, hitCount: 0 });
  expect(await getOrPut('k3', 2)).toMatchObject({ isHit: false, aiCache: { id: kept.id, response: { n: 2 } } });
  expect(await getOrPut('k3', 3)).toMatchObject({ isHit: true, aiCache: { response: { n: 2 }, hitCount: 1 } });
});

test('of many who store at the same moment one does, and all get its answer', async () => {
  const stale = await put('k4', 0);
  await expire(stale.id);
  for (const key of ['k4', 'k5']) {
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => getOrPut(key, n)));
    expect(answers.filter(({ isHit }) => !isHit)).toHaveLength(1);
    expect(new Set(answers.map(({ aiCache }) => JSON.stringify(aiCache.response))).size).toBe(1);
    expect((await get(key))?.hitCount).toBe(5);
  }
});

test('the same key of another organization is another answer', async () => {
  await put('k6', 1);
  expect(await get('k6', other)).toBeNull();
  await write(other.member, 'aiCachePut', { cacheKey: 'k6', response: { theirs: true } });
  expect(await get('k6')).toMatchObject({ response: { n: 1 } });
});

test.each([
  [{ cacheKey: '', response: {} }, 'The value of cacheKey is not allowed.', 'cacheKey'],
  [{ cacheKey: 'k7', response: 'text' }, 'response expects a JSON object.', 'response'],
])('aiCachePut with %j is refused', async (input, message, path) => {
  const expected = [{ code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null }];
  expect(await refusal(org.member, 'aiCachePut', input)).toEqual(expected);
});

const research = (input: object): Promise<Data> =>
  write(
    org.member,
    'prospectIntelligenceUpsert',
    input,
    'id prospectName websiteUrl profile isFresh expiresAt version',
  );

test('prospect research is cached until it expires', async () => {
  const first = await research({
    prospectName: 'Umbra Labs',
    profile: { size: 40 },
    websiteUrl: 'https://umbra.example',
  });
  const days = (Date.parse(first.expiresAt) - Date.now()) / 86_400_000;
  expect(first).toMatchObject({ isFresh: true, profile: { size: 40 }, version: 1 });
  expect(Math.round(days)).toBe(30);

  const again = { prospectName: 'UMBRA labs', profile: { size: 55 }, keepFresh: true };
  expect(await research(again)).toEqual(first);

  await gateway.sql("update prospect_intelligence set expires_at = now() - interval '1 second' where id = $1", [
    uuidOf(first.id),
  ]);
  const stale = await org.viewer.ok('{ prospectIntelligences { nodes { isFresh } } }');
  expect(stale.prospectIntelligences.nodes).toEqual([{ isFresh: false }]);
  expect(await research(again)).toMatchObject({
    id: first.id,
    prospectName: 'Umbra Labs',
    websiteUrl: 'https://umbra.example/',
    profile: { size: 55 },
    isFresh: true,
  });
});

test('research replaces what was known, and may be kept for ever', async () => {
  const first = await research({ prospectName: 'Kite', profile: { n: 1 } });
  const second = await research({ prospectName: 'kite', profile: { n: 2 }, expiresAt: null });
  expect(second).toMatchObject({ id: first.id, profile: { n: 2 }, expiresAt: null, isFresh: true });
});

test('research of the same prospect at the same moment makes one row, and another organization has its own', async () => {
  const rows = await Promise.all([1, 2, 3].map((n) => research({ prospectName: 'Twice', profile: { n } })));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  const theirs = await write(other.member, 'prospectIntelligenceUpsert', { prospectName: 'Twice', profile: {} });
  expect(theirs.id).not.toBe(rows[0]?.id);
});
