import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHashingEmbedder } from '../../../src/search/hashing-embedder.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const account = async (id: string) =>
  (
    await acme.viewer.ok('query ($id: ID!) { row: account(id: $id) { lastInteractionAt classification version } }', {
      id,
    })
  ).row;
const activitiesOf = async (id: string) =>
  (
    await acme.viewer.ok(
      'query ($id: ID!) { activities(filter: { entityId: { eq: $id } }, orderBy: [{ id: {} }]) { nodes { type subject body occurredAt durationMinutes entityType entityId user { id } } } }',
      { id },
    )
  ).activities.nodes;

/** Whether the stored vector is the one of this text. */
async function embeds(id: string, text: string): Promise<boolean> {
  const [vector = []] = await createHashingEmbedder().embed([text], 1536);
  const [row] = await gateway.sql('select embedding <=> $2::vector < 0.0001 as same from interactions where id = $1', [
    uuidOf(id),
    `[${vector.join(',')}]`,
  ]);
  return row?.same === true;
}

test("handle_new_crm_interaction: an interaction moves its account's last word and classification, and leaves an activity", async () => {
  const accountId = await make(acme.member, 'Account', { name: 'New' });
  await make(acme.member, 'Deal', { title: 'Open', accountId });
  const occurredAt = daysAgo(1);
  const made = await write(
    acme.member,
    'interactionCreate',
    {
      accountId,
      type: 'CALL',
      sentiment: 'POSITIVE',
      subject: 'Hello',
      body: 'They like it',
      occurredAt,
      durationMinutes: 12,
    },
    'type sentiment subject body occurredAt durationMinutes version account { lastInteractionAt } user { id email }',
  );
  const user = { id: `member_${acme.people.member.id}` };
  expect(made).toEqual({
    type: 'CALL',
    sentiment: 'POSITIVE',
    subject: 'Hello',
    body: 'They like it',
    occurredAt,
    durationMinutes: 12,
    version: 1,
    account: { lastInteractionAt: occurredAt },
    user: { ...user, email: 'member@acme.example' },
  });
  expect(await account(accountId)).toMatchObject({ lastInteractionAt: occurredAt, classification: 'HOT' });
  expect(await activitiesOf(accountId)).toEqual([
    {
      type: 'CALL',
      subject: 'Hello',
      body: 'They like it',
      occurredAt,
      durationMinutes: 12,
      entityType: 'account',
      entityId: accountId,
      user,
    },
  ]);
});

test('an older interaction moves nothing back, and changes no version', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Known' });
  await make(acme.member, 'Interaction', { accountId, subject: 'Late', occurredAt: daysAgo(20) });
  const before = await account(accountId);
  expect(before).toMatchObject({ classification: 'WARM' });
  await make(acme.member, 'Interaction', { accountId, subject: 'Early', occurredAt: daysAgo(50) });
  expect(await account(accountId)).toEqual(before);
  expect((await activitiesOf(accountId)).map(({ subject }: { subject: string }) => subject)).toEqual(['Late', 'Early']);
});

test('get_client_classification: a negative last word puts a client at risk', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Unhappy', lifecycle: 'CLIENT' });
  await make(acme.member, 'Interaction', { accountId, sentiment: 'NEGATIVE' });
  expect(await account(accountId)).toMatchObject({ classification: 'AT_RISK' });
});

test('without an account the activity goes to the deal, then to the contact, and without any there is none', async () => {
  const [dealId, contactId] = [
    await make(acme.member, 'Deal', { title: 'D' }),
    await make(acme.member, 'Contact', { fullName: 'C' }),
  ];
  const count = async () => Number((await gateway.sql('select count(*) as n from activities'))[0]?.n);
  const before = await count();
  await make(acme.member, 'Interaction', { dealId, contactId, subject: 'both' });
  await make(acme.member, 'Interaction', { contactId, subject: 'person' });
  await make(acme.member, 'Interaction', { subject: 'nobody' });
  expect((await activitiesOf(dealId)).map(({ subject }: { subject: string }) => subject)).toEqual(['both']);
  expect((await activitiesOf(contactId)).map(({ subject }: { subject: string }) => subject)).toEqual(['person']);
  expect(await count()).toBe(before + 2);
});

test('the person is the caller unless another one, or nobody, is named', async () => {
  const user = async (more: object) =>
    (await write(acme.admin, 'interactionCreate', { subject: 'S', ...more }, 'user { email }')).user;
  expect(await user({})).toEqual({ email: 'admin@acme.example' });
  const id = `member_${acme.people.owner.id}`;
  expect(await user({ userId: id })).toEqual({ email: 'owner@acme.example' });
  expect(await user({ userId: null })).toBeNull();
});

