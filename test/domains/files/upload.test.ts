import { beforeAll, expect, test } from 'vitest';
import { createPasses } from '../../../src/files/passes.ts';
import { createGateway } from '../../../src/server.ts';
import type { Gateway, Org } from '../../support/gateway.ts';
import { listen } from '../../support/listener.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, refusal, uuidOf, write } from '../../support/write.ts';
import { addressOf, announce, announcement, ready, send, sendBytes } from './uploads.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const bytes = Buffer.from('One, two, three.\n'.repeat(5_000));

test('a file is announced, sent, confirmed and downloaded over HTTP, byte by byte', async () => {
  const listener = await listen(gateway.server.http());
  const at = (url: string) => listener.at(new URL(url).pathname);
  const made = await announce(acme.member, bytes, { name: 'Angebot für "Möbel".txt' });
  expect(Math.abs(Date.parse(made.upload.expiresAt) - Date.now() - 900_000)).toBeLessThan(60_000);
  const headers = { 'content-type': 'text/plain' };
  const sent = await fetch(at(made.upload.url), { method: 'PUT', headers, body: bytes });
  expect([sent.status, await sent.text()]).toEqual([204, '']);
  const fields = 'status sizeBytes quarantineReason uploadedBy { email }';
  expect(await write(acme.member, 'fileConfirm', { id: made.id }, fields)).toEqual({
    status: 'READY',
    sizeBytes: String(bytes.length),
    quarantineReason: null,
    uploadedBy: { email: acme.people.member.email },
  });

  const got = await fetch(at((await addressOf(acme.viewer, made.id)) ?? ''));
  expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  expect(Object.fromEntries(got.headers)).toMatchObject({
    'content-type': 'text/plain',
    'content-length': String(bytes.length),
    'content-disposition': `attachment; filename="Angebot f_r _M_bel_.txt"; filename*=UTF-8''Angebot%20f%C3%BCr%20%22M%C3%B6bel%22.txt`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  expect(got.headers.get('cache-control')).toMatch(/^private, max-age=(29\d|300)$/);
  await listener.close();
});

test('nothing that is announced tells where the bytes lie', async () => {
  const { id, upload } = await announce(acme.member, bytes);
  const [row] = await gateway.sql('select storage_key, object_id from files where id = $1', [uuidOf(id)]);
  expect(row?.storage_key).toBe(`${acme.id}/${row?.object_id}`);
  const trail = await gateway.sql('select changes::text from audit_logs where entity_id = $1', [uuidOf(id)]);
  expect(trail).toHaveLength(1);
  for (const text of [upload.url, Buffer.from(upload.url, 'base64url').toString('latin1'), JSON.stringify(trail)]) {
    expect(text).not.toContain(String(row?.object_id));
    expect(text).not.toContain(acme.id);
  }
});

test.each([
  [
    'another checksum',
    Buffer.from('abd'),
    {},
    /^The content has the SHA-256 checksum a52d1.*; ba7816.* was announced\.$/,
  ],
  [
    'another format',
    Buffer.from('abc'),
    { mimeType: 'image/png' },
    /^The content is no image\/png: it begins differently\.$/,
  ],
])('%s puts a file into quarantine, for good and with the reason', async (_what, sent, more, reason) => {
  const made = await announce(acme.member, Buffer.from('abc'), more);
  expect((await sendBytes(gateway.server, made, sent)).status).toBe(204);
  const file = await write(acme.member, 'fileConfirm', { id: made.id }, 'status quarantineReason downloadUrl version');
  expect(file).toMatchObject({ status: 'QUARANTINED', downloadUrl: null, version: 2 });
  expect(file.quarantineReason).toMatch(reason);
  await sendBytes(gateway.server, made, Buffer.from('abc'));
  expect(await refusal(acme.member, 'fileConfirm', { id: made.id })).toEqual(
    conflict('This file is quarantined already.', 'id', 2),
  );
  expect(await addressOf(acme.member, made.id)).toBeNull();
});

test('a format is known by how it begins', async () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  expect(
    await addressOf(acme.viewer, await ready(gateway.server, acme.member, png, { mimeType: 'image/PNG' })),
  ).not.toBeNull();
});

test.each([
  ['more', Buffer.from('abcd')],
  ['fewer', Buffer.from('ab')],
  ['no', Buffer.alloc(0)],
])('%s bytes than announced are not taken', async (what, sent) => {
  const made = await announce(acme.member, Buffer.from('abc'));
  const answer = await sendBytes(gateway.server, made, sent);
  expect([answer.status, await answer.text()]).toEqual([
    413,
    `${what === 'more' ? 'More' : 'Fewer'} bytes than the 3 that were announced.\n`,
  ]);
  expect(await refusal(acme.member, 'fileConfirm', { id: made.id })).toEqual(
    conflict('Nothing has been uploaded yet.', 'id', 1),
  );
});

test.each([
  [{ sizeBytes: '26214401' }, 'A file has at most 26214400 bytes here.', 'sizeBytes'],
  [{ sizeBytes: '0' }, 'A file has at least one byte.', 'sizeBytes'],
  [{ sha256: 'abc' }, 'A SHA-256 checksum has 64 hexadecimal digits.', 'sha256'],
  [
    { mimeType: 'text/plain; charset=utf-8' },
    'A media type is written like image/png, without parameters.',
    'mimeType',
  ],
  [{ name: '../../etc/passwd' }, 'A file name has 1 to 255 characters, and no slashes or control characters.', 'name'],
  [{ name: 'a\r\nb' }, 'A file name has 1 to 255 characters, and no slashes or control characters.', 'name'],
])('%j is not announced', async (more, message, path) => {
  expect(await refusal(acme.member, 'fileUploadStart', announcement(Buffer.from('abc'), more))).toEqual([
    { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
  ]);
});

test('what is sent after the confirmation changes nothing', async () => {
  const made = await announce(acme.member, Buffer.from('abc'));
  await sendBytes(gateway.server, made, Buffer.from('abc'));
  await write(acme.member, 'fileConfirm', { id: made.id });
  expect((await sendBytes(gateway.server, made, Buffer.from('xyz'))).status).toBe(204);
  const got = await send(gateway.server, (await addressOf(acme.viewer, made.id)) ?? '');
  expect(await got.text()).toBe('abc');
});

test('of two confirmations at the same moment one is refused', async () => {
  const made = await announce(acme.member, Buffer.from('abc'));
  await sendBytes(gateway.server, made, Buffer.from('abc'));
  const confirm = 'mutation ($id: ID!) { fileConfirm(input: { id: $id }) { file { status } userErrors { message } } }';
  const answers = await Promise.all([1, 2].map(() => acme.member.run(confirm, { id: made.id })));
  expect(answers.map(({ data }) => data.fileConfirm.userErrors.map(({ message }: Error) => message)).sort()).toEqual([
    [],
    ['This file is ready already.'],
  ]);
});

test('an address is good for what it was made for, until it expires, and cannot be changed', async () => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const { upload } = await announce(acme.member, Buffer.from('abc'));
  const download = (await addressOf(acme.viewer, id)) ?? '';
  const statusOf = async (url: string, method = 'GET') => {
    const answer = await send(gateway.server, url, { method });
    return [answer.status, await answer.text()];
  };
  const invalid = [403, 'This address is not valid.\n'];
  expect(await statusOf(upload.url)).toEqual(invalid);
  expect(await statusOf(download, 'PUT')).toEqual(invalid);
  for (const place of [-5, -60, -200]) {
    const changed = download.at(place) === 'A' ? 'B' : 'A';
    expect(await statusOf(download.slice(0, place) + changed + download.slice(place + 1))).toEqual(invalid);
  }
  expect(await statusOf(download.replace(/[^/]+$/, '..%2F..%2Fetc%2Fpasswd'))).toEqual(invalid);
  const [row] = await gateway.sql('select storage_key from files where id = $1', [uuidOf(id)]);
  const pass = {
    use: 'download',
    key: String(row?.storage_key),
    name: 'x',
    mimeType: 'text/plain',
    sizeBytes: 0,
  } as const;
  const seal = (secret: string, ms: number) => createPasses(secret).seal(pass, new Date(Date.now() + ms));
  const at = async (token: Promise<string>) => statusOf(download.replace(/[^/]+$/, await token));
  const secret = gateway.config.files.secret ?? '';
  expect(await at(seal(secret, 60_000))).toEqual([200, 'abc']);
  expect(await at(seal(secret, -60_000))).toEqual([403, 'This address has expired. Ask for a new one.\n']);
  expect(await at(seal('another secret', 60_000))).toEqual(invalid);
  expect(await statusOf(download, 'DELETE')).toEqual([405, 'GET or PUT.\n']);
});

test('HEAD tells the size, and nothing else', async () => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const answer = await send(gateway.server, (await addressOf(acme.viewer, id)) ?? '', { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '3', '']);
});

