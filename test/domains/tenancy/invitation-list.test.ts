import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../../src/schema.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, lacks, nodes, nowhere, pages, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
const ids: Record<string, string> = {};

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  for (const [name, role, days] of [
    ['cleo', 'VIEWER', 3],
    ['abel', 'ADMIN', 9],
    ['bela', 'MEMBER', 5],
  ] as const) {
    const client = name === 'abel' ? acme.owner : acme.admin;
    ids[name] = (
      await send(
        client,
        'invitationSend',
        { email: `${name}@mail.example`, role, expiresInDays: days },
        'invitation { id }',
      )
    ).invitation.id;
  }
  await send(acme.admin, 'invitationRevoke', { id: ids.bela }, 'invitation { id }');
  ids.other = (
    await send(globex.admin, 'invitationSend', { email: 'other@mail.example', role: 'VIEWER' }, 'invitation { id }')
  ).invitation.id;
});
afterAll(() => gateway.close());

const names = async (args: string) =>
  (await nodes(acme.admin, 'invitations', args, 'email')).map(({ email }) => email.split('@')[0]);

test('lists invitations newest first, in one statement with who sent them, by the resolvers one more for the count', async () => {
  const rows = await gateway.countingBoth(acme.admin, (client) =>
    nodes(client, 'invitations', '', 'email invitedBy { email }'),
  );
  expect(rows.result).toEqual([
    { email: 'bela@mail.example', invitedBy: { email: 'admin@acme.example' } },
    { email: 'abel@mail.example', invitedBy: { email: 'owner@acme.example' } },
    { email: 'cleo@mail.example', invitedBy: { email: 'admin@acme.example' } },
  ]);
  expect(rows.statements).toEqual({ compiler: 1, resolvers: 1 });
  const counted = await gateway.countingBoth(acme.admin, (client) =>
    client.ok('{ invitations(first: 1) { totalCount nodes { email } } }'),
  );
  expect(counted.result.invitations.totalCount).toBe(3);
  expect(counted.statements).toEqual({ compiler: 1, resolvers: 2 });
});

test('filters and orders', async () => {
  expect(await names('filter: { status: { eq: PENDING } }, orderBy: [{ email: {} }]')).toEqual(['abel', 'cleo']);
  expect(await names('filter: { role: { ne: ADMIN } }, orderBy: [{ email: {} }]')).toEqual(['bela', 'cleo']);
  expect(await names('filter: { email: { contains: "EL" } }, orderBy: [{ email: {} }]')).toEqual(['abel', 'bela']);
  expect(await names('filter: { expiresAt: { gt: "P4D" } }, orderBy: [{ expiresAt: {} }]')).toEqual(['bela', 'abel']);
  expect(await names('filter: { acceptedAt: { isNull: false } }')).toEqual([]);
  expect(await names('filter: { invitedBy: { role: { eq: OWNER } } }')).toEqual(['abel']);
  expect(await names('orderBy: [{ expiresAt: { direction: DESC } }]')).toEqual(['abel', 'bela', 'cleo']);
  expect(await names('orderBy: [{ invitedBy: { email: { direction: DESC } } }, { email: {} }]')).toEqual([
    'abel',
    'bela',
    'cleo',
  ]);
});

test('pages both ways', async () => {
  expect(await pages(acme.admin, 'invitations', 'email', 2, 'first', 'orderBy: [{ email: {} }]')).toEqual([
    ['abel@mail.example', 'bela@mail.example'],
    ['cleo@mail.example'],
  ]);
  expect(await pages(acme.admin, 'invitations', 'email', 2, 'last', 'orderBy: [{ email: {} }]')).toEqual([
    ['bela@mail.example', 'cleo@mail.example'],
    ['abel@mail.example'],
  ]);
});

test('are only for those who manage members', async () => {
  const [, ...byId] = await failure(acme.member, `{ invitation(id: "${ids.abel}") { email } }`);
  const [, ...byList] = await failure(acme.member, '{ invitations { nodes { email } } }');
  const [, ...byNode] = await failure(acme.member, `{ node(id: "${ids.abel}") { id } }`);
  const [, ...expected] = lacks('members:write', 'ADMIN');
  expect([byId, byList, byNode]).toEqual([expected, expected, expected]);
});

test('those of other organizations are not there', async () => {
  for (const id of [ids.other, nowhere])
    expect((await acme.owner.ok(`{ invitation(id: "${id}") { id } }`)).invitation).toBeNull();
});

test('no field, filter or order speaks of the hash', () => {
  for (const type of [
    'Invitation',
    'InvitationFilter',
    'InvitationOrderBy',
    'InvitationSendInput',
    'ApiKey',
    'ApiKeyFilter',
    'ApiKeyOrderBy',
    'ApiKeyCreateInput',
    'ApiKeyUpdateInput',
  ]) {
    const found = schema.getType(type);
    const names = found && 'getFields' in found ? Object.keys(found.getFields()) : [];
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => /hash|secret|token/i.test(name))).toEqual([]);
  }
});
