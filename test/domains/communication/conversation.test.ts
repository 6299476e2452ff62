import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { becomeSql } from '../../support/door.ts';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  [org, other] = [await newOrganization(gateway), await newOrganization(gateway)];
});

type Role = 'owner' | 'admin' | 'member' | 'viewer';
const person = (role: Role): string => org.people[role].id;
const start = (client: Client, input: object): Promise<{ id: string }> => write(client, 'conversationStart', input);
const group = async (client: Client, ...roles: Role[]): Promise<string> =>
  (await start(client, { title: 'Launch', userIds: roles.map(person) })).id;

const find = async (client: Client, id: string) =>
  (
    await client.ok(
      'query ($id: ID!) { conversation(id: $id) { title type unreadCount conversationParticipants { nodes { id user { id } contact { id } } } messages { nodes { body } } } }',
      { id },
    )
  ).conversation;
const sees = async (client: Client, id: string): Promise<boolean> => (await find(client, id)) !== null;
const placeOf = async (client: Client, id: string, role: Role): Promise<string> =>
  (await find(client, id)).conversationParticipants.nodes.find(
    ({ user }: { user: { id: string } | null }) => user?.id === `member_${person(role)}`,
  ).id;

const refused = (code: string, message: string, ...path: string[]) => [{ code, message, path, currentVersion: null }];
const noSuch = refused('NOT_FOUND', 'There is no such conversation.', 'conversationId');
const notInIt = refused('FORBIDDEN', 'You take no part in this conversation.', 'conversationId');
const alwaysTwo = (path: string) => refused('CONFLICT', 'A direct conversation has two people, always the same.', path);

describe('who sees a conversation', () => {
  test('a group exists only for those who take part, not even for admins', async () => {
    const id = await group(org.member, 'viewer');
    await write(org.member, 'messageSend', { conversationId: id, body: 'A secret' });
    expect([await sees(org.member, id), await sees(org.viewer, id)]).toEqual([true, true]);
    for (const outsider of [org.owner, org.admin, other.owner]) {
      expect(await find(outsider, id)).toBeNull();
      expect(await outsider.ok('{ messages(filter: { body: { eq: "A secret" } }) { totalCount } }')).toEqual({
        messages: { totalCount: 0 },
      });
      expect(
        await outsider.ok(
          'query ($id: ID!) { conversationParticipants(filter: { conversationId: { eq: $id } }) { totalCount } }',
          { id },
        ),
      ).toEqual({ conversationParticipants: { totalCount: 0 } });
    }
  });

  test('a conversation with a client is for everybody to read, and for nobody of another organization', async () => {
    const contactId = await make(org.member, 'Contact', { fullName: 'Carl Client' });
    const { id } = await start(org.member, { type: 'CLIENT', title: 'Site', contactIds: [contactId], body: 'Hello' });
    expect(await find(org.viewer, id)).toMatchObject({ type: 'CLIENT', messages: { nodes: [{ body: 'Hello' }] } });
    expect(await sees(other.owner, id)).toBe(false);
    expect(await refusal(org.admin, 'messageSend', { conversationId: id, body: 'Me too' })).toEqual(notInIt);
    await write(org.admin, 'conversationAddParticipant', { conversationId: id, userId: person('admin') });
    await write(org.admin, 'messageSend', { conversationId: id, body: 'Now me' });
  });

  test('the trail tells admins that somebody wrote, and not what', async () => {
    const id = await group(org.member, 'viewer');
    const message = await write(org.member, 'messageSend', { conversationId: id, body: 'Between us' });
    const [{ changes }] = (await gateway.sql('select changes from audit_logs where entity_id = $1', [
      uuidOf(message.id),
    ])) as [{ changes: object }];
    expect(Object.keys(changes).sort()).toEqual(['conversation_id', 'sender_id', 'sent_at']);
  });

  test('the policy of the database keeps a group from everybody else, and messages to people of their own name', async () => {
    const id = uuidOf(await group(org.member, 'viewer'));
    const attempt = (role: Role, text: string) =>
      gateway.sql(`do $$ begin
        ${becomeSql(org, role)}
        ${text};
      end $$`);
    const join = `insert into conversation_participants (conversation_id, user_id) values ('${id}', '${person('admin')}')`;
    const say = (role: Role) =>
      `insert into messages (conversation_id, sender_id, body) values ('${id}', '${person(role)}', 'x')`;
    await expect(attempt('admin', join)).rejects.toThrow('row-level security');
    await expect(attempt('admin', say('admin'))).rejects.toThrow('row-level security');
    await expect(attempt('admin', say('member'))).rejects.toThrow('row-level security');
    await expect(attempt('member', say('viewer'))).rejects.toThrow('row-level security');
    await attempt('member', say('member'));
  });
});

