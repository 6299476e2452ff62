import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { failure, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  [org, other] = [await newOrganization(gateway), await newOrganization(gateway)];
});

const start = async (client: Client, input: object = {}): Promise<string> =>
  (
    await write(client, 'conversationStart', {
      userIds: [org.people.owner.id, org.people.admin.id, org.people.member.id],
      ...input,
    })
  ).id;
const send = (client: Client, conversationId: string, body = 'Hello', selection = 'id sentAt') =>
  write(client, 'messageSend', { conversationId, body }, selection);
const unread = async (client: Client, id: string): Promise<[one: number, all: number]> => {
  const { conversation, unreadMessageCount } = await client.ok(
    'query ($id: ID!) { conversation(id: $id) { unreadCount } unreadMessageCount }',
    { id },
  );
  return [conversation.unreadCount, unreadMessageCount];
};
const refused = (code: string, message: string, path: string, currentVersion: number | null = null) => [
  { code, message, path: [path], currentVersion },
];

test('a message is the sender’s, and the conversation was last written in when it was sent', async () => {
  const conversationId = await start(org.member);
  const message = await send(
    org.member,
    conversationId,
    'Hello',
    'body sentAt editedAt sender { id } conversation { id lastMessageAt version }',
  );
  expect(message).toEqual({
    body: 'Hello',
    sentAt: message.sentAt,
    editedAt: null,
    sender: { id: `member_${org.people.member.id}` },
    conversation: { id: conversationId, lastMessageAt: message.sentAt, version: 1 },
  });
});

test('only participants write; one who may not see the conversation gets the answer of one that is not there', async () => {
  const conversationId = await start(org.member, { userIds: [] });
  const wrong = refused('NOT_FOUND', 'There is no such conversation.', 'conversationId');
  expect(await refusal(org.owner, 'messageSend', { conversationId, body: 'x' })).toEqual(wrong);
  expect(await refusal(org.owner, 'messageSend', { conversationId: randomUUID(), body: 'x' })).toEqual(wrong);
  expect(await refusal(other.owner, 'messageSend', { conversationId, body: 'x' })).toEqual(wrong);
  expect(await failure(org.viewer, 'messageSend', { conversationId, body: 'x' })).toEqual([
    'FORBIDDEN',
    'This needs the permission communication:write (role MEMBER or above).',
  ]);
  expect(await refusal(org.member, 'messageSend', { conversationId, body: '' })).toEqual(
    refused('BAD_USER_INPUT', 'A message has at least one letter.', 'body'),
  );
});

test('a message may have an id of the client’s, once', async () => {
  const conversationId = await start(org.member);
  const id = randomUUID();
  expect(await write(org.member, 'messageSend', { id, conversationId, body: 'x' })).toEqual({ id: `message_${id}` });
  expect(await refusal(org.member, 'messageSend', { id, conversationId, body: 'x' })).toEqual(
    refused('CONFLICT', 'This id cannot be used. Leave it out, or make a new random UUID.', 'id'),
  );
});

test('what others wrote is unread until it is read or answered', async () => {
  const conversationId = await start(org.member);
  const before = (await unread(org.admin, conversationId))[1];
  const ofOwner = (await unread(org.owner, conversationId))[1];
  const ofMember = (await unread(org.member, conversationId))[1];
  const first = await send(org.member, conversationId);
  await send(org.owner, conversationId);
  expect(await unread(org.member, conversationId)).toEqual([1, ofMember + 1]);
  const third = await send(org.member, conversationId);
  expect(await unread(org.member, conversationId)).toEqual([0, ofMember]);
  expect(await unread(org.owner, conversationId)).toEqual([1, ofOwner + 1]);
  expect(await unread(org.admin, conversationId)).toEqual([3, before + 3]);
  await write(org.member, 'messageDelete', { id: third.id });
  expect((await unread(org.admin, conversationId))[0]).toBe(2);
  const read = { conversationId, messageId: first.id };
  expect(await write(org.admin, 'conversationMarkRead', read, 'unreadCount')).toEqual({ unreadCount: 1 });
  await send(org.admin, conversationId);
  expect(await unread(org.admin, conversationId)).toEqual([0, before]);
});

test('what was read stays read, and marking it twice changes nothing', async () => {
  const conversationId = await start(org.member);
  const first = await send(org.member, conversationId);
  await send(org.member, conversationId);
  const mark = (input: object) => write(org.owner, 'conversationMarkRead', { conversationId, ...input }, 'unreadCount');
  const place = () =>
    gateway.sql(
      'select last_read_at, version from conversation_participants where conversation_id = $1 and user_id = $2',
      [uuidOf(conversationId), org.people.owner.id],
    );
  expect(await mark({})).toEqual({ unreadCount: 0 });
  const read = await place();
  expect(await mark({ messageId: first.id })).toEqual({ unreadCount: 0 });
  expect(await mark({})).toEqual({ unreadCount: 0 });
  expect(await place()).toEqual(read);
  await gateway.sql('update conversation_participants set last_read_at = $2 where conversation_id = $1', [
    uuidOf(conversationId),
    '2020-01-01',
  ]);
  expect((await place())[0]?.last_read_at).toEqual(read[0]?.last_read_at);
});