test.each([0, 86_401])('an address for %i seconds is not given', async (seconds) => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const query = 'query ($id: ID!, $s: Int) { file(id: $id) { downloadUrl(expiresInSeconds: $s) } }';
  const { errors = [] } = await acme.viewer.run(query, { id, s: seconds });
  expect(errors.map(({ message }) => message)).toEqual([`expiresInSeconds is between 1 and 86400, not ${seconds}.`]);
});

test('another organization has no part in a file, and a viewer reads only', async () => {
  const made = await announce(acme.member, Buffer.from('abc'));
  await sendBytes(gateway.server, made, Buffer.from('abc'));
  expect(await refusal(globex.owner, 'fileConfirm', { id: made.id })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such File.', path: ['id'], currentVersion: null },
  ]);
  expect(
    (await globex.owner.ok('query ($id: ID!) { file(id: $id) { downloadUrl } }', { id: made.id })).file,
  ).toBeNull();
  for (const [mutation, input] of [
    ['fileConfirm', { id: made.id }],
    ['fileUploadStart', announcement(Buffer.from('abc'))],
  ] as const)
    expect((await failure(acme.viewer, mutation, input))[0]).toBe('FORBIDDEN');
  expect(await write(acme.member, 'fileConfirm', { id: made.id }, 'status')).toEqual({ status: 'READY' });
});

