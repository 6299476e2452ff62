/**
 * Secrecy is declared with the table: what not everybody sees is told by no other way, neither by the trail, nor by decisions
 * about it, nor by files that are attached to it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../src/root.ts';
import { firstColumn } from './db/tables.ts';
import type { Client, Gateway, Org } from './support/gateway.ts';
import { newOrganization, sharedGateway } from './support/shared.ts';
import { make, refusal, uuidOf, write } from './support/write.ts';

let gateway: Gateway;
let org: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
});

const talk = async (client: Client, userIds: readonly string[]): Promise<string> =>
  (await write(client, 'conversationStart', { userIds, title: 'Layoffs' })).id;

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
