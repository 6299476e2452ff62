import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';
import { announce, ready } from './uploads.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let fileId: string;
let accountId: string;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
  fileId = await ready(gateway.server, acme.member, Buffer.from('abc'), { name: 'offer.txt' });
  accountId = await make(acme.member, 'Account', { name: 'Attached' });
});

const refused = (code: string, message: string, path: string) => [
  { code, message, path: [path], currentVersion: null },
];

test('a file is attached to records of several kinds, and found by them', async () => {
  const taskless = await make(acme.member, 'Lead', { firstName: 'Ada' });
  for (const entityId of [accountId, taskless]) await write(acme.member, 'attachmentCreate', { fileId, entityId });
  const { attachments } = await acme.viewer.ok(
    `query ($id: ID!) { attachments(filter: { entityType: { eq: "account" }, entityId: { eq: $id } }) {
      nodes { entityId entity { ... on Account { name } } file { name attachments { totalCount } } } } }`,
    { id: uuidOf(accountId) },
  );
  expect(attachments.nodes).toEqual([
    { entityId: accountId, entity: { name: 'Attached' }, file: { name: 'offer.txt', attachments: { totalCount: 2 } } },
  ]);
});

test('a file is attached to a record once, and again after it was taken away', async () => {
  const entityId = await make(acme.member, 'Account', { name: 'Once' });
  const id = await make(acme.member, 'Attachment', { fileId, entityId });
  expect(await refusal(acme.member, 'attachmentCreate', { fileId, entityId })).toEqual(
    conflict('This file is attached to that record already.', 'fileId', null),
  );
  await write(acme.member, 'attachmentDelete', { id });
  await write(acme.member, 'attachmentCreate', { fileId, entityId });
});

test('a file that is not ready, deleted, foreign or not there is not attached', async () => {
  const waiting = await announce(acme.member, Buffer.from('abc'));
  expect(await refusal(acme.member, 'attachmentCreate', { fileId: waiting.id, entityId: accountId })).toEqual(
    conflict('This file is pending; only one that is ready can be attached.', 'fileId', null),
  );
  const gone = await ready(gateway.server, acme.member, Buffer.from('abc'));
  await write(acme.member, 'fileDelete', { id: gone });
  expect(await refusal(acme.member, 'attachmentCreate', { fileId: gone, entityId: accountId })).toEqual(
    refused('CONFLICT', 'It is deleted. Restore it first.', 'fileId'),
  );
  const theirs = await ready(gateway.server, globex.member, Buffer.from('abc'));
  for (const unknown of [theirs, randomUUID()])
    expect(await refusal(acme.member, 'attachmentCreate', { fileId: unknown, entityId: accountId })).toEqual(
      refused('NOT_FOUND', 'There is no such File.', 'fileId'),
    );
});

test('a record that is deleted, foreign, not there or of a wrong kind takes no file', async () => {
  const gone = await make(acme.member, 'Account', { name: 'Gone' });
  await write(acme.member, 'accountDelete', { id: gone });
  const theirs = await make(globex.member, 'Account', { name: 'Theirs' });
  for (const entityId of [gone, theirs, `account_${randomUUID()}`])
    expect(await refusal(acme.member, 'attachmentCreate', { fileId, entityId })).toEqual(
      refused('NOT_FOUND', 'There is no such account.', 'entityId'),
    );
  for (const entityId of [fileId, uuidOf(accountId)]) {
    const [error] = await refusal(acme.member, 'attachmentCreate', { fileId, entityId });
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', path: ['entityId'] });
    expect(error?.message).toMatch(/^Expected the global id of one of: account, property, contact, .*approval\.$/);
  }
});

test('a viewer attaches nothing', async () => {
  expect((await failure(acme.viewer, 'attachmentCreate', { fileId, entityId: accountId }))[0]).toBe('FORBIDDEN');
});