test('subject and body are embedded together, and nothing else changes the embedding', async () => {
  const fields = 'id version embeddingModel embeddedAt';
  const { id, embeddedAt, ...made } = await write(
    acme.member,
    'interactionCreate',
    { subject: 'Roof', body: 'It leaks' },
    fields,
  );
  expect(made).toEqual({ version: 1, embeddingModel: createHashingEmbedder().model });
  expect([await embeds(id, 'Roof\nIt leaks'), await embeds(id, 'Roof')]).toEqual([true, false]);
  expect(await write(acme.member, 'interactionUpdate', { id, durationMinutes: 3 }, 'version embeddedAt')).toEqual({
    version: 2,
    embeddedAt,
  });
  expect(await write(acme.member, 'interactionUpdate', { id, body: 'It is dry' }, 'version')).toEqual({ version: 3 });
  expect(await embeds(id, 'Roof\nIt is dry')).toBe(true);
  await write(acme.member, 'interactionUpdate', { id, subject: null });
  expect(await embeds(id, 'It is dry')).toBe(true);
  expect(
    await write(acme.member, 'interactionUpdate', { id, body: null }, 'version embeddingModel embeddedAt'),
  ).toEqual({ version: 5, embeddingModel: null, embeddedAt: null });
  expect(await gateway.sql('select embedding from interactions where id = $1', [uuidOf(id)])).toEqual([
    { embedding: null },
  ]);
});

test('an interaction without words has no embedding, and the vector is no field', async () => {
  expect(
    await write(acme.member, 'interactionCreate', { durationMinutes: 5 }, 'type embeddingModel embeddedAt'),
  ).toEqual({ type: 'NOTE', embeddingModel: null, embeddedAt: null });
  const { errors } = await acme.viewer.run('{ interactions { nodes { embedding } } }');
  expect(errors?.[0]?.message).toContain('Cannot query field "embedding" on type "Interaction".');
});

test.each([
  [{ durationMinutes: -1 }, 'The value of durationMinutes is not allowed.', 'durationMinutes'],
  [{ occurredAt: null }, 'occurredAt is required and cannot be cleared.', 'occurredAt'],
  [{ body: 'a\0b' }, 'Text cannot hold the character NUL.', 'body'],
])('%j is refused, and leaves no activity', async (more, message, field) => {
  const accountId = await make(acme.member, 'Account', { name: 'Quiet' });
  expect(await refusal(acme.member, 'interactionCreate', { accountId, ...more })).toEqual([
    { code: 'BAD_USER_INPUT', message, path: [field], currentVersion: null },
  ]);
  expect(await activitiesOf(accountId)).toEqual([]);
  expect(await account(accountId)).toMatchObject({ lastInteractionAt: null, version: 1 });
});

test('a stale version is refused before words are embedded again', async () => {
  const id = await make(acme.member, 'Interaction', { subject: 'First' });
  await write(acme.member, 'interactionUpdate', { id, subject: 'Second' });
  const message = 'Somebody changed it: the current version is 2, not 1.';
  expect(await refusal(acme.member, 'interactionUpdate', { id, subject: 'Third', expectedVersion: 1 })).toEqual([
    { code: 'CONFLICT', message, path: ['expectedVersion'], currentVersion: 2 },
  ]);
  expect(await embeds(id, 'Second')).toBe(true);
});

test('interactions are filtered, sorted and paged both ways', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Listed' });
  for (const [subject, type, days] of [
    ['a', 'CALL', 3],
    ['b', 'EMAIL', 1],
    ['c', 'CALL', 2],
  ] as const)
    await make(acme.member, 'Interaction', { accountId, subject, type, occurredAt: daysAgo(days) });
  const page = async (args: string, more = '') =>
    (
      await acme.viewer.ok(
        `query ($id: ID!) { interactions(filter: { accountId: { eq: $id } ${more} }, orderBy: [{ occurredAt: { direction: DESC } }], ${args}) { nodes { subject } pageInfo { startCursor endCursor } } }`,
        { id: accountId },
      )
    ).interactions;
  expect((await page('first: 9', 'type: { eq: CALL }')).nodes).toEqual([{ subject: 'c' }, { subject: 'a' }]);
  expect(
    (await page('first: 9', 'occurredAt: { gt: "-P2DT12H" }, user: { email: { startsWith: "member" } }')).nodes,
  ).toEqual([{ subject: 'b' }, { subject: 'c' }]);
  const first = await page('first: 2');
  expect(first.nodes).toEqual([{ subject: 'b' }, { subject: 'c' }]);
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  expect(second.nodes).toEqual([{ subject: 'a' }]);
  expect((await page(`last: 1, before: "${second.pageInfo.startCursor}"`)).nodes).toEqual([{ subject: 'c' }]);
});

test('interactions with what they belong to are one statement, by the resolvers one more for the total', async () => {
  const rows =
    'nodes { subject account { name interactions { totalCount nodes { subject } } } contact { fullName } deal { title } user { email } }';
  const list = await gateway.countingBoth(acme.viewer, (client) => client.ok(`{ interactions { ${rows} } }`));
  expect(list.result.interactions.nodes.length).toBeGreaterThan(5);
  expect(list.statements).toEqual({ compiler: 1, resolvers: 1 });
  const total = await gateway.countingBoth(acme.viewer, (client) =>
    client.ok(`{ interactions { totalCount ${rows} } }`),
  );
  expect(total.statements).toEqual({ compiler: 1, resolvers: 2 });
});
