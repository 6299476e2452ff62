import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { removeStaleUploads } from '../../../src/files/clean.ts';
import { createFiles } from '../../../src/files/store.ts';
import { createLogger } from '../../../src/log.ts';
import { createGateway } from '../../../src/server.ts';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';
import { addressOf, announce, ready, send, sendBytes } from './uploads.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
});

const statsOf = async (client: Client) =>
  (await client.ok('{ fileStorage { totalBytes fileCount } }')).fileStorage as {
    totalBytes: string;
    fileCount: number;
  };

const counted = (totalBytes: number, fileCount: number) => ({ totalBytes: String(totalBytes), fileCount });

test('storage statistics are kept per org: they count what is ready and live', async () => {
  const [mine, other] = [await newOrganization(gateway), await newOrganization(gateway)];
  expect(await statsOf(mine.viewer)).toEqual(counted(0, 0));
  const waiting = await announce(mine.member, Buffer.from('12345'));
  expect(await statsOf(mine.viewer)).toEqual(counted(0, 0));
  await sendBytes(gateway.server, waiting, Buffer.from('12345'));
  await write(mine.member, 'fileConfirm', { id: waiting.id });
  await ready(gateway.server, mine.member, Buffer.from('123'));
  expect(await statsOf(mine.viewer)).toEqual(counted(8, 2));

  await write(mine.member, 'fileDelete', { id: waiting.id });
  expect(await statsOf(mine.viewer)).toEqual(counted(3, 1));
  await write(mine.member, 'fileRestore', { id: waiting.id });
  expect(await statsOf(mine.viewer)).toEqual(counted(8, 2));
  await write(mine.member, 'fileUpdate', { id: waiting.id, name: 'renamed.txt' });
  await write(mine.admin, 'fileDestroy', { id: waiting.id });
  expect(await statsOf(mine.viewer)).toEqual(counted(3, 1));
  expect(await statsOf(other.viewer)).toEqual(counted(0, 0));
});

test('a quarantined file is not counted, and rows of the server itself are', async () => {
  const mine = await newOrganization(gateway);
  const made = await announce(mine.member, Buffer.from('abc'));
  await sendBytes(gateway.server, made, Buffer.from('abd'));
  await write(mine.member, 'fileConfirm', { id: made.id });
  expect(await statsOf(mine.viewer)).toEqual(counted(0, 0));
  await gateway.sql(
    `insert into files (org_id, name, size_bytes, sha256, status) select $1, 'f' || n, n, repeat('a', 64), 'ready' from generate_series(1, 4) n`,
    [mine.id],
  );
  expect(await statsOf(mine.viewer)).toEqual(counted(10, 4));
  await gateway.sql('update files set size_bytes = size_bytes + 1 where org_id = $1', [mine.id]);
  await gateway.sql("delete from files where org_id = $1 and name = 'f4'", [mine.id]);
  expect(await statsOf(mine.viewer)).toEqual(counted(9, 3));
});

test('files that become ready and go at the same moment are counted right', async () => {
  const mine = await newOrganization(gateway);
  const contents = Array.from({ length: 8 }, (_, index) => Buffer.alloc(index + 1, 'x'));
  const ids = await Promise.all(contents.map((content) => ready(gateway.server, mine.member, content)));
  expect(await statsOf(mine.viewer)).toEqual(counted(36, 8));
  await Promise.all([
    ...ids.slice(0, 4).map((id) => write(mine.member, 'fileDelete', { id })),
    ready(gateway.server, mine.member, Buffer.alloc(100, 'y')),
  ]);
  expect(await statsOf(mine.viewer)).toEqual(counted(126, 5));
});

const placesOf = async (id: string): Promise<string[]> => {
  const [row] = await gateway.sql('select object_id from files where id = $1', [uuidOf(id)]);
  const { folder } = gateway.config.files;
  const found = await Promise.all(
    ['uploads', 'objects'].map(async (area) =>
      (await readdir(join(folder, area, acme.id)).catch(() => [])).map((name) => `${area}/${name}`),
    ),
  );
  return found.flat().filter((name) => name.includes(String(row?.object_id)));
};