test('the kill switch stops uploads, and leaves downloads', async () => {
  const id = await ready(gateway.server, acme.member, Buffer.from('abc'));
  const waiting = await announce(acme.member, Buffer.from('abc'));
  await gateway.sql(`insert into system_settings (key, value) values ('kill.uploads', '{"active": true}')
    on conflict (key) do update set value = excluded.value`);
  const closed = [{ code: 'UNAVAILABLE', message: 'Uploads: switched off for now.', path: [], currentVersion: null }];
  const refusals = [
    await refusal(acme.member, 'fileUploadStart', announcement(bytes)),
    await refusal(acme.member, 'fileConfirm', { id: waiting.id }),
  ];
  await gateway.sql("delete from system_settings where key = 'kill.uploads'");
  expect(refusals).toEqual([closed, closed]);
  expect(await addressOf(acme.viewer, id)).not.toBeNull();
});

test('a server that is not told where to keep files says so', async () => {
  const files = { ...gateway.config.files, secret: undefined };
  const server = createGateway({ ...gateway.config, files }, gateway.database);
  const message = 'This server keeps no files: set FILES_SECRET and PUBLIC_URL, or S3_BUCKET.';
  expect(await refusal(acme.member.via(server), 'fileUploadStart', announcement(bytes))).toEqual([
    { code: 'UNAVAILABLE', message, path: [], currentVersion: null },
  ]);
  await server.close();
});
