import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

interface Kind {
  readonly type: string;
  readonly snake: string;
  readonly table: string;
  readonly list: string;
  readonly input: () => object;
  readonly change: object;
}

const kinds: readonly Kind[] = [
  {
    type: 'Document',
    snake: 'document',
    table: 'documents',
    list: 'documents',
    input: () => ({ title: 'A', body: 'a' }),
    change: { mimeType: 'text/html' },
  },
  {
    type: 'ClientIntelligence',
    snake: 'client_intelligence',
    table: 'client_intelligence',
    list: 'clientIntelligences',
    input: () => ({ clientName: randomUUID() }),
    change: { summary: 'B' },
  },
  {
    type: 'OrgBrainEntry',
    snake: 'org_brain_entry',
    table: 'org_brain',
    list: 'orgBrainEntries',
    input: () => ({ contentType: 'tone', contentText: 'A' }),
    change: { source: 'B' },
  },
];

const nameOf = ({ type }: Kind): string => type.charAt(0).toLowerCase() + type.slice(1);
const rowOf = async ({ table }: Kind, id: string) =>
  (await gateway.sql(`select version from ${table} where id = $1`, [uuidOf(id)]))[0];
const countOf = async ({ table }: Kind) => (await gateway.sql(`select count(*) as n from ${table}`))[0];
const forbidden = (permission: string, role: string) => [
  'FORBIDDEN',
  `This needs the permission ${permission} (role ${role} or above).`,
];

