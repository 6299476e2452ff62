import { beforeAll, expect, test } from 'vitest';
import { type Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const keyOf = async (org: Org): Promise<string> =>
  (await org.viewer.ok('{ organization { siteKey } }')).organization.siteKey;

const document = 'query ($key: String!) { site(key: $key) { name sections { key title items { slug title body } } } }';
const siteOf = async (client: Client, key: string) => (await client.ok(document, { key })).site;

/** A section with items of the given states, each called like its state; published ones from now on. */
async function section(org: Org, key: string, ...states: readonly string[]) {
  const sectionId = await make(org.member, 'CmsSection', { key, title: `About ${key}` });
  for (const state of states) {
    const id = await make(org.member, 'CmsItem', { sectionId, slug: state, title: `It is ${state}`, body: 'Text' });
    if (state !== 'draft')
      await write(org.member, 'cmsItemPublish', {
        id,
        ...(state === 'coming' && { publishedAt: '2199-01-01T00:00:00.000Z' }),
      });
    if (state === 'archived') await write(org.member, 'cmsItemArchive', { id });
    if (state === 'deleted') await write(org.member, 'cmsItemDelete', { id });
    if (state === 'unpublished') await write(org.member, 'cmsItemUnpublish', { id });
  }
  return sectionId;
}

const everyState = ['draft', 'published', 'archived', 'deleted', 'unpublished', 'coming'];
const shown = (slug: string) => ({ slug, title: `It is ${slug}`, body: 'Text' });

test('everybody with the key reads what is published, and nothing else, signed in or not', async () => {
  const org = await newOrganization(gateway);
  await section(org, 'news', ...everyState);
  await section(org, 'secret', 'draft', 'archived', 'deleted', 'coming');
  await section(org, 'team', 'published');
  const key = await keyOf(org);
  const site = {
    name: org.slug,
    sections: [
      { key: 'news', title: 'About news', items: [shown('published')] },
      { key: 'team', title: 'About team', items: [shown('published')] },
    ],
  };
  for (const client of [gateway.anonymous, await gateway.person(), org.member, globex.owner])
    expect(await siteOf(client, key)).toEqual(site);
});

test('an item is found by its address while it is published', async () => {
  const org = await newOrganization(gateway);
  await section(org, 'news', ...everyState);
  const key = await keyOf(org);
  const find = async (slug: string, where = 'news') =>
    (
      await gateway.anonymous.ok(
        `query ($key: String!, $where: String!, $slug: String!) { site(key: $key) { item(section: $where, slug: $slug) { slug } } }`,
        { key, where, slug },
      )
    ).site.item;
  const found = await Promise.all(everyState.map((slug) => find(slug)));
  expect(found).toEqual([null, { slug: 'published' }, null, null, null, null]);
  expect(await find('published', 'nowhere')).toBeNull();
});

test('a scheduled item appears at its time', async () => {
  const org = await newOrganization(gateway);
  const sectionId = await section(org, 'news', 'coming');
  const key = await keyOf(org);
  expect((await siteOf(gateway.anonymous, key)).sections).toEqual([]);
  await gateway.sql("update cms_items set published_at = now() - interval '1 second' where section_id = $1", [
    uuidOf(sectionId),
  ]);
  expect((await siteOf(gateway.anonymous, key)).sections[0].items).toEqual([shown('coming')]);
});

test('items come in the order of the editors, page by page', async () => {
  const org = await newOrganization(gateway);
  const sectionId = await section(org, 'news');
  for (const slug of ['c', 'a', 'd', 'b']) {
    const id = await make(org.member, 'CmsItem', { sectionId, slug, title: slug });
    await write(org.member, 'cmsItemPublish', { id });
  }
  const key = await keyOf(org);
  const { site } = await gateway.anonymous.ok(
    `query ($key: String!) { site(key: $key) { sections {
      one: items(first: 3) { slug } two: items(first: 3, after: "d") { slug } none: items(after: "gone") { slug } } } }`,
    { key },
  );
  const slugs = (...list: string[]) => list.map((slug) => ({ slug }));
  expect(site.sections).toEqual([{ one: slugs('c', 'a', 'd'), two: slugs('b'), none: [] }]);
  const { errors } = await gateway.anonymous.run(document.replace('items', 'items(first: 101)'), { key });
  expect(errors?.map(({ message }) => message)).toEqual(['A page has 0 to 100 items; 101 were asked for.']);
});

test('the items of all sections are one statement', async () => {
  const org = await newOrganization(gateway);
  for (const name of ['a', 'b', 'c']) await section(org, name, 'published');
  const key = await keyOf(org);
  const { statements } = await gateway.counting(() => siteOf(org.member, key));
  expect(statements).toHaveLength(2);
});

test('a key of nobody, a malformed one and that of a closed organization are the same answer', async () => {
  const org = await newOrganization(gateway);
  await section(org, 'news', 'published');
  const key = await keyOf(org);
  await gateway.sql('update organizations set deleted_at = now() where id = $1', [org.id]);
  const unknown = [
    key,
    `site_${'0'.repeat(32)}`,
    'site_',
    '',
    "' or true --",
    '%',
    org.id,
    org.slug,
    key.toUpperCase(),
  ];
  for (const text of unknown) expect(await siteOf(gateway.anonymous, text)).toBeNull();
});

test('a key opens its own organization alone', async () => {
  await section(acme, 'ours', 'published');
  await section(globex, 'theirs', 'published');
  expect(JSON.stringify(await siteOf(globex.owner, await keyOf(acme)))).not.toContain('theirs');
  expect(
    (await siteOf(gateway.anonymous, await keyOf(globex))).sections.map(({ key }: { key: string }) => key),
  ).toEqual(['theirs']);
});

test('an admin gives the site a new key, and the old one shows nothing from then on', async () => {
  const org = await newOrganization(gateway);
  await section(org, 'news', 'published');
  const old = await keyOf(org);
  expect((await failure(org.member, 'siteKeyRotate', { id: org.id }))[0]).toBe('FORBIDDEN');
  const { siteKey } = await write(org.admin, 'siteKeyRotate', { id: org.id }, 'siteKey');
  expect([siteKey === old, /^site_[0-9a-f]{32}$/.test(siteKey)]).toEqual([false, true]);
  expect(await siteOf(gateway.anonymous, old)).toBeNull();
  expect((await siteOf(gateway.anonymous, siteKey)).sections).toHaveLength(1);
  expect(await refusal(globex.owner, 'siteKeyRotate', { id: org.id })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such Organization.', path: ['id'], currentVersion: null },
  ]);
});