describe('a direct conversation', () => {
  const direct = (client: Client, role: Role, selection = 'id title conversationParticipants { totalCount }') =>
    client.ok(
      `mutation ($input: ConversationStartInput!) { conversationStart(input: $input) { conversation { ${selection} } isNew userErrors { code message path } } }`,
      { input: { type: 'DIRECT', userIds: [person(role)] } },
    );

  test('is found again rather than doubled, by either of the two', async () => {
    const { conversationStart: first } = await direct(org.member, 'admin');
    const { conversationStart: second } = await direct(org.admin, 'member');
    expect(first).toMatchObject({ isNew: true, conversation: { conversationParticipants: { totalCount: 2 } } });
    expect(second).toEqual({ ...first, isNew: false });
    expect(await sees(org.owner, first.conversation.id)).toBe(false);
  });

  test('is made once, when both begin it at the same moment', async () => {
    const answers = await Promise.all([
      direct(org.owner, 'member', 'id'),
      direct(org.member, 'owner', 'id'),
      direct(org.owner, 'member', 'id'),
    ]);
    const started = answers.map(({ conversationStart }) => conversationStart);
    expect(new Set(started.map(({ conversation }) => conversation.id)).size).toBe(1);
    expect(started.map(({ isNew }) => isNew).sort()).toEqual([false, false, true]);
  });

  test('has exactly two people: nobody joins, leaves or is removed', async () => {
    const { id } = await start(org.admin, { type: 'DIRECT', userIds: [person('owner')] });
    const userId = person('viewer');
    expect(await refusal(org.admin, 'conversationAddParticipant', { conversationId: id, userId })).toEqual(
      alwaysTwo('conversationId'),
    );
    expect(await refusal(org.admin, 'conversationLeave', { conversationId: id })).toEqual(alwaysTwo('conversationId'));
    const participantId = await placeOf(org.admin, id, 'owner');
    expect(await refusal(org.admin, 'conversationRemoveParticipant', { participantId })).toEqual(
      alwaysTwo('participantId'),
    );
  });

  test.each([
    [{ userIds: [] }, 'A direct conversation is with one other member.', 'userIds'],
    [{ userIds: ['member'] }, 'A direct conversation is with one other member.', 'userIds'],
    [{ userIds: ['admin', 'viewer'] }, 'A direct conversation is with one other member.', 'userIds'],
    [{ userIds: ['admin'], title: 'X' }, 'A direct conversation has no title and no account.', 'title'],
  ])('of a member is not begun with %j', async ({ userIds, ...input }, message, path) => {
    const people = userIds.map((role) => person(role as Role));
    expect(await refusal(org.member, 'conversationStart', { type: 'DIRECT', userIds: people, ...input })).toEqual(
      refused('BAD_USER_INPUT', message, path),
    );
  });
});

