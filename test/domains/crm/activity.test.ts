import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

/** The global id of one row of each type that has a history. */
async function records({ id, member }: Org): Promise<Record<string, string>> {
  const account = await make(member, 'Account', { name: 'Account' });
  const [document] = await gateway.sql(
    "insert into documents (org_id, title, body) values ($1, 'Document', 'x') returning id",
    [id],
  );
  return {
    account,
    contact: await make(member, 'Contact', { fullName: 'Contact' }),
    deal: await make(member, 'Deal', { title: 'Deal' }),
    lead: await make(member, 'Lead', { firstName: 'Lead' }),
    proposal: await make(member, 'Proposal', { proposalNumber: randomUUID(), title: 'Proposal' }),
    contract: await make(member, 'Contract', { title: 'Contract' }),
    property: await make(member, 'Property', { name: 'Property', accountId: account }),
    document: `document_${document?.id}`,
  };
}

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const entity = `entity { id __typename ... on Account { name owner { id } } ... on Contact { fullName account { name } } ... on Deal { title stage { name } }
  ... on Lead { firstName } ... on Proposal { title } ... on Contract { title } ... on Property { name place: account { name } } ... on Document { title } }`;
const historyOf = async (client: Client, ids: readonly string[], selection: string): Promise<Data[]> =>
  (
    await client.ok(
      `query ($ids: [ID!]) { activities(filter: { entityId: { in: $ids } }, orderBy: [{ id: {} }]) { nodes { ${selection} } } }`,
      { ids },
    )
  ).activities.nodes;
const count = async () => (await gateway.sql('select count(*) from activities'))[0];

test('an activity is written about a record of each kind, by the caller', async () => {
  const occurredAt = '2026-01-02T03:04:05.678Z';
  for (const [type, entityId] of Object.entries(await records(acme))) {
    const input = { entityId, type: 'TASK', subject: 'Do', body: 'Now', occurredAt, durationMinutes: 7 };
    expect(
      await write(
        acme.member,
        'activityCreate',
        input,
        'entityType entityId type subject body occurredAt durationMinutes version user { email } entity { id }',
      ),
    ).toEqual({
      entityType: type,
      entityId,
      type: 'TASK',
      subject: 'Do',
      body: 'Now',
      occurredAt,
      durationMinutes: 7,
      version: 1,
      user: { email: 'member@acme.example' },
      entity: { id: entityId },
    });
  }
});

test('the records of a list are one statement for each type, however many there are; a list without them is one', async () => {
  const ids: string[] = [];
  for (const { account, contact, deal } of [await records(acme), await records(acme)])
    ids.push(account ?? '', contact ?? '', deal ?? '');
  for (const entityId of [...ids, ...ids]) await make(acme.member, 'Activity', { entityId, type: 'NOTE' });
  const { statements, result } = await gateway.counting(() =>
    historyOf(acme.viewer, ids, `entityId ${entity} user { email }`),
  );
  expect(statements).toHaveLength(4);
  expect(result.map((row) => row.entity.id)).toEqual([...ids, ...ids]);
  expect(result.slice(0, 3).map((row) => row.entity)).toEqual([
    { id: ids[0], __typename: 'Account', name: 'Account', owner: null },
    { id: ids[1], __typename: 'Contact', fullName: 'Contact', account: null },
    { id: ids[2], __typename: 'Deal', title: 'Deal', stage: { name: 'Qualification' } },
  ]);
  const plain = await gateway.countingBoth(acme.viewer, (client) =>
    historyOf(client, ids, 'entityId subject user { email }'),
  );
  expect(plain.statements).toEqual({ compiler: 1, resolvers: 1 });
  const total = await gateway.countingBoth(acme.viewer, (client) =>
    client.ok('{ activities { totalCount nodes { subject user { email } } } }'),
  );
  expect(total.statements).toEqual({ compiler: 1, resolvers: 2 });
});

test('two selections of the record in one document do not mix', async () => {
  const { account = '', deal = '' } = await records(acme);
  for (const entityId of [account, deal]) await make(acme.member, 'Activity', { entityId, type: 'CALL' });
  const rows = await historyOf(
    acme.viewer,
    [account, deal],
    'a: entity { ... on Account { name } ... on Deal { title } } b: entity { id ... on Account { kind } ... on Deal { status } }',
  );
  expect(rows).toEqual([
    { a: { name: 'Account' }, b: { id: account, kind: 'COMPANY' } },
    { a: { title: 'Deal' }, b: { id: deal, status: 'OPEN' } },
  ]);
});

test('a record that is gone is null, and its history stays', async () => {
  const { account = '' } = await records(acme);
  const contact = await make(acme.member, 'Contact', { fullName: 'Short-lived' });
  for (const entityId of [account, contact])
    await make(acme.member, 'Activity', { entityId, type: 'CALL', subject: 'S' });
  await write(acme.admin, 'contactDestroy', { id: contact }, 'id');
  expect(await historyOf(acme.viewer, [contact], 'entityId subject entity { id }')).toEqual([
    { entityId: contact, subject: 'S', entity: null },
  ]);
  expect(await historyOf(acme.viewer, [account], 'entity { id }')).toEqual([{ entity: { id: account } }]);
});

