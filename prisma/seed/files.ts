/** Files with their bytes in the store, what they are attached to, and uploads that did not end well. */
import { createHash } from 'node:crypto';
import { type Content, csv, floorPlan, logo, markdown, pdf } from './file-contents.ts';
import { insertRows } from './insert.ts';
import { at } from './random.ts';
import { type Scene, slugOf } from './scene.ts';

interface Subject {
  readonly type: string;
  readonly id: string;
}

interface Planned {
  readonly name: string;
  readonly content: Content;
  /** Days since it was uploaded. */
  readonly age: number;
  readonly attachedTo: readonly Subject[];
  readonly isDeleted?: boolean;
}

/** Rows of a table that was filled before, in a fixed order. */
async function rowsOf<T extends object>(scene: Scene, sql: string): Promise<T[]> {
  return (await scene.client.query<T>(`${sql} limit 100`, [scene.org.id])).rows;
}

interface Client {
  readonly id: string;
  readonly name: string;
  readonly industry: string | null;
  readonly city: string | null;
}

const colors = ['#0f766e', '#1d4ed8', '#b45309', '#9d174d', '#4d7c0f', '#5b21b6'];

function clientFiles(scene: Scene, clients: readonly Client[]): Planned[] {
  const random = scene.random('files');
  return clients.flatMap((client, index) => {
    const slug = slugOf(client.name);
    const attachedTo = [{ type: 'account', id: client.id }];
    const profile = markdown(`${client.name}: what we know`, [
      `Industry: ${client.industry ?? 'private'}. City: ${client.city ?? 'unknown'}.`,
      `They said: "${random.pick(scene.business.trade.motivations)}"`,
      `Next: ${random.pick(scene.business.trade.nextSteps)}`,
    ]);
    return [
      { name: `${slug}-logo.svg`, content: logo(client.name, at(colors, index)), age: 300 - index * 9, attachedTo },
      { name: `${slug}-profile.md`, content: profile, age: 290 - index * 9, attachedTo, isDeleted: index === 3 },
    ];
  });
}

interface Paper {
  readonly id: string;
  readonly title: string;
  readonly text: string | null;
  readonly proposal_id: string | null;
}

const contractFiles = (papers: readonly Paper[]): Planned[] =>
  papers.map(({ id, title, text, proposal_id }, index) => ({
    name: `${title.replaceAll('/', '-')} (signed).pdf`,
    content: pdf(title, (text ?? 'As agreed.').match(/.{1,80}(\s|$)/g) ?? []),
    age: 200 - index * 8,
    attachedTo: [{ type: 'contract', id }, ...(proposal_id ? [{ type: 'proposal', id: proposal_id }] : [])],
  }));

const sitePlans = (scene: Scene, sites: readonly { readonly id: string; readonly name: string }[]): Planned[] => {
  const random = scene.random('floor-plans');
  const rooms = ['Entrance', 'Plant room', 'Office', 'Storage', 'Workshop', 'Roof access'];
  return sites.map(({ id, name }, index) => ({
    name: `${slugOf(name)}-floor-plan.svg`,
    content: floorPlan(
      name,
      random.some(rooms, 4).map((room) => ({ name: room, width: random.int(80, 160) })),
    ),
    age: 250 - index * 7,
    attachedTo: [{ type: 'property', id }],
  }));
};

interface Meeting {
  readonly id: string;
  readonly subject: string | null;
  readonly body: string | null;
  readonly account_id: string | null;
}

const meetingNotes = (meetings: readonly Meeting[]): Planned[] =>
  meetings.map(({ id, subject, body, account_id }, index) => ({
    name: `Notes ${subject ?? 'without subject'}.md`.replaceAll('/', '-'),
    content: markdown(subject ?? 'Notes', [body ?? 'Nothing was written down.']),
    age: 90 - index * 6,
    attachedTo: [{ type: 'interaction', id }, ...(account_id ? [{ type: 'account', id: account_id }] : [])],
  }));

const vendors = ['Print & Post', 'City Rail', 'Hotel Central', 'Tool Depot', 'Cloud Hosting', 'Stationery House'];

/** Receipts of the year, for whoever enters expenses. */
function receipts({ random: of, calendar, org }: Scene, count: number): Planned[] {
  const random = of('receipts');
  return Array.from({ length: count }, (_, index) => {
    const age = 340 - index * Math.floor(330 / count);
    const [vendor, total] = [at(vendors, index), random.int(900, 42_000) / 100];
    const lines = [
      `Receipt no. ${1000 + index * 37}`,
      calendar.date(-age),
      `Total ${org.currency} ${total.toFixed(2)}`,
    ];
    return { name: `Receipt ${vendor} ${calendar.date(-age)}.pdf`, content: pdf(vendor, lines), age, attachedTo: [] };
  });
}

