/**
 * The public website: what is published, for everybody who has the site key. The database gives nothing else away, whoever
 * asks: see `app.published_site` and `app.published_items`.
 */
import DataLoader from 'dataloader';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import { badInput } from '../../errors.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { defaultPageSize, maxPageSize } from '../../graphql/page.ts';
import { changeRow, type Input, liveRow, rowId } from '../../graphql/rows.ts';

interface Item {
  readonly slug: string;
  readonly title: string;
  readonly body: string | null;
  readonly publishedAt: Date;
  readonly updatedAt: Date;
}

/** Which items of a section are asked for. */
interface Asked {
  readonly section: string;
  readonly slug: string | null;
  readonly after: string | null;
  readonly size: number;
}

interface Section {
  readonly siteKey: string;
  readonly key: string;
  readonly title: string;
}

interface Site {
  readonly key: string;
  readonly name: string;
  readonly sections: readonly Section[];
}

type Loader = DataLoader<Asked, readonly Item[]>;

const loaders = new WeakMap<Db, Map<string, Loader>>();

/** Reads what all sections of a page ask for with one statement. */
const readItems =
  (db: Db, siteKey: string) =>
  async (asked: readonly Asked[]): Promise<Item[][]> => {
    const wanted = JSON.stringify(asked.map((one, index) => ({ ...one, index })));
    const rows = await db.$queryRaw<(Item & { index: number })[]>`
      select asked.index, item.slug, item.title, item.body, item.published_at as "publishedAt", item.updated_at as "updatedAt"
        from jsonb_to_recordset(${wanted}::jsonb) as asked (index integer, section text, slug text, after text, size integer)
        cross join lateral app.published_items(${siteKey}, asked.section, asked.slug, asked.after, asked.size)
          with ordinality as item (slug, title, body, published_at, updated_at, place)
        order by asked.index, item.place`;
    return asked.map((_, index) => rows.filter((row) => row.index === index));
  };

function loadItems({ db }: Context, siteKey: string, asked: Asked): Promise<readonly Item[]> {
  const own = loaders.get(db) ?? new Map<string, Loader>();
  loaders.set(db, own);
  const loader = own.get(siteKey) ?? new DataLoader(readItems(db, siteKey), { cacheKeyFn: JSON.stringify as never });
  own.set(siteKey, loader);
  return loader.load(asked);
}

const SiteItem = builder.objectRef<Item>('SiteItem').implement({
  description: 'A page or an article of the public website, as its readers see it.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Its part of the address, unique in its section.' }),
    title: t.exposeString('title', { description: 'The heading.' }),
    body: t.exposeString('body', { nullable: true, description: 'The text.' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', description: 'Since when readers see it.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
});

function checkSize(size: number): number {
  if (size >= 0 && size <= maxPageSize) return size;
  throw badInput(`A page has 0 to ${maxPageSize} items; ${size} were asked for.`);
}

const SiteSection = builder.objectRef<Section>('SiteSection').implement({
  description: 'A part of the public website in which something is published.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What the website knows it by.' }),
    title: t.exposeString('title', { description: 'The heading.' }),
    items: t.field({
      type: [SiteItem],
      description: 'What is published in it, in the order that the editors gave it.',
      args: {
        first: t.arg.int({
          description: `How many, at most ${maxPageSize}; ${defaultPageSize} unless given.`,
        }),
        after: t.arg.string({
          description: 'Only what follows the item with this slug; nothing when that is not published.',
        }),
      },
      resolve: ({ siteKey, key }, { first, after }, context) =>
        loadItems(context, siteKey, {
          section: key,
          slug: null,
          after: after ?? null,
          size: checkSize(first ?? defaultPageSize),
        }),
    }),
  }),
});

const Site = builder.objectRef<Site>('Site').implement({
  description: 'The public website of an organization: what is published of it, and nothing else.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the organization.' }),
    sections: t.field({
      type: [SiteSection],
      description: 'Its sections in their order, those in which something is published.',
      resolve: ({ sections }) => sections,
    }),
    item: t.field({
      type: SiteItem,
      nullable: true,
      description: 'One item by its address; null when there is none, or it is not published.',
      args: {
        section: t.arg.string({ required: true, description: 'The key of its section.' }),
        slug: t.arg.string({ required: true, description: 'Its slug.' }),
      },
      resolve: async ({ key }, { section, slug }, context) =>
        (await loadItems(context, key, { section, slug, after: null, size: 1 }))[0] ?? null,
    }),
  }),
});

async function findSite({ db }: Context, key: string): Promise<Site | null> {
  const [found] = await db.$queryRaw<Site[]>`select name, sections from app.published_site(${key})`;
  return found ? { ...found, key, sections: found.sections.map((section) => ({ ...section, siteKey: key })) } : null;
}

builder.queryField('site', (t) =>
  t.field({
    type: Site,
    nullable: true,
    description: 'The public website with a site key. Null when no organization has this key. Needs no sign-in.',
    extensions: { permission: 'public' },
    args: { key: t.arg.string({ required: true, description: 'The site key, `Organization.siteKey`.' }) },
    resolve: (_root, { key }, context) => findSite(context, key),
  }),
);

async function rotateKey(input: Input, context: Context) {
  const id = rowId('Organization', input);
  const { version } = await liveRow(context, 'Organization', input, {});
  const [{ key } = { key: '' }] = await context.db.$queryRaw<{ key: string }[]>`select app.new_site_key() as key`;
  return changeRow(context, 'Organization', { id, expectedVersion: version, data: { siteKey: key } });
}

mutation({
  name: 'siteKeyRotate',
  description:
    'Gives the current organization a new site key. The website with the old one shows nothing from then on.',
  permission: 'organization:write',
  input: TargetInput,
  returns: 'Organization',
  run: rotateKey,
});
