/** A small website: news in every state, what is offered, and who works there. */
import { insertRows, type Row } from './insert.ts';
import { peopleOf } from './people.ts';
import { type News, newsOf } from './phrases/website.ts';
import { type Scene, slugOf } from './scene.ts';

const sections = [
  { key: 'news', title: 'News' },
  { key: 'services', title: 'What we do' },
  { key: 'team', title: 'Who we are' },
] as const;

interface Item {
  readonly section: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'draft' | 'published' | 'archived' | 'coming' | 'deleted';
  /** Days since it was written. */
  readonly age: number;
}

const newsItems = (news: readonly News[]): Item[] =>
  news.map(({ title, body, status = 'published' as const }, index) => ({
    section: 0,
    title,
    body,
    state: status,
    age: status === 'coming' || status === 'draft' ? 3 + index : 12 + index * 31,
  }));

const serviceItems = ({ business }: Scene): Item[] =>
  business.trade.services.map(({ name, description, isActive = true }, index) => ({
    section: 1,
    title: name,
    body: `${description} Ask us for a date and a price.`,
    state: isActive ? 'published' : 'archived',
    age: 350 - index,
  }));

const teamItems = ({ org }: Scene): Item[] =>
  peopleOf(org.slug).map(({ name, title, role }, index) => ({
    section: 2,
    title: name,
    body: title,
    state: role === 'viewer' ? 'draft' : 'published',
    age: 340 - index,
  }));

const statusOf = (state: Item['state']) => (state === 'coming' || state === 'deleted' ? 'published' : state);

function publishedAt({ calendar }: Scene, { state, age }: Item): string | null {
  if (state === 'draft') return null;
  return state === 'coming' ? calendar.workday(-9, 60) : calendar.workday(age - 1, 75);
}

function itemRows(scene: Scene, items: readonly Item[]): Row[] {
  const { org, id, calendar, staff } = scene;
  const random = scene.random('cms_items');
  return items.map((item, index) => ({
    org_id: org.id,
    id: id('cms_items', index),
    section_id: id('cms_sections', item.section),
    slug: slugOf(item.title),
    title: item.title,
    body: item.body,
    status: statusOf(item.state),
    published_at: publishedAt(scene, item),
    author_id: random.pick(staff),
    deleted_at: item.state === 'deleted' ? calendar.ago(4, 615) : null,
    created_at: calendar.workday(item.age, 50),
  }));
}

export async function seedContent(scene: Scene): Promise<void> {
  const { client, org, id, calendar } = scene;
  const items = [...newsItems(newsOf(org.slug)), ...serviceItems(scene), ...teamItems(scene)];
  const rows = sections.map((section, index) => ({
    org_id: org.id,
    id: id('cms_sections', index),
    ...section,
    created_at: calendar.workday(360, 40 + index),
  }));
  // A key that never changes, for the examples.
  const key = `site_${id('site_keys', 0).replaceAll('-', '')}`;
  await client.query('update organizations set site_key = $2 where id = $1', [org.id, key]);
  await insertRows(client, 'cms_sections', rows);
  await insertRows(client, 'cms_items', itemRows(scene, items));
}
