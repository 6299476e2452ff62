import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { placeAt } from '../../../src/domains/content/place.ts';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const word = () => randomBytes(5).toString('hex');
const section = (key = word()) => make(acme.member, 'CmsSection', { key, title: 'News' });
const item = (sectionId: string, slug = word()) =>
  make(acme.member, 'CmsItem', { sectionId, slug, title: 'Open again' });
const state = 'status publishedAt version';
const step = (name: string, id: string, input: object = {}) =>
  write(acme.member, `cmsItem${name}`, { id, ...input }, state);

test('an item is published, taken back, archived and reopened', async () => {
  const id = await item(await section());
  const published = await step('Publish', id, { expectedVersion: 1 });
  expect(published).toEqual({ status: 'PUBLISHED', publishedAt: published.publishedAt, version: 2 });
  expect(Math.abs(Date.parse(published.publishedAt) - Date.now())).toBeLessThan(60_000);
  expect(await step('Unpublish', id)).toEqual({ status: 'DRAFT', publishedAt: null, version: 3 });
  const dated = { publishedAt: '2026-01-02T00:00:00.000Z' };
  expect(await step('Publish', id, dated)).toMatchObject({ status: 'PUBLISHED', ...dated });
  expect(await step('Archive', id)).toMatchObject({ status: 'ARCHIVED', ...dated });
  expect(await step('Reopen', id)).toMatchObject({ status: 'DRAFT', publishedAt: null });
  expect(await step('Archive', id)).toMatchObject({ status: 'ARCHIVED', publishedAt: null });
});

test('a step that does not begin in its state is refused, naming it', async () => {
  const id = await item(await section());
  const message = (now: string, from: string, done: string) =>
    `This cms item is ${now}; only one that is ${from} can be ${done}.`;
  for (const [name, from, done] of [
    ['Unpublish', 'published', 'unpublished'],
    ['Reopen', 'archived', 'reopened'],
  ] as const)
    expect(await refusal(acme.member, `cmsItem${name}`, { id })).toEqual(
      conflict(message('draft', from, done), 'id', 1),
    );
  await step('Archive', id);
  for (const [name, from, done] of [
    ['Publish', 'draft', 'published'],
    ['Archive', 'draft or published', 'archived'],
  ] as const)
    expect(await refusal(acme.member, `cmsItem${name}`, { id })).toEqual(
      conflict(message('archived', from, done), 'id', 2),
    );
});

test.each(['cmsItemPublish', 'cmsItemUnpublish', 'cmsItemArchive', 'cmsItemReopen'])(
  '%s is for those who write, in their organization',
  async (name) => {
    const id = await item(await section());
    expect((await failure(acme.viewer, name, { id }))[0]).toBe('FORBIDDEN');
    expect(await refusal(globex.member, name, { id })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such CmsItem.', path: ['id'], currentVersion: null },
    ]);
  },
);

test('a slug is taken once among the live items of a section', async () => {
  const [first, second] = [await section(), await section()];
  const id = await item(first, 'hello');
  await item(second, 'hello');
  const again = { sectionId: first, slug: 'hello', title: 'Again' };
  expect(await refusal(acme.member, 'cmsItemCreate', again)).toEqual(
    conflict('That slug is taken already.', 'slug', null),
  );
  await write(acme.member, 'cmsItemDelete', { id });
  await item(first, 'hello');
  expect(await refusal(acme.member, 'cmsItemRestore', { id })).toEqual(
    conflict('That slug is taken already.', 'slug', null),
  );
});

