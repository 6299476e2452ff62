/**
 * Secrecy is declared with the table: what not everybody sees is told by no other way, neither by the trail, nor by decisions
 * about it, nor by files that are attached to it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../src/root.ts';
import { firstColumn } from './db/tables.ts';
import { addressOf, ready } from './domains/files/uploads.ts';
import type { Client, Gateway, Org } from './support/gateway.ts';
import { newOrganization, sharedGateway } from './support/shared.ts';
import { make, refusal, uuidOf, write } from './support/write.ts';

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

describe('decisions', () => {
  const approvals = async (client: Client, id: string) =>
    Promise.all(
      [gateway.server, gateway.resolvers].map(async (server) => {
        const { approval, approvals } = await client
          .via(server)
          .ok(
            'query ($id: ID!, $in: [ID!]) { approval(id: $id) { payload entity { id } } approvals(filter: { id: { in: $in } }) { totalCount } }',
            { id, in: [id] },
          );
        return [approval?.payload, approval?.entity?.id, approvals.totalCount];
      }),
    );

  test('on a private record are for its people and for whoever is asked', async () => {
    const conversation = await talk(org.member, [org.people.member.id, org.people.viewer.id]);
    const request = { entityId: conversation, reason: 'Hush', payload: { amount: 7 } };
    expect(await refusal(org.member, 'approvalRequest', request)).toEqual([
      {
        code: 'BAD_USER_INPUT',
        message: 'Name the approver: admins do not see this record.',
        path: ['approverId'],
        currentVersion: null,
      },
    ]);
    const { id } = await write(org.member, 'approvalRequest', { ...request, approverId: org.people.admin.id });
    const seen = [{ amount: 7 }, conversation, 1];
    for (const client of [org.member, org.viewer]) expect(await approvals(client, id)).toEqual([seen, seen]);
    const asked = [{ amount: 7 }, undefined, 1];
    expect(await approvals(org.admin, id)).toEqual([asked, asked]);
    const nothing = [undefined, undefined, 0];
    expect(await approvals(org.owner, id)).toEqual([nothing, nothing]);
    await write(org.admin, 'approvalApprove', { id, reason: 'Hush hush' });
    expect(JSON.stringify(await trailOf(id))).not.toMatch(/Hush|amount/);
  });

  test('on anything else are for everybody, as ever', async () => {
    const entityId = await make(org.member, 'Account', { name: 'Open' });
    const { id } = await write(org.member, 'approvalRequest', { entityId, payload: { amount: 7 } });
    const seen = [{ amount: 7 }, entityId, 1];
    for (const client of [org.viewer, org.admin]) expect(await approvals(client, id)).toEqual([seen, seen]);
  });
});

const trailOf = async (id: string) =>
  (
    await org.owner.ok(
      `query ($id: ID!) { auditLogs(filter: { entityId: { eq: $id } }, orderBy: [{ createdAt: {} }, { id: {} }]) {
        nodes { action changes member { id } entity { id } } } }`,
      { id: uuidOf(id) },
    )
  ).auditLogs.nodes;

test('a notification about a private record leads to it for those alone who see it', async () => {
  const conversation = await talk(org.member, [org.people.member.id, org.people.viewer.id]);
  const send =
    'mutation ($input: NotificationSendInput!) { notificationSend(input: $input) { userErrors { message } } }';
  for (const person of [org.people.viewer, org.people.admin]) {
    const input = { userId: person.id, type: 'talk.of', title: 'Talk', entityId: conversation };
    await org.member.ok(send, { input });
  }
  const query = '{ notifications(filter: { type: { eq: "talk.of" } }) { nodes { entity { id } } } }';
  expect((await org.viewer.ok(query)).notifications.nodes).toEqual([{ entity: { id: conversation } }]);
  expect((await org.admin.ok(query)).notifications.nodes).toEqual([{ entity: null }]);
});

describe('the trail', () => {
  test('says that somebody was told something, and not what', async () => {
    const input = {
      userId: org.people.member.id,
      type: 'talk.planned',
      title: 'Your warning',
      body: 'Keep it to yourself',
    };
    const send =
      'mutation ($input: NotificationSendInput!) { sent: notificationSend(input: $input) { notificationId userErrors { message } } }';
    const id = (await org.admin.ok(send, { input })).sent.notificationId;
    await write(org.member, 'notificationMarkRead', { id });
    const by = (person: { id: string }) => ({ id: `member_${person.id}` });
    expect(await trailOf(id)).toEqual([
      { action: 'notification.created', changes: {}, member: by(org.people.admin), entity: null },
      { action: 'notification.updated', changes: {}, member: by(org.people.member), entity: null },
    ]);
  });

  test('names neither a private conversation nor its people', async () => {
    const id = await talk(org.member, [org.people.member.id, org.people.viewer.id]);
    expect(JSON.stringify(await trailOf(id))).not.toContain('Layoffs');
    expect(await trailOf(id)).toMatchObject([{ action: 'conversation.created', entity: null }]);
  });

  test('was silenced where it had told more', async () => {
    const folder = join(projectRoot, 'prisma', 'migrations', '0022_secrecy', 'migration.sql');
    const [statement = ''] = /^update audit_logs[^;]+;/m.exec(readFileSync(folder, 'utf8')) ?? [];
    const conversation = await talk(org.member, [org.people.member.id]);
    const account = await make(org.member, 'Account', { name: 'Told' });
    const ids = [uuidOf(conversation), uuidOf(account)];
    await gateway.sql(
      `update audit_logs set changes = '{"title": {"after": "Layoffs"}, "type": {"after": "group"}}' where entity_id = any ($1)`,
      [ids],
    );
    await gateway.sql(statement);
    expect((await trailOf(conversation))[0]?.changes).toEqual({ type: { after: 'group' } });
    expect((await trailOf(account))[0]?.changes).toHaveProperty('title');
  });

  test('goes on telling what admins may read', async () => {
    const id = await make(org.admin, 'Employee', { firstName: 'Grace', lastName: 'Hopper' });
    expect((await trailOf(id))[0]?.changes).toMatchObject({ first_name: { after: 'Grace' } });
  });

  test('the log of changes has ids, and no values', async () => {
    const columns = await firstColumn(
      gateway,
      "select attname from pg_attribute where attrelid = 'change_events'::regclass and attnum > 0 order by 1",
    );
    expect(columns).toEqual([
      'changed_at',
      'created_at',
      'entity_id',
      'entity_type',
      'id',
      'operation',
      'org_id',
      'seq',
    ]);
  });
});

describe('the catalog', () => {
  const undeclared = `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
    and relname not in ('organizations', 'users', 'system_settings')
    and (exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'visible_to' and not attisdropped)
      or exists (select from pg_policy where polrelid = pg_class.oid and not polpermissive and polcmd in ('*', 'r')))
    and not exists (select from pg_trigger where tgrelid = pg_class.oid and tgname = 'pass_on_audience') order by 1`;

  test('every table whose rows not everybody sees says so with app.seclude', async () => {
    expect(await firstColumn(gateway, undeclared)).toEqual([]);
    const secluded = await firstColumn(gateway, "select count(*) from pg_trigger where tgname = 'pass_on_audience'");
    expect(Number(secluded[0])).toBeGreaterThan(8);
  });

  test('this check finds a table that does not', async () => {
    await gateway.sql('create table canary (visible_to uuid[])');
    expect(await firstColumn(gateway, undeclared)).toEqual(['canary']);
    await gateway.sql('drop table canary');
  });

  test('every table that is about rows of any kind is seen by those who see them, or has its own people or admins', async () => {
    const about = await firstColumn(
      gateway,
      `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'entity_id')
        and not exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'visible_to') order by 1`,
    );
    // Activities are about clients, deals and properties alone; of the logs one has ids alone, and the other is kept secret here.
    expect(about).toEqual(['activities', 'audit_logs', 'change_events', 'notifications']);
  });

  test('every column that names a file shows it', async () => {
    const silent = await firstColumn(
      gateway,
      `select conrelid::regclass from pg_constraint where contype = 'f' and confrelid = 'files'::regclass
        and not exists (select from pg_trigger where tgrelid = conrelid and tgname = 'show_file')`,
    );
    expect(silent).toEqual([]);
  });
});
