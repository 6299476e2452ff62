import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateway, type Gateway as Server } from '../../../src/server.ts';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, refusal, uuidOf, write } from '../../support/write.ts';
import { type Bucket, keys, openBucket } from './bucket.ts';
import { type Announcement, addressOf, announce } from './uploads.ts';

let gateway: Gateway;
let acme: Org;
let bucket: Bucket;
let server: Server;
let member: Client;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  bucket = await openBucket();
  const s3 = { ...keys, bucket: 'files', endpoint: bucket.endpoint, region: 'eu-central-1' };
  server = createGateway({ ...gateway.config, files: { ...gateway.config.files, s3 } }, gateway.database);
  member = acme.member.via(server);
});
afterAll(async () => {
  await server.close();
  await bucket.close();
});

const bytes = Buffer.from('Bytes in a bucket.');

const sendTo = ({ upload }: Announcement, body: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(upload.url, {
    method: upload.method,
    headers: { ...Object.fromEntries(upload.headers.map(({ name, value }) => [name, value])), ...headers },
    body: new Uint8Array(body),
  });

const keyOf = async (id: string) =>
  String((await gateway.sql('select storage_key from files where id = $1', [uuidOf(id)]))[0]?.storage_key);

test('clients send to the bucket and fetch from it, at signed addresses', async () => {
  const made = await announce(member, bytes, { name: 'Grüße.txt' });
  expect((await sendTo(made, bytes)).status).toBe(200);
  const key = await keyOf(made.id);
  expect([...bucket.objects.keys()]).toEqual([`uploads/${key}`]);
  expect(await write(member, 'fileConfirm', { id: made.id }, 'status')).toEqual({ status: 'READY' });
  expect([...bucket.objects.keys()]).toEqual([`objects/${key}`]);
  const got = await fetch((await addressOf(member, made.id)) ?? '');
  expect([got.status, await got.text(), got.headers.get('content-type')]).toEqual([200, String(bytes), 'text/plain']);
  expect(got.headers.get('content-disposition')).toBe(
    `attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`,
  );
});

test('an address takes what was announced, and nothing else', async () => {
  const made = await announce(member, bytes);
  const statuses = [
    (await sendTo(made, Buffer.from('Bytes in a bucket!'))).status,
    (await sendTo(made, Buffer.from('more bytes than were announced'))).status,
    (await sendTo(made, bytes, { 'content-type': 'text/html' })).status,
    (await fetch(made.upload.url)).status,
    (await fetch(made.upload.url.replace('uploads/', 'objects/'), { method: 'PUT', body: bytes })).status,
  ];
  expect(statuses).toEqual([400, 403, 403, 403, 403]);
  expect(bucket.objects.has(`uploads/${await keyOf(made.id)}`)).toBe(false);
  expect(await refusal(member, 'fileConfirm', { id: made.id })).toEqual(
    conflict('Nothing has been uploaded yet.', 'id', 1),
  );
});

test('what a bucket lets pass that checks nothing is found at the confirmation', async () => {
  bucket.checksChecksums = false;
  const made = await announce(member, bytes);
  expect((await sendTo(made, Buffer.from('Bytes in a bucket!'))).status).toBe(200);
  bucket.checksChecksums = true;
  const file = await write(member, 'fileConfirm', { id: made.id }, 'status quarantineReason downloadUrl');
  expect(file).toMatchObject({ status: 'QUARANTINED', downloadUrl: null });
  expect(file.quarantineReason).toMatch(/^The content has the SHA-256 checksum /);
});

test('what is sent after the confirmation changes nothing', async () => {
  const made = await announce(member, bytes);
  await sendTo(made, bytes);
  await write(member, 'fileConfirm', { id: made.id });
  bucket.checksChecksums = false;
  expect((await sendTo(made, Buffer.from('Bytes in a bucket!'))).status).toBe(200);
  bucket.checksChecksums = true;
  expect(await (await fetch((await addressOf(member, made.id)) ?? '')).text()).toBe(String(bytes));
});

test('an address expires, and cannot be made to last', async () => {
  const made = await announce(member, bytes);
  await sendTo(made, bytes);
  await write(member, 'fileConfirm', { id: made.id });
  const address = (await addressOf(member, made.id, 60)) ?? '';
  expect(new URL(address).searchParams.get('X-Amz-Expires')).toBe('60');
  expect((await fetch(address.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))).status).toBe(403);
});

test('a destroyed file leaves nothing in the bucket', async () => {
  const made = await announce(member, bytes);
  await sendTo(made, bytes);
  await write(member, 'fileConfirm', { id: made.id });
  const key = await keyOf(made.id);
  expect(bucket.objects.has(`objects/${key}`)).toBe(true);
  await write(acme.admin.via(server), 'fileDestroy', { id: made.id });
  expect(bucket.objects.has(`objects/${key}`)).toBe(false);
});

test('a bucket that does not answer is unavailable, and the file stays as it was', async () => {
  const made = await announce(member, bytes);
  await sendTo(made, bytes);
  const s3 = {
    ...keys,
    secretAccessKey: 'another',
    bucket: 'files',
    endpoint: bucket.endpoint,
    region: 'eu-central-1',
  };
  const broken = createGateway({ ...gateway.config, files: { ...gateway.config.files, s3 } }, gateway.database);
  expect(await failure(acme.member.via(broken), 'fileConfirm', { id: made.id })).toEqual([
    'UNAVAILABLE',
    'The store of the files does not answer. Try again in a moment.',
  ]);
  await broken.close();
  expect(await write(member, 'fileConfirm', { id: made.id }, 'status')).toEqual({ status: 'READY' });
});