describe.each(kinds)('$type', (kind) => {
  const name = nameOf(kind);
  const create = (org: Org = acme, more: object = {}) => make(org.member, kind.type, { ...kind.input(), ...more });

  test('a client makes its own id, once in its organization', async () => {
    const id = randomUUID();
    expect(await create(acme, { id })).toBe(`${kind.snake}_${id}`);
    expect(await refusal(acme.member, `${name}Create`, { ...kind.input(), id })).toEqual([
      {
        code: 'CONFLICT',
        message: 'This id cannot be used. Leave it out, or make a new random UUID.',
        path: ['id'],
        currentVersion: null,
      },
    ]);
    expect(await create(globex, { id })).toBe(`${kind.snake}_${id}`);
  });

  test('an update counts one version, and a stale one is told the current version', async () => {
    const id = await create();
    expect(await write(acme.member, `${name}Update`, { id, expectedVersion: 1, ...kind.change }, 'id version')).toEqual(
      { id, version: 2 },
    );
    const stale = {
      code: 'CONFLICT',
      message: 'Somebody changed it: the current version is 2, not 1.',
      path: ['expectedVersion'],
      currentVersion: 2,
    };
    expect(await refusal(acme.member, `${name}Update`, { id, expectedVersion: 1, ...kind.change })).toEqual([stale]);
    expect(await refusal(acme.member, `${name}Delete`, { id, expectedVersion: 1 })).toEqual([stale]);
    expect(await rowOf(kind, id)).toEqual({ version: 2 });
  });

  test('a viewer writes nothing', async () => {
    const id = await create();
    const before = await countOf(kind);
    const refused = forbidden('knowledge:write', 'MEMBER');
    expect(await failure(acme.viewer, `${name}Create`, kind.input())).toEqual(refused);
    expect(await failure(acme.viewer, `${name}Update`, { id, ...kind.change })).toEqual(refused);
    expect(await failure(acme.viewer, `${name}Delete`, { id })).toEqual(refused);
    expect(await countOf(kind)).toEqual(before);
    expect(await rowOf(kind, id)).toEqual({ version: 1 });
  });

  test("another organization's row is not there, for reading or writing", async () => {
    const id = await create(globex);
    const missing = {
      code: 'NOT_FOUND',
      message: `There is no such ${kind.type}.`,
      path: ['id'],
      currentVersion: null,
    };
    for (const unknown of [id, randomUUID()]) {
      expect(await refusal(acme.admin, `${name}Update`, { id: unknown, ...kind.change })).toEqual([missing]);
      expect(await refusal(acme.admin, `${name}Delete`, { id: unknown })).toEqual([missing]);
      expect(await acme.viewer.ok(`query ($id: ID!) { row: ${name}(id: $id) { id } }`, { id: unknown })).toEqual({
        row: null,
      });
    }
    expect(await acme.viewer.ok('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    expect(await rowOf(kind, id)).toEqual({ version: 1 });
  });

  test('what is deleted leaves the list', async () => {
    const id = await create();
    const listed = async () =>
      (
        await acme.viewer.ok(
          `query ($id: ID!) { rows: ${kind.list}(filter: { id: { eq: $id } }) { totalCount nodes { id } } }`,
          { id },
        )
      ).rows;
    expect(await listed()).toEqual({ totalCount: 1, nodes: [{ id }] });
    await acme.member.ok(`mutation ($id: ID!) { ${name}Delete(input: { id: $id }) { userErrors { code } } }`, { id });
    expect(await listed()).toEqual({ totalCount: 0, nodes: [] });
  });
});

test('a deleted document comes back, and only admins destroy it', async () => {
  const id = await make(acme.member, 'Document', { title: 'A', body: 'a' });
  await write(acme.member, 'documentDelete', { id });
  expect(await write(acme.member, 'documentRestore', { id }, 'deletedAt version')).toEqual({
    deletedAt: null,
    version: 3,
  });
  expect(await failure(acme.member, 'documentDestroy', { id })).toEqual(forbidden('knowledge:destroy', 'ADMIN'));
  const { data } = await acme.admin.run(
    'mutation ($id: ID!) { gone: documentDestroy(input: { id: $id }) { documentId userErrors { code } } }',
    { id },
  );
  expect(data.gone).toEqual({ documentId: id, userErrors: [] });
  expect(await gateway.sql('select 1 from documents where id = $1', [uuidOf(id)])).toEqual([]);
});

test('the name of a client is known once in an organization', async () => {
  await make(acme.member, 'ClientIntelligence', { clientName: 'Initech' });
  const second = await make(acme.member, 'ClientIntelligence', { clientName: 'Hooli' });
  const taken = [
    { code: 'CONFLICT', message: 'That clientName is taken already.', path: ['clientName'], currentVersion: null },
  ];
  expect(await refusal(acme.member, 'clientIntelligenceCreate', { clientName: 'Initech' })).toEqual(taken);
  expect(await refusal(acme.member, 'clientIntelligenceUpdate', { id: second, clientName: 'Initech' })).toEqual(taken);
  expect(
    await gateway.sql(
      "select client_name, version from client_intelligence where client_name in ('Initech', 'Hooli') order by 1",
    ),
  ).toEqual([
    { client_name: 'Hooli', version: 1 },
    { client_name: 'Initech', version: 1 },
  ]);
  expect(await make(globex.member, 'ClientIntelligence', { clientName: 'Initech' })).toMatch(/^client_intelligence_/);
});

test.each([
  ['documentCreate', { title: '', body: 'a' }, 'title'],
  ['clientIntelligenceCreate', { clientName: '' }, 'clientName'],
  ['orgBrainEntryCreate', { contentType: 'tone', contentText: '' }, 'contentText'],
])('%s without a text in %o is refused', async (mutation, input, field) => {
  const refused = await refusal(acme.member, mutation, input);
  expect(refused).toEqual([
    { code: 'BAD_USER_INPUT', message: `The value of ${field} is not allowed.`, path: [field], currentVersion: null },
  ]);
});

test("an account of another organization is no document's account", async () => {
  const accountId = await make(globex.member, 'Account', { name: 'Theirs' });
  const refused = [
    { code: 'NOT_FOUND', message: 'There is no such account.', path: ['accountId'], currentVersion: null },
  ];
  expect(await refusal(acme.member, 'documentCreate', { title: 'A', body: 'a', accountId })).toEqual(refused);
  expect(await refusal(acme.member, 'clientIntelligenceCreate', { clientName: 'A', accountId })).toEqual(refused);
});