test('a message of another conversation marks nothing', async () => {
  const [conversationId, elsewhere] = [await start(org.member), await start(org.member)];
  const { id: messageId } = await send(org.member, elsewhere);
  expect(await refusal(org.member, 'conversationMarkRead', { conversationId, messageId })).toEqual(
    refused('NOT_FOUND', 'There is no such message in this conversation.', 'messageId'),
  );
});

test('the unread counts of a page are one statement', async () => {
  for (let n = 0; n < 3; n++) await send(org.member, await start(org.member));
  const { statements, result } = await gateway.countingBoth(org.owner, (client) =>
    client.ok('{ conversations { nodes { id title unreadCount } } }'),
  );
  expect(result.conversations.nodes.length).toBeGreaterThan(2);
  expect(statements).toEqual({ compiler: 1, resolvers: 2 });
});

test('a count after a mutation of the same document is the one after it', async () => {
  const conversationId = await start(org.member);
  await send(org.member, conversationId);
  const { first, second } = await org.owner.ok(
    `mutation ($id: ID!, $read: ConversationMarkReadInput!) {
      first: conversationUpdate(input: { id: $id, title: "New" }) { conversation { unreadCount } }
      second: conversationMarkRead(input: $read) { conversation { unreadCount } }
    }`,
    { id: conversationId, read: { conversationId } },
  );
  expect([first.conversation.unreadCount, second.conversation.unreadCount]).toEqual([1, 0]);
});

test('messages sent at the same moment stand one after another', async () => {
  const conversationId = await start(org.member);
  const senders = [org.member, org.owner, org.admin, org.member, org.owner, org.admin];
  const sent = await Promise.all(senders.map((client) => send(client, conversationId)));
  const times = sent.map(({ sentAt }) => sentAt).sort();
  expect(new Set(times).size).toBe(senders.length);
  const { conversation } = await org.member.ok('query ($id: ID!) { conversation(id: $id) { lastMessageAt } }', {
    id: conversationId,
  });
  expect(conversation.lastMessageAt).toBe(times.at(-1));
});

test('a message that was sent earlier does not make the conversation look older', async () => {
  const conversationId = uuidOf(await start(org.member));
  const insert = (at: string) =>
    gateway.sql("insert into messages (org_id, conversation_id, body, sent_at) values ($1, $2, 'x', $3)", [
      org.id,
      conversationId,
      at,
    ]);
  await insert('2026-02-02T00:00:00Z');
  await insert('2026-01-01T00:00:00Z');
  expect(await gateway.sql('select last_message_at from conversations where id = $1', [conversationId])).toEqual([
    { last_message_at: new Date('2026-02-02T00:00:00Z') },
  ]);
});

test('only its sender changes the words of a message, and it shows', async () => {
  const { id } = await send(org.member, await start(org.member));
  const edited = await write(
    org.member,
    'messageEdit',
    { id, body: 'Better', expectedVersion: 1 },
    'body editedAt version',
  );
  expect(edited).toEqual({ body: 'Better', editedAt: expect.any(String), version: 2 });
  const wrong = refused('FORBIDDEN', 'This Message may not be changed.', 'id', 2);
  expect(await refusal(org.owner, 'messageEdit', { id, body: 'Worse' })).toEqual(wrong);
});

test('its sender or an admin deletes a message, and nobody else', async () => {
  const conversationId = await start(org.member);
  const [mine, admins] = [await send(org.member, conversationId), await send(org.admin, conversationId)];
  expect(await refusal(org.member, 'messageDelete', { id: admins.id })).toEqual(
    refused('FORBIDDEN', 'This Message may not be changed.', 'id', 1),
  );
  await write(org.member, 'messageDelete', { id: mine.id });
  await write(org.member, 'messageRestore', { id: mine.id });
  await write(org.owner, 'messageDelete', { id: mine.id });
});

test('an API key takes part in nothing', async () => {
  const conversationId = await start(org.member);
  const { apiKeyCreate } = await org.admin.ok(
    'mutation { apiKeyCreate(input: { name: "Bot", role: MEMBER }) { secret userErrors { code message path } } }',
  );
  const bot = gateway.withKey(apiKeyCreate.secret);
  expect(await failure(bot, 'messageSend', { conversationId, body: 'x' })).toEqual([
    'FORBIDDEN',
    'An API key cannot do this: sign in as a person.',
  ]);
  expect(await bot.ok('{ unreadMessageCount conversations { totalCount } }')).toEqual({
    unreadMessageCount: 0,
    conversations: { totalCount: 0 },
  });
});