test('a record of a type that the caller may not read is null, and cannot be written about', async () => {
  const { account = '', document = '' } = await records(acme);
  for (const entityId of [account, document]) await make(acme.member, 'Activity', { entityId, type: 'NOTE' });
  const made = await acme.admin.ok(
    'mutation { key: apiKeyCreate(input: { name: "K", scopes: ["crm:write", "members:read"] }) { secret userErrors { code } } }',
  );
  const key = gateway.withKey(made.key.secret);
  expect(await historyOf(key, [account, document], 'entityId entity { id }')).toEqual([
    { entityId: account, entity: { id: account } },
    { entityId: document, entity: null },
  ]);
  const before = await count();
  expect(await refusal(key, 'activityCreate', { entityId: document, type: 'NOTE' })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such document.', path: ['entityId'], currentVersion: null },
  ]);
  expect(await count()).toEqual(before);
  expect(await write(key, 'activityCreate', { entityId: account, type: 'NOTE' }, 'user { id }')).toEqual({
    user: null,
  });
});

test("a record that is not there, is deleted or is another organization's gets no activity", async () => {
  const theirs = await records(globex);
  const deleted = await make(acme.member, 'Deal', { title: 'Deleted' });
  await write(acme.member, 'dealDelete', { id: deleted });
  const before = await count();
  for (const entityId of [...Object.values(theirs), deleted, `lead_${randomUUID()}`]) {
    const message = `There is no such ${entityId.slice(0, -37)}.`;
    expect(await refusal(acme.owner, 'activityCreate', { entityId, type: 'NOTE' })).toEqual([
      { code: 'NOT_FOUND', message, path: ['entityId'], currentVersion: null },
    ]);
  }
  expect(await count()).toEqual(before);
});

test.each([() => randomUUID(), () => `template_${randomUUID()}`, () => `member_${randomUUID()}`, () => 'x'])(
  'an id without a type that has a history is refused: %s',
  async (id) => {
    const message =
      'Expected the global id of one of: account, contact, deal, lead, proposal, contract, property, document, project, task, invoice, ticket, event.';
    const before = await count();
    expect(await refusal(acme.member, 'activityCreate', { entityId: id(), type: 'NOTE' })).toEqual([
      { code: 'BAD_USER_INPUT', message, path: ['entityId'], currentVersion: null },
    ]);
    expect(await count()).toEqual(before);
  },
);

test('a viewer writes none, a time is not negative, and an id is made once', async () => {
  const { account: entityId = '' } = await records(acme);
  const id = randomUUID();
  const input = { id, entityId, type: 'NOTE' };
  expect((await failure(acme.viewer, 'activityCreate', input))[0]).toBe('FORBIDDEN');
  const negative = {
    code: 'BAD_USER_INPUT',
    message: 'The value of durationMinutes is not allowed.',
    path: ['durationMinutes'],
    currentVersion: null,
  };
  expect(await refusal(acme.member, 'activityCreate', { ...input, durationMinutes: -1 })).toEqual([negative]);
  expect(await gateway.sql('select id from activities where id = $1', [id])).toEqual([]);
  expect(await make(acme.member, 'Activity', input)).toBe(`activity_${id}`);
  expect(await refusal(acme.member, 'activityCreate', input)).toEqual([
    {
      code: 'CONFLICT',
      message: 'This id cannot be used. Leave it out, or make a new random UUID.',
      path: ['id'],
      currentVersion: null,
    },
  ]);
});

test('an activity is never changed or removed', async () => {
  const { __type } = await acme.owner.ok('{ __type(name: "Mutation") { fields { name } } }');
  const names = __type.fields
    .map(({ name }: { name: string }) => name)
    .filter((name: string) => /^activity[A-Z]/.test(name));
  expect(names).toEqual(['activityCreate']);
});

test("another organization's history is not there", async () => {
  const { account: entityId = '' } = await records(globex);
  const id = await make(globex.member, 'Activity', { entityId, type: 'NOTE' });
  expect(await historyOf(acme.owner, [entityId], 'id')).toEqual([]);
  expect(await acme.owner.ok('query ($id: ID!) { activity(id: $id) { id } node(id: $id) { id } }', { id })).toEqual({
    activity: null,
    node: null,
  });
  expect(await gateway.sql('select type from activities where id = $1', [uuidOf(id)])).toEqual([{ type: 'note' }]);
});

test('activities are filtered, sorted and paged both ways', async () => {
  const { lead: entityId = '' } = await records(acme);
  for (const [subject, type, day] of [
    ['a', 'CALL', 3],
    ['b', 'NOTE', 1],
    ['c', 'CALL', 2],
  ])
    await make(acme.member, 'Activity', { entityId, subject, type, occurredAt: `2026-01-0${day}T00:00:00Z` });
  const page = async (args: string, more = '') =>
    (
      await acme.viewer.ok(
        `query ($id: ID!) { activities(filter: { entityId: { eq: $id } ${more} }, orderBy: [{ occurredAt: {} }], ${args}) { nodes { subject } pageInfo { startCursor endCursor } } }`,
        { id: entityId },
      )
    ).activities;
  expect((await page('first: 9', 'type: { eq: CALL }, entityType: { eq: "lead" }')).nodes).toEqual([
    { subject: 'c' },
    { subject: 'a' },
  ]);
  const first = await page('first: 2');
  expect(first.nodes).toEqual([{ subject: 'b' }, { subject: 'c' }]);
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  expect(second.nodes).toEqual([{ subject: 'a' }]);
  expect((await page(`last: 1, before: "${second.pageInfo.startCursor}"`)).nodes).toEqual([{ subject: 'c' }]);
});
