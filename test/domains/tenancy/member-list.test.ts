import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, nodes, nowhere, pages, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  const { owner, admin, member, viewer } = acme.people;
  await gateway.sql("update org_members set title = 'Founder', joined_at = '2026-01-01' where user_id = $1", [
    owner.id,
  ]);
  await gateway.sql(
    "update org_members set title = 'Engineer', joined_at = '2026-02-01', invited_by_id = $2 where user_id = $1 and org_id = $3",
    [admin.id, owner.id, acme.id],
  );
  await gateway.sql(
    "update org_members set joined_at = '2026-03-01', invited_by_id = $2, permissions = '{keys:read,audit:read}' where user_id = $1 and org_id = $3",
    [member.id, admin.id, acme.id],
  );
  await gateway.sql(
    "update org_members set joined_at = '2026-04-01', invited_by_id = $2, status = 'removed' where user_id = $1 and org_id = $3",
    [viewer.id, admin.id, acme.id],
  );
});
afterAll(() => gateway.close());

const names = async (args: string) =>
  (await nodes(acme.member, 'members', args, 'displayName')).map(({ displayName }) =>
    displayName.replace(' of acme', ''),
  );

test('lists active and removed members, known by their user id, with all their fields', async () => {
  const fields = 'id displayName email role status title permissions joinedAt avatarUrl invitedBy { id }';
  const list = await nodes(acme.member, 'members', 'orderBy: [{ joinedAt: {} }]', fields);
  const { owner, admin, member } = acme.people;
  expect(list.map(({ role, status }) => [role, status])).toEqual([
    ['OWNER', 'ACTIVE'],
    ['ADMIN', 'ACTIVE'],
    ['MEMBER', 'ACTIVE'],
    ['VIEWER', 'REMOVED'],
  ]);
  expect(list[2]).toEqual({
    id: `member_${member.id}`,
    displayName: 'member of acme',
    email: 'member@acme.example',
    role: 'MEMBER',
    status: 'ACTIVE',
    title: null,
    permissions: ['keys:read', 'audit:read'],
    joinedAt: '2026-03-01T00:00:00.000Z',
    avatarUrl: null,
    invitedBy: { id: `member_${admin.id}` },
  });
  expect(list[0]).toMatchObject({ id: `member_${owner.id}`, title: 'Founder', invitedBy: null });
});

test('is one statement with to-one and nested lists, by the resolvers one more for the count', async () => {
  const nested = `invitedBy { displayName } invitedMembers { totalCount nodes { displayName } } ownedAccounts { nodes { name } } ownedDeals { totalCount }
    assignedContacts { nodes { fullName } } assignedLeads { nodes { status } } interactions { nodes { id } } activities { nodes { id } }`;
  const rows = await gateway.countingBoth(acme.admin, (client) => nodes(client, 'members', '', nested));
  expect(rows.result.map(({ invitedMembers }) => invitedMembers.totalCount).sort()).toEqual([0, 0, 1, 2]);
  expect(rows.statements).toEqual({ compiler: 1, resolvers: 1 });
  const counted = await gateway.countingBoth(acme.admin, (client) =>
    client.ok(`{ members(first: 1) { totalCount nodes { ${nested} } } }`),
  );
  expect(counted.result.members.totalCount).toBe(4);
  expect(counted.statements).toEqual({ compiler: 1, resolvers: 2 });
});

test('shows the accounts a member looks after', async () => {
  await acme.member.ok(
    'mutation ($owner: ID!) { accountCreate(input: { name: "Hooli", ownerId: $owner }) { userErrors { code } } }',
    { owner: `member_${acme.people.member.id}` },
  );
  const { member } = await acme.admin.ok(
    `{ member(id: "member_${acme.people.member.id}") { ownedAccounts { totalCount nodes { name owner { displayName } } } } }`,
  );
  expect(member.ownedAccounts).toEqual({
    totalCount: 1,
    nodes: [{ name: 'Hooli', owner: { displayName: 'member of acme' } }],
  });
  expect(await names('filter: { ownedAccounts: { some: { name: { eq: "Hooli" } } } }')).toEqual(['member']);
});

test('shows sent invitations and made keys only to those who may read them', async () => {
  await send(acme.admin, 'invitationSend', { email: 'a@mail.example', role: 'VIEWER' }, 'invitation { id }');
  await send(acme.admin, 'apiKeyCreate', { name: 'Mine' }, 'apiKey { id }');
  const query = `{ member(id: "${acme.people.admin.id}") { sentInvitations { nodes { email } } createdApiKeys { nodes { name } } } }`;
  expect((await acme.owner.ok(query)).member).toEqual({
    sentInvitations: { nodes: [{ email: 'a@mail.example' }] },
    createdApiKeys: { nodes: [{ name: 'Mine' }] },
  });
  const { data, errors } = await globex.member.run(
    `{ member(id: "${globex.people.admin.id}") { id sentInvitations { totalCount } } }`,
  );
  expect(data.member?.sentInvitations ?? null).toBeNull();
  expect(errors?.map(({ extensions }) => [extensions.code, extensions.permission])).toEqual([
    ['FORBIDDEN', 'members:write'],
  ]);
});