const priceList = ({ business: { trade }, org }: Scene): Planned => ({
  name: 'price-list.csv',
  content: csv(
    ['service', 'unit', `price ${org.currency}`],
    trade.services.map(({ name, unit, cents }) => [name, unit, (cents / 100).toFixed(2)]),
  ),
  age: 120,
  attachedTo: [],
});

async function plan(scene: Scene): Promise<Planned[]> {
  const many = scene.org.plan !== 'free';
  const some = (count: number) => (many ? count : 2);
  const clients = await rowsOf<Client>(
    scene,
    `select id, name, industry, billing_address ->> 'city' as city from accounts where org_id = $1 and lifecycle = 'client' and deleted_at is null order by id`,
  );
  const papers = await rowsOf<Paper>(
    scene,
    `select id, title, scope as text, proposal_id from contracts where org_id = $1 and status = 'signed' and deleted_at is null order by id`,
  );
  const sites = await rowsOf<{ id: string; name: string }>(
    scene,
    'select id, name from properties where org_id = $1 and deleted_at is null order by id',
  );
  const meetings = await rowsOf<Meeting>(
    scene,
    `select id, subject, body, account_id from interactions where org_id = $1 and type = 'meeting' order by occurred_at desc, id`,
  );
  return [
    ...clientFiles(scene, clients.slice(0, some(16))),
    ...contractFiles(papers.slice(0, some(12))),
    ...sitePlans(scene, sites.slice(0, some(scene.org.slug === 'globex' ? 18 : 6))),
    ...meetingNotes(meetings.slice(0, some(12))),
    ...receipts(scene, some(14)),
    priceList(scene),
  ];
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function readyRows(scene: Scene, files: readonly Planned[]) {
  const random = scene.random('uploaders');
  return files.map(({ name, content, age, isDeleted = false }, index) => ({
    org_id: scene.org.id,
    id: scene.id('files', index),
    name: name.slice(0, 255),
    object_id: scene.id('file-objects', index),
    size_bytes: content.bytes.length,
    mime_type: content.mimeType,
    sha256: sha256(content.bytes),
    uploaded_by_id: random.pick(scene.staff),
    status: scene.store ? 'ready' : 'pending',
    quarantine_reason: null,
    deleted_at: isDeleted ? scene.calendar.workday(Math.max(1, age - 20), 90) : null,
    created_at: scene.calendar.workday(Math.max(1, age), random.int(10, 500)),
  }));
}

/** Announced and not sent yet, and sent otherwise than announced. */
function unreadyRows(scene: Scene, first: number) {
  const uploads = [
    { name: 'team-photo.jpg', mime_type: 'image/jpeg', size_bytes: 4_184_233, reason: null, days: 0 },
    { name: 'walkthrough.mp4', mime_type: 'video/mp4', size_bytes: 24_902_110, reason: null, days: 0 },
    { name: 'export-from-old-system.zip', mime_type: 'application/zip', size_bytes: 1_882_004, reason: null, days: 2 },
    {
      name: 'invoice.pdf',
      mime_type: 'application/pdf',
      size_bytes: 88_412,
      reason: 'The content is no application/pdf: it begins differently.',
      days: 40,
    },
    {
      name: 'scan-0031.tiff',
      mime_type: 'image/tiff',
      size_bytes: 912_340,
      reason: 'The file has 524288 bytes; 912340 were announced.',
      days: 95,
    },
  ];
  return uploads.map(({ reason, days, ...columns }, index) => ({
    org_id: scene.org.id,
    id: scene.id('files', first + index),
    ...columns,
    object_id: scene.id('file-objects', first + index),
    sha256: sha256(Buffer.from(columns.name)),
    uploaded_by_id: at(scene.staff, index),
    status: reason === null ? 'pending' : 'quarantined',
    quarantine_reason: reason,
    deleted_at: null,
    created_at: days === 0 ? scene.calendar.ago(0, index) : scene.calendar.workday(days, 200),
  }));
}

function attachmentRows(scene: Scene, files: readonly Planned[]) {
  const pairs = files.flatMap(({ attachedTo, age }, index) => attachedTo.map((subject) => ({ index, age, subject })));
  return pairs.map(({ index, age, subject }, number) => ({
    org_id: scene.org.id,
    id: scene.id('attachments', number),
    file_id: scene.id('files', index),
    entity_type: subject.type,
    entity_id: subject.id,
    created_at: scene.calendar.workday(Math.max(1, age), 505),
  }));
}

/** The bytes go into the store at once: if the rows are not saved after all, the same ones come with the next try. */
export async function seedFiles(scene: Scene): Promise<void> {
  const files = await plan(scene);
  const put = ({ content }: Planned, index: number) =>
    scene.store?.put(`${scene.org.id}/${scene.id('file-objects', index)}`, content.bytes);
  await Promise.all(files.map(put));
  await insertRows(scene.client, 'files', [...readyRows(scene, files), ...unreadyRows(scene, files.length)]);
  await insertRows(scene.client, 'attachments', attachmentRows(scene, files));
}