test.each(['', 'Upper', 'two words', '-a', 'a-', 'a--b', 'ä', 'a/b', 'x'.repeat(101)])(
  'a slug or key like %j is refused',
  async (text) => {
    const wrong = (path: string, message: string) => [
      { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
    ];
    expect(await refusal(acme.member, 'cmsItemCreate', { sectionId: await section(), slug: text, title: 'X' })).toEqual(
      wrong('slug', 'A slug has 1 to 100 lower-case letters, digits and single hyphens.'),
    );
    expect(await refusal(acme.member, 'cmsSectionCreate', { key: text, title: 'X' })).toEqual(
      wrong('key', 'A key has 1 to 63 lower-case letters, digits and single hyphens.'),
    );
  },
);

test('a section has its key alone, and stays while items are in it', async () => {
  const key = word();
  const id = await section(key);
  expect(await refusal(acme.member, 'cmsSectionCreate', { key, title: 'Twice' })).toEqual(
    conflict('That key is taken already.', 'key', null),
  );
  await make(globex.member, 'CmsSection', { key, title: 'Theirs' });
  await item(id);
  expect(await refusal(acme.member, 'cmsSectionDelete', { id })).toEqual(
    conflict('Still used by cms items.', 'id', null),
  );
});

/** The slugs of a section in their order. */
const order = async (sectionId: string) =>
  (
    await acme.viewer.ok('query ($id: ID!) { cmsSection(id: $id) { items { nodes { slug } } } }', { id: sectionId })
  ).cmsSection.items.nodes.map(({ slug }: { slug: string }) => slug);

async function filled(slugs: readonly string[]) {
  const sectionId = await section();
  const ids: Record<string, string> = {};
  for (const slug of slugs) ids[slug] = await item(sectionId, slug);
  return { sectionId, ids };
}

test('items stand in the order they were made in, and move before and after one another', async () => {
  const { sectionId, ids } = await filled(['a', 'b', 'c', 'd']);
  expect(await order(sectionId)).toEqual(['a', 'b', 'c', 'd']);
  const move = (id: string | undefined, where: object) =>
    write(acme.member, 'cmsItemMove', { id, ...where }, 'version');
  expect(await move(ids.d, { beforeId: ids.a })).toEqual({ version: 2 });
  expect(await order(sectionId)).toEqual(['d', 'a', 'b', 'c']);
  await move(ids.a, { afterId: ids.b });
  expect(await order(sectionId)).toEqual(['d', 'b', 'a', 'c']);
  await move(ids.d, { afterId: ids.c });
  expect(await order(sectionId)).toEqual(['b', 'a', 'c', 'd']);
  const versions = await gateway.sql('select slug, version from cms_items where section_id = $1 order by slug', [
    uuidOf(sectionId),
  ]);
  expect(versions.map(({ version }) => version)).toEqual([2, 1, 1, 3]);
});

test('an item that is moved again and again into the same gap finds room', async () => {
  const { sectionId, ids } = await filled(['a', 'b', 'c', 'z']);
  for (let round = 0; round < 30; round += 1) {
    const [id, next] = round % 2 ? [ids.b, ids.c] : [ids.c, ids.b];
    await write(acme.member, 'cmsItemMove', { id, beforeId: next });
    expect(await order(sectionId)).toEqual(round % 2 ? ['a', 'b', 'c', 'z'] : ['a', 'c', 'b', 'z']);
  }
});

test('moves at the same moment leave every item in a place of its own', async () => {
  const slugs = ['a', 'b', 'c', 'd', 'e'];
  const { sectionId, ids } = await filled(slugs);
  await Promise.all(
    ['b', 'c', 'd', 'e'].map((slug) => write(acme.member, 'cmsItemMove', { id: ids[slug], beforeId: ids.a })),
  );
  expect((await order(sectionId)).slice().sort()).toEqual(slugs);
  expect((await order(sectionId)).at(-1)).toBe('a');
  const [row] = await gateway.sql(
    'select count(distinct position)::int as places from cms_items where section_id = $1',
    [uuidOf(sectionId)],
  );
  expect(row).toEqual({ places: 5 });
});

test('an item in another section comes to its end', async () => {
  const { sectionId, ids } = await filled(['a', 'b']);
  const other = await filled(['c']);
  await write(acme.member, 'cmsItemUpdate', { id: other.ids.c, sectionId });
  expect(await order(sectionId)).toEqual(['a', 'b', 'c']);
  expect(await order(other.sectionId)).toEqual([]);
  expect(ids.a).toBeDefined();
});

test('a place beside nothing, beside two, or beside what is not there is refused', async () => {
  const { ids } = await filled(['a', 'b']);
  const elsewhere = await item(await section());
  const one = [
    {
      code: 'BAD_USER_INPUT',
      message: 'Give beforeId or afterId, and not both.',
      path: ['beforeId'],
      currentVersion: null,
    },
  ];
  expect(await refusal(acme.member, 'cmsItemMove', { id: ids.a })).toEqual(one);
  expect(await refusal(acme.member, 'cmsItemMove', { id: ids.a, beforeId: ids.b, afterId: ids.b })).toEqual(one);
  for (const beforeId of [elsewhere, ids.a, randomUUID()])
    expect(await refusal(acme.member, 'cmsItemMove', { id: ids.a, beforeId })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such neighbor.', path: ['beforeId'], currentVersion: null },
    ]);
  expect((await failure(acme.viewer, 'cmsItemMove', { id: ids.a, beforeId: ids.b }))[0]).toBe('FORBIDDEN');
});

test('sections move, too', async () => {
  const org = await newOrganization(gateway);
  const ids: string[] = [];
  for (const key of ['a', 'b', 'c']) ids.push(await make(org.member, 'CmsSection', { key, title: key }));
  await write(org.member, 'cmsSectionMove', { id: ids[2], beforeId: ids[1] });
  const { cmsSections } = await org.viewer.ok('{ cmsSections { nodes { key } } }');
  expect(cmsSections.nodes).toEqual([{ key: 'a' }, { key: 'c' }, { key: 'b' }]);
});

test('a place is halfway between neighbors, and pushes no more of them than it must', () => {
  expect(placeAt([], 0)).toEqual({ position: 1024, pushed: new Map() });
  expect(placeAt([1024], 0)).toEqual({ position: 512, pushed: new Map() });
  expect(placeAt([1024], 1)).toEqual({ position: 2048, pushed: new Map() });
  expect(placeAt([10, 12], 1)).toEqual({ position: 11, pushed: new Map() });
  expect(placeAt([10, 11, 12, 2048], 1)).toEqual({
    position: 74,
    pushed: new Map([
      [1, 138],
      [2, 202],
    ]),
  });
  expect(placeAt([5, 5, 2048], 1)).toEqual({ position: 69, pushed: new Map([[1, 133]]) });
  expect(placeAt([1], 0)).toEqual({ position: 64, pushed: new Map([[0, 128]]) });
});