test('filters by every kind of column and by relations', async () => {
  expect(await names('filter: { status: { eq: ACTIVE } }, orderBy: [{ joinedAt: {} }]')).toEqual([
    'owner',
    'admin',
    'member',
  ]);
  expect(await names('filter: { role: { in: [OWNER, VIEWER] } }, orderBy: [{ joinedAt: {} }]')).toEqual([
    'owner',
    'viewer',
  ]);
  expect(await names(`filter: { id: { eq: "member_${acme.people.admin.id}" } }`)).toEqual(['admin']);
  expect(await names('filter: { title: { isNull: false } }, orderBy: [{ joinedAt: {} }]')).toEqual(['owner', 'admin']);
  expect(await names('filter: { email: { startsWith: "ADMIN@" } }')).toEqual(['admin']);
  expect(await names('filter: { permissions: { hasAll: ["keys:read", "audit:read"] } }')).toEqual(['member']);
  expect(await names('filter: { joinedAt: { gte: "2026-03-01T00:00:00Z" } }, orderBy: [{ joinedAt: {} }]')).toEqual([
    'member',
    'viewer',
  ]);
  expect(await names('filter: { invitedBy: { role: { eq: OWNER } } }')).toEqual(['admin']);
  expect(await names('filter: { invitedMembers: { some: { status: { eq: REMOVED } } } }')).toEqual(['admin']);
  expect(await names('filter: { not: { invitedById: { isNull: true } } }, orderBy: [{ joinedAt: {} }]')).toEqual([
    'admin',
    'member',
    'viewer',
  ]);
});

test('orders by columns and by the inviter, rows without a value last when ascending', async () => {
  expect(await names('orderBy: [{ displayName: {} }]')).toEqual(['admin', 'member', 'owner', 'viewer']);
  expect(await names('orderBy: [{ role: { direction: DESC } }]')).toEqual(['viewer', 'owner', 'member', 'admin']);
  expect(await names('orderBy: [{ title: {} }, { joinedAt: {} }]')).toEqual(['admin', 'owner', 'member', 'viewer']);
  expect(await names('orderBy: [{ invitedBy: { displayName: {} } }, { joinedAt: {} }]')).toEqual([
    'member',
    'viewer',
    'admin',
    'owner',
  ]);
});

test('pages both ways, over equal and missing values', async () => {
  const all = acme.people;
  const byTitle = await pages(acme.member, 'members', 'id', 2, 'first', 'orderBy: [{ title: {} }]');
  expect(byTitle.flat()).toHaveLength(4);
  expect(byTitle[0]).toEqual([`member_${all.admin.id}`, `member_${all.owner.id}`]);
  const backwards = await pages(acme.member, 'members', 'id', 2, 'last', 'orderBy: [{ title: {} }]');
  expect([...backwards].reverse().flat()).toEqual(byTitle.flat());
});

test('a cursor of another order, and a page that is too large, are refused', async () => {
  const { members } = await acme.member.ok(
    '{ members(first: 1, orderBy: [{ joinedAt: {} }]) { pageInfo { endCursor } } }',
  );
  const wrong = await failure(
    acme.member,
    '{ members(first: 1, after: $at) { totalCount } }'.replace('$at', JSON.stringify(members.pageInfo.endCursor)),
  );
  expect(wrong).toEqual([
    400,
    'BAD_USER_INPUT',
    'This cursor is not one of this list, or of another order. Start again without it.',
  ]);
  expect(await failure(acme.member, '{ members(first: 101) { totalCount } }')).toEqual([
    400,
    'BAD_USER_INPUT',
    'A page has 0 to 100 rows; 101 were asked for.',
  ]);
});

test('members of other organizations are not there, by any way', async () => {
  const other = globex.people.owner.id;
  for (const id of [other, `member_${other}`, nowhere])
    expect((await acme.owner.ok(`{ member(id: "${id}") { id } }`)).member).toBeNull();
  expect((await acme.owner.ok(`{ node(id: "member_${other}") { id } }`)).node).toBeNull();
  expect(await names(`filter: { id: { in: ["${other}"] } }`)).toEqual([]);
  expect(
    (await acme.owner.ok(`{ node(id: "member_${acme.people.member.id}") { id ... on Member { role } } }`)).node,
  ).toEqual({ id: `member_${acme.people.member.id}`, role: 'MEMBER' });
});