test('a deleted file is not downloaded; a destroyed one leaves no bytes', async () => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const address = (await addressOf(acme.viewer, id)) ?? '';
  expect(await placesOf(id)).toHaveLength(1);
  await write(acme.member, 'fileDelete', { id });
  expect(await addressOf(acme.viewer, id)).toBeNull();
  expect(await placesOf(id)).toHaveLength(1);
  await write(acme.admin, 'fileDestroy', { id });
  expect((await send(gateway.server, address)).status).toBe(404);
});

test('bytes stay when the destruction is refused', async () => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const both = `mutation ($id: ID!, $no: ID!) {
    fileDestroy(input: { id: $id }) { userErrors { code } } accountDestroy(input: { id: $no }) { userErrors { code } }
  }`;
  const { data } = await acme.admin.run(both, { id, no: '0197f000-0000-7000-8000-000000000000' });
  expect([data.fileDestroy.userErrors, data.accountDestroy.userErrors]).toEqual([
    [{ code: 'CONFLICT' }],
    [{ code: 'NOT_FOUND' }],
  ]);
  expect(await (await send(gateway.server, (await addressOf(acme.viewer, id)) ?? '')).text()).toBe('abc');
});

test('a store that fails after the row is gone is noted in the log, and is not the caller’s', async () => {
  const lines: string[] = [];
  const log = createLogger('warn', { write: (line) => lines.push(line) });
  const s3 = { bucket: 'files', endpoint: 'http://127.0.0.1:9', region: 'x', accessKeyId: 'a', secretAccessKey: 'b' };
  const server = createGateway({ ...gateway.config, files: { ...gateway.config.files, s3 } }, gateway.database, log);
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  await write(acme.admin.via(server), 'fileDestroy', { id });
  expect(await gateway.sql('select from files where id = $1', [uuidOf(id)])).toEqual([]);
  expect(lines.map((line) => JSON.parse(line).msg)).toContain('work after a commit failed');
  await server.close();
});

test('uploads that never came are removed after a day, unless a record names them', async () => {
  const { store } = createFiles(gateway.config.files);
  const [fresh, stale, done] = [
    await announce(acme.member, Buffer.from('abc')),
    await announce(acme.member, Buffer.from('abc')),
    await ready(gateway.server, acme.member, Buffer.from('abc')),
  ];
  await sendBytes(gateway.server, stale, Buffer.from('abc'));
  expect(await placesOf(stale.id)).toHaveLength(1);
  const old = `update files set created_at = now() - interval '25 hours' where id = any ($1)`;
  await gateway.sql('alter table files disable trigger touch');
  await gateway.sql(old, [[stale.id, done].map(uuidOf)]);
  await gateway.sql('alter table files enable trigger touch');
  expect(store && (await removeStaleUploads(gateway.database.service, store))).toBe(1);
  const left = await gateway.sql('select id from files where id = any ($1) order by id', [
    [fresh.id, stale.id, done].map(uuidOf),
  ]);
  expect(left.map(({ id }) => id)).toEqual([fresh.id, done].map(uuidOf).sort());
});

test('a file in use is not destroyed, but its attachments end with it', async () => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const accountId = await make(acme.member, 'Account', { name: 'Attached' });
  await write(acme.member, 'attachmentCreate', { fileId: id, entityId: accountId });
  const [{ id: expense }] = (await gateway.sql(
    `insert into expenses (org_id, user_id, amount_cents, currency, spent_on, receipt_file_id) values ($1, $2, 1, 'EUR', now(), $3) returning id`,
    [acme.id, acme.people.member.id, uuidOf(id)],
  )) as [{ id: string }];
  expect(await refusal(acme.admin, 'fileDestroy', { id })).toEqual([
    { code: 'CONFLICT', message: 'Still used by expenses.', path: ['id'], currentVersion: null },
  ]);
  await gateway.sql('delete from expenses where id = $1', [expense]);
  await write(acme.admin, 'fileDestroy', { id });
  expect(await gateway.sql('select from attachments where file_id = $1', [uuidOf(id)])).toEqual([]);
});