describe('taking part', () => {
  test('whoever joins sees what was written, as read; whoever leaves or is removed sees nothing any more', async () => {
    const id = await group(org.member, 'viewer');
    await write(org.member, 'messageSend', { conversationId: id, body: 'Before' });
    await write(org.member, 'conversationAddParticipant', { conversationId: id, userId: person('admin') });
    expect(await find(org.admin, id)).toMatchObject({ unreadCount: 0, messages: { nodes: [{ body: 'Before' }] } });
    await write(org.member, 'messageSend', { conversationId: id, body: 'After' });
    expect((await find(org.admin, id)).unreadCount).toBe(1);
    expect(await write(org.admin, 'conversationLeave', { conversationId: id })).toBeNull();
    expect(await sees(org.admin, id)).toBe(false);
    const participantId = await placeOf(org.member, id, 'viewer');
    await write(org.member, 'conversationRemoveParticipant', { participantId });
    expect(await sees(org.viewer, id)).toBe(false);
    expect(await refusal(org.admin, 'conversationLeave', { conversationId: id })).toEqual(noSuch);
  });

  test('a participant is a member or a contact, once', async () => {
    const id = await group(org.member);
    const contactId = await make(org.member, 'Contact', { fullName: 'Cora Client' });
    const add = (input: object) => refusal(org.member, 'conversationAddParticipant', { conversationId: id, ...input });
    const both = 'Name a member or a contact, and not both.';
    expect(await add({})).toEqual(refused('BAD_USER_INPUT', both, 'userId'));
    expect(await add({ contactId, userId: person('admin') })).toEqual(refused('BAD_USER_INPUT', both, 'userId'));
    expect(await add({ userId: person('member') })).toEqual(
      refused('CONFLICT', 'This member takes part already.', 'userId'),
    );
    await write(org.member, 'conversationAddParticipant', { conversationId: id, contactId });
    expect(await add({ contactId })).toEqual(refused('CONFLICT', 'This contact takes part already.', 'contactId'));
  });

  test('people who are not there are named by their place, those of another organization like nobody', async () => {
    const contactId = await make(other.member, 'Contact', { fullName: 'Theirs' });
    for (const userId of [other.people.member.id, randomUUID()]) {
      expect(await refusal(org.member, 'conversationStart', { userIds: [person('admin'), userId] })).toEqual(
        refused('NOT_FOUND', 'There is no such member.', 'userIds', '1'),
      );
    }
    expect(await refusal(org.member, 'conversationStart', { contactIds: [contactId] })).toEqual(
      refused('NOT_FOUND', 'There is no such contact.', 'contactIds', '0'),
    );
    expect(await refusal(org.member, 'conversationStart', { userIds: ['nobody'] })).toEqual(
      refused('BAD_USER_INPUT', 'Expected an id of Member: member_<uuid> or a UUID.', 'userIds', '0'),
    );
  });

  test('who joins and leaves at the same moment is neither lost nor kept', async () => {
    const id = await group(org.owner, 'member');
    await Promise.all([
      write(org.owner, 'conversationAddParticipant', { conversationId: id, userId: person('admin') }),
      write(org.owner, 'conversationAddParticipant', { conversationId: id, userId: person('viewer') }),
      write(org.member, 'conversationLeave', { conversationId: id }),
    ]);
    const all = [org.owner, org.admin, org.member, org.viewer];
    expect(await Promise.all(all.map((client) => sees(client, id)))).toEqual([true, true, false, true]);
  });

  test('only admins remove a conversation, and only one that they see', async () => {
    const id = await group(org.member, 'admin');
    expect(await failure(org.member, 'conversationDelete', { id })).toEqual([
      'FORBIDDEN',
      'This needs the permission communication:destroy (role ADMIN or above).',
    ]);
    expect(await refusal(org.owner, 'conversationDelete', { id })).toEqual(
      refused('NOT_FOUND', 'There is no such Conversation.', 'id'),
    );
    await write(org.member, 'messageSend', { conversationId: id, body: 'Gone soon' });
    await write(org.admin, 'conversationDelete', { id });
    expect(await sees(org.member, id)).toBe(false);
  });
});