test('a wrong credential is refused, though the question is public', async () => {
  const answer = await gateway.withToken('nonsense').run(document, { key: await keyOf(acme) });
  expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
});

/** What nobody answers without a sign-in, though it begins with what everybody may ask. */
const beyond = [
  '{ site(key: "x") { name } accounts { totalCount } }',
  '{ site(key: "x") { name } viewer { role } }',
  '{ site(key: "x") { name } node(id: "x") { id } }',
  '{ ...All } fragment All on Query { site(key: "x") { name } accounts { totalCount } }',
  '{ ... on Query { accounts { totalCount } } }',
  'mutation { accountCreate(input: { name: "Site" }) { userErrors { code } } }',
  'mutation { site: siteKeyRotate(input: { id: "x" }) { userErrors { code } } }',
];

/** What would tell of the rest of the schema by its mistakes. */
const probing = [
  '{ site(key: "x") { ... on Account { name } } }',
  '{ site(key: "x") { name } } fragment Lost on Account { name }',
  'query ($f: AccountFilter) { site(key: "x") { name } }',
  'query ($f: NoSuchInput) { site(key: "x") { name } }',
  'query A { site(key: "x") { name } } query B { accounts { totalCount } }',
  '{ site(key: "x") { name } __schema { types { name } } }',
  '{ site(key: ',
];

test('without a sign-in nothing else is answered', async () => {
  for (const query of beyond) {
    const { data, errors } = await gateway.anonymous.run(query);
    expect([query, data, errors?.map(({ extensions }) => extensions.code)]).toEqual([query, {}, ['UNAUTHENTICATED']]);
  }
});

test('in production neither the rest of the schema is told of, and the public part works', async ({
  onTestFinished,
}) => {
  const production = await startGateway({
    NODE_ENV: 'production',
    JWT_SECRET: 's'.repeat(32),
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
  });
  onTestFinished(() => production.close());
  for (const query of [...beyond, ...probing]) {
    const { status, errors } = await production.anonymous.run(query);
    expect([query, status, errors?.map(({ message }) => message)]).toEqual([
      query,
      401,
      ['Sign in: send a token as "Authorization: Bearer <token>".'],
    ]);
  }
  const org = await production.organization('open');
  await section(org, 'news', 'published', 'draft');
  const key = await keyOf(org);
  const { site } = await production.anonymous.ok(
    `query ($key: String!) { __typename site(key: $key) { ...Page } }
     fragment Page on Site { __typename sections { items { ... on SiteItem { slug } } } }`,
    { key },
  );
  expect(site).toEqual({ __typename: 'Site', sections: [{ items: [{ slug: 'published' }] }] });
  const wrong = await production.anonymous.run('{ site(key: "x") { nme } }');
  expect(wrong.errors?.map(({ message }) => message)).toEqual(['Cannot query field "nme" on type "Site".']);
});
