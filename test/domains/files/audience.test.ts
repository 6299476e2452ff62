/**
 * What is attached is seen by those who see what it is attached to, and so is the file.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';
import { addressOf, ready } from './uploads.ts';

let gateway: Gateway;
let org: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
});

const bytes = () => Buffer.from(`secret ${randomUUID()}`);
const upload = (client: Client) => ready(gateway.server, client, bytes(), { name: `plan ${randomUUID()}.txt` });

/** What somebody finds of a file and an attachment, asked in every way and of both kinds of servers. */
async function foundBy(client: Client, file: string, attachment?: string): Promise<unknown[]> {
  const query = `query ($file: ID!, $attachment: ID!, $ids: [ID!]!, $in: [ID!]!) {
    file(id: $file) { id } attachment(id: $attachment) { id } nodes(ids: $ids) { id }
    files(filter: { id: { in: $in } }) { totalCount }
    attachments(filter: { fileId: { eq: $file } }) { totalCount }
    through: attachments(filter: { file: { id: { eq: $file } } }) { totalCount }
  }`;
  const variables = { file, attachment: attachment ?? randomUUID(), ids: [file], in: [file] };
  const answers = [gateway.server, gateway.resolvers].map((server) => client.via(server).ok(query, variables));
  const found = (await Promise.all(answers)).map((answer) => [
    Boolean(answer.file),
    Boolean(answer.attachment),
    Boolean(answer.nodes[0]),
    answer.files.totalCount,
    answer.attachments.totalCount,
    answer.through.totalCount,
  ]);
  expect(found[0]).toEqual(found[1]);
  return found[0] ?? [];
}

const all = [true, true, true, 1, 1, 1];
const none = [false, false, false, 0, 0, 0];
const fileOnly = [true, false, true, 1, 0, 0];

const talk = async (client: Client, userIds: readonly string[]): Promise<string> =>
  (await write(client, 'conversationStart', { userIds, title: 'Layoffs' })).id;

describe('a file that is attached to a private conversation', () => {
  let conversation: string;
  let file: string;
  let attachment: string;

  beforeAll(async () => {
    conversation = await talk(org.member, [org.people.member.id, org.people.viewer.id]);
    file = await upload(org.member);
    expect(await foundBy(org.admin, file)).toEqual(fileOnly);
    attachment = await make(org.member, 'Attachment', { fileId: file, entityId: conversation });
  });

  test('is there for its people, and for nobody else, admins and owners included', async () => {
    expect(await foundBy(org.member, file, attachment)).toEqual(all);
    expect(await foundBy(org.viewer, file, attachment)).toEqual(all);
    for (const stranger of [org.admin, org.owner]) expect(await foundBy(stranger, file, attachment)).toEqual(none);
    expect(await addressOf(org.viewer, file)).toMatch(/^http/);
  });

  test('is neither attached elsewhere, renamed nor deleted by others', async () => {
    const account = await make(org.admin, 'Account', { name: 'Elsewhere' });
    const gone = [{ code: 'NOT_FOUND', message: 'There is no such File.', path: ['fileId'], currentVersion: null }];
    expect(await refusal(org.admin, 'attachmentCreate', { fileId: file, entityId: account })).toEqual(gone);
    for (const [mutation, input] of Object.entries({ fileUpdate: { name: 'mine' }, fileDelete: {} }))
      expect((await refusal(org.admin, mutation, { id: file, ...input }))[0]?.code).toBe('NOT_FOUND');
    expect((await refusal(org.admin, 'attachmentDelete', { id: attachment }))[0]?.code).toBe('NOT_FOUND');
  });

  test('is there for whoever joins, and no longer for whoever leaves', async () => {
    await write(org.member, 'conversationAddParticipant', {
      conversationId: conversation,
      userId: org.people.admin.id,
    });
    expect(await foundBy(org.admin, file, attachment)).toEqual(all);
    await write(org.admin, 'conversationLeave', { conversationId: conversation });
    expect(await foundBy(org.admin, file, attachment)).toEqual(none);
  });

  test('is there for everybody as long as it is attached to something that everybody sees, too', async () => {
    const account = await make(org.member, 'Account', { name: 'Shared' });
    const shared = await make(org.member, 'Attachment', { fileId: file, entityId: account });
    expect((await foundBy(org.admin, file, shared))[0]).toBe(true);
    expect((await foundBy(org.admin, file, attachment))[1]).toBe(false);
    await write(org.member, 'attachmentDelete', { id: shared });
    expect(await foundBy(org.admin, file, attachment)).toEqual(none);
  });

  test('stays secret when it is taken away again', async () => {
    const secret = await upload(org.member);
    const id = await make(org.member, 'Attachment', { fileId: secret, entityId: conversation });
    await write(org.member, 'attachmentDelete', { id });
    expect(await foundBy(org.admin, secret)).toEqual(none);
    expect(await foundBy(org.member, secret)).toEqual(fileOnly);
  });

  test('an organization’s name for itself opens nothing: who sees a row is not for SQL of a request to say', async () => {
    const claim = `do $$ begin
      perform set_config('app.org_id', '${org.id}', true), set_config('app.user_id', '${org.people.member.id}', true), set_config('app.role', 'member', true);
      set local role gateway;
      update files set visible_to = array[app.org_id()] where id = '${uuidOf(file)}';
      update attachments set visible_to = array[app.org_id()] where id = '${uuidOf(attachment)}';
      reset role; end $$`;
    await gateway.sql(claim);
    expect(await foundBy(org.admin, file, attachment)).toEqual(none);
  });
});

