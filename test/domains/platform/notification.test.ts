/** What people should know: for nobody else to read. */
import { beforeAll, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { make, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const sendDocument = `mutation ($input: NotificationSendInput!) {
  sent: notificationSend(input: $input) { notificationId userErrors { code message path } }
}`;
const send = async (client: Client, to: string, more: object = {}) =>
  (await client.run(sendDocument, { input: { userId: to, type: 'report.ready', title: 'Ready', ...more } })).data.sent;

const unread = async (client: Client): Promise<number> =>
  (await client.ok('{ unreadNotificationCount }')).unreadNotificationCount;

test('a member tells another one, who alone reads it', async () => {
  const about = await make(acme.member, 'Account', { name: 'Hooli' });
  const { notificationId: id } = await send(acme.member, acme.people.viewer.id, { body: 'Look', entityId: about });
  const query = `{ notification(id: "${id}") { type title body readAt entityType entity { id } user { id } } }`;
  expect((await acme.viewer.ok(query)).notification).toEqual({
    type: 'report.ready',
    title: 'Ready',
    body: 'Look',
    readAt: null,
    entityType: 'account',
    entity: { id: about },
    user: { id: `member_${acme.people.viewer.id}` },
  });
  for (const other of [acme.owner, acme.admin, acme.member, globex.owner]) {
    expect((await other.ok(query)).notification).toBeNull();
    expect((await other.ok('{ notifications { totalCount } }')).notifications.totalCount).toBe(0);
    const { errors, data } = await other.run(
      `mutation { it: notificationMarkRead(input: { id: "${id}" }) { userErrors { code } } }`,
    );
    expect([errors, data.it]).toEqual([undefined, { userErrors: [{ code: 'NOT_FOUND' }] }]);
  }
});

test('whom nobody can tell: strangers, those who left; and viewers tell nobody', async () => {
  const missing = {
    notificationId: null,
    userErrors: [{ code: 'NOT_FOUND', message: 'There is no such member.', path: ['userId'] }],
  };
  expect(await send(acme.owner, globex.people.owner.id)).toEqual(missing);
  await gateway.sql("update org_members set status = 'removed' where org_id = $1 and user_id = $2", [
    globex.id,
    globex.people.viewer.id,
  ]);
  expect(await send(globex.owner, globex.people.viewer.id)).toEqual(missing);
  const { errors } = await acme.viewer.run(sendDocument, {
    input: { userId: acme.people.owner.id, type: 'x', title: 'x' },
  });
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await send(acme.owner, acme.people.owner.id, { type: 'Not a type' })).userErrors).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'A type has up to 100 lower-case letters, digits, underscores and dots.',
      path: ['type'],
    },
  ]);
});

test('is unread until it is marked, one by one or all', async () => {
  const me = acme.people.admin.id;
  const ids: string[] = [];
  for (const title of ['One', 'Two', 'Three']) ids.push((await send(acme.owner, me, { title })).notificationId);
  await send(acme.owner, acme.people.owner.id);
  expect(await unread(acme.admin)).toBe(3);
  const first = await write(acme.admin, 'notificationMarkRead', { id: ids[0], expectedVersion: 1 }, 'readAt version');
  expect(Math.abs(Date.parse(first.readAt) - Date.now())).toBeLessThan(60_000);
  expect(await write(acme.admin, 'notificationMarkRead', { id: ids[0] }, 'readAt version')).toEqual(first);
  expect(await unread(acme.admin)).toBe(2);
  const [{ at } = {}] = await gateway.sql('select created_at as at from notifications where id = $1', [
    uuidOf(ids[1] ?? ''),
  ]);
  const all =
    'mutation ($input: NotificationMarkAllReadInput!) { it: notificationMarkAllRead(input: $input) { markedCount unreadCount userErrors { code } } }';
  const until = (at as Date).toISOString();
  expect((await acme.admin.ok(all, { input: { until } })).it).toMatchObject({ markedCount: 1, unreadCount: 1 });
  expect((await acme.admin.ok(all, { input: {} })).it).toMatchObject({ markedCount: 1, unreadCount: 0 });
  expect([await unread(acme.admin), await unread(acme.owner)]).toEqual([0, 1]);
});

test('its reader removes it, whatever the role', async () => {
  const { notificationId: id } = await send(acme.owner, acme.people.viewer.id);
  await write(acme.viewer, 'notificationDelete', { id });
  expect(await gateway.sql('select 1 from notifications where id = $1', [uuidOf(id)])).toEqual([]);
});

test('API keys have none, and tell people', async () => {
  const { made } = await acme.owner.ok(
    'mutation { made: apiKeyCreate(input: { name: "Bot", role: ADMIN }) { secret userErrors { code } } }',
  );
  const key = gateway.withKey(made.secret);
  expect((await send(key, acme.people.member.id, { title: 'From a bot' })).userErrors).toEqual([]);
  expect(await key.ok('{ unreadNotificationCount notifications { totalCount } }')).toEqual({
    unreadNotificationCount: 0,
    notifications: { totalCount: 0 },
  });
  const { errors } = await key.run('mutation { notificationMarkAllRead(input: {}) { markedCount } }');
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