test('what is attached to a message follows the people of its conversation', async () => {
  const conversationId = await talk(org.member, [org.people.member.id]);
  const message = await write(org.member, 'messageSend', { conversationId, body: 'See the plan' });
  const file = await upload(org.member);
  const attachment = await make(org.member, 'Attachment', { fileId: file, entityId: message.id });
  expect(await foundBy(org.viewer, file, attachment)).toEqual(none);
  await write(org.member, 'conversationAddParticipant', { conversationId, userId: org.people.viewer.id });
  expect(await foundBy(org.viewer, file, attachment)).toEqual(all);
  expect(await foundBy(org.owner, file, attachment)).toEqual(none);
});

test('what is attached to a review is seen by the person, the line above and admins', async () => {
  const employeeId = await make(org.admin, 'Employee', {
    firstName: 'Mem',
    lastName: 'Ber',
    userId: org.people.member.id,
  });
  const review = await make(org.admin, 'PerformanceReview', { employeeId, reviewerId: org.people.owner.id, rating: 3 });
  const file = await upload(org.admin);
  const attachment = await make(org.admin, 'Attachment', { fileId: file, entityId: review });
  for (const seer of [org.admin, org.owner]) expect(await foundBy(seer, file, attachment)).toEqual(all);
  for (const other of [org.viewer, org.member]) expect(await foundBy(other, file, attachment)).toEqual(none);
  await write(org.owner, 'performanceReviewSubmit', { id: review });
  expect(await foundBy(org.member, file, attachment)).toEqual(all);
  expect(await foundBy(org.viewer, file, attachment)).toEqual(none);
});

test('the content of a deliverable is there for everybody, wherever else it is attached', async () => {
  const conversation = await talk(org.member, [org.people.member.id]);
  const file = await upload(org.member);
  await make(org.member, 'Attachment', { fileId: file, entityId: conversation });
  const projectId = await make(org.member, 'Project', {
    name: 'Site',
    accountId: await make(org.member, 'Account', { name: 'P' }),
  });
  await make(org.member, 'Deliverable', { projectId, name: 'Draft', fileId: file });
  expect(await foundBy(org.viewer, file)).toEqual(fileOnly);
});
