import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';
import { type Kind, kinds, need, needs } from './write-kinds.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  for (const org of [acme, globex]) {
    const account = await make(org.member, 'Account', { name: 'Needed' });
    const contact = await make(org.member, 'Contact', { fullName: 'Needed' });
    const [pipeline] = (await org.viewer.ok('{ pipelines { nodes { id stages { nodes { id } } } } }')).pipelines.nodes;
    const proposal = await make(org.member, 'Proposal', { proposalNumber: 'P-1', title: 'Needed' });
    needs.set(org, { account, contact, pipeline: pipeline.id, stage: pipeline.stages.nodes[0].id, proposal });
  }
});
afterAll(() => gateway.close());

const nameOf = ({ type }: Kind): string => type.charAt(0).toLowerCase() + type.slice(1);
const rowOf = async ({ table }: Kind, id: string) =>
  (await gateway.sql(`select * from ${table} where id = $1`, [uuidOf(id)]))[0];

async function listed({ list }: Kind, id: string, args = ''): Promise<boolean> {
  const data = await acme.viewer.ok(
    `query ($id: ID!) { ${list}(filter: { id: { eq: $id } } ${args}) { totalCount } }`,
    { id },
  );
  return data[list].totalCount === 1;
}

const forbidden = (permission: string, role: string) => [
  'FORBIDDEN',
  `This needs the permission ${permission} (role ${role} or above).`,
];

describe.each(kinds)('$type', (kind) => {
  const name = nameOf(kind);
  const missing = { code: 'NOT_FOUND', message: `There is no such ${kind.type}.`, path: ['id'], currentVersion: null };
  const create = (org: Org = acme, more: object = {}) => make(org.member, kind.type, { ...kind.input(org), ...more });

  test('a client makes its own id, once in its organization', async () => {
    const id = randomUUID();
    expect(await create(acme, { id })).toMatch(new RegExp(`_${id}$`));
    const taken = {
      code: 'CONFLICT',
      message: 'This id cannot be used. Leave it out, or make a new random UUID.',
      path: ['id'],
      currentVersion: null,
    };
    expect(await refusal(acme.member, `${name}Create`, { ...kind.input(acme), id })).toEqual([taken]);
    expect(await create(globex, { id })).toMatch(new RegExp(`_${id}$`));
  });

  test('an update counts the version, and a stale one is told the current version', async () => {
    const id = await create();
    expect(await write(acme.member, `${name}Update`, { id, expectedVersion: 1, ...kind.change }, 'id version')).toEqual(
      { id, version: 2 },
    );
    const stale = 'Somebody changed it: the current version is 2, not 1.';
    expect(await refusal(acme.member, `${name}Update`, { id, expectedVersion: 1, ...kind.change })).toEqual([
      { code: 'CONFLICT', message: stale, path: ['expectedVersion'], currentVersion: 2 },
    ]);
    expect(await refusal(acme.member, `${name}Delete`, { id, expectedVersion: 1 })).toEqual([
      { code: 'CONFLICT', message: stale, path: ['expectedVersion'], currentVersion: 2 },
    ]);
    expect(await rowOf(kind, id)).toMatchObject({ version: 2 });
    expect(await write(acme.member, `${name}Update`, { id, ...kind.change }, 'version')).toEqual({ version: 3 });
  });

  test('a viewer writes nothing', async () => {
    const id = await create();
    const refused = forbidden('crm:write', 'MEMBER');
    const count = async () => (await gateway.sql(`select count(*) as n from ${kind.table}`))[0];
    const before = await count();
    expect(await failure(acme.viewer, `${name}Create`, kind.input(acme))).toEqual(refused);
    expect(await failure(acme.viewer, `${name}Update`, { id, ...kind.change })).toEqual(refused);
    expect(await failure(acme.viewer, `${name}Delete`, { id })).toEqual(refused);
    expect(await count()).toEqual(before);
    expect(await rowOf(kind, id)).toMatchObject({ version: 1 });
  });

  test("another organization's row is not there, for reading or writing, like any id that was never made", async () => {
    const id = await create(globex);
    for (const unknown of [id, randomUUID()]) {
      for (const verb of kind.isSoft ? ['Update', 'Delete', 'Restore', 'Destroy'] : ['Update', 'Delete']) {
        const change = verb === 'Update' ? kind.change : {};
        expect(await refusal(acme.admin, `${name}${verb}`, { id: unknown, ...change })).toEqual([missing]);
        expect(await refusal(acme.admin, `${name}${verb}`, { id: unknown, expectedVersion: 1, ...change })).toEqual([
          missing,
        ]);
      }
      expect(await acme.viewer.ok(`query ($id: ID!) { row: ${name}(id: $id) { id } }`, { id: unknown })).toEqual({
        row: null,
      });
    }
    expect(await acme.viewer.ok('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    expect(await listed(kind, id)).toBe(false);
    expect(await rowOf(kind, id)).toMatchObject({ version: 1 });
  });

  test('an id of another type is refused', async () => {
    const id = `document_${randomUUID()}`;
    const message = `Expected an id of ${kind.type}: ${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_<uuid> or a UUID.`;
    expect(await refusal(acme.member, `${name}Update`, { id, ...kind.change })).toEqual([
      { code: 'BAD_USER_INPUT', message, path: ['id'], currentVersion: null },
    ]);
  });
});

describe.each(kinds.filter(({ isSoft }) => isSoft))('$type, which is hidden before it is destroyed', (kind) => {
  const name = nameOf(kind);
  const create = () => make(acme.member, kind.type, kind.input(acme));
  const conflict = (message: string, currentVersion: number) => [
    { code: 'CONFLICT', message, path: ['id'], currentVersion },
  ];

  test('a deleted row leaves the lists unless asked for, keeps its data, and cannot be changed', async () => {
    const id = await create();
    const { deletedAt } = await write(acme.member, `${name}Delete`, { id, expectedVersion: 1 }, 'deletedAt');
    expect(Math.abs(Date.parse(deletedAt) - Date.now())).toBeLessThan(60_000);
    expect([await listed(kind, id), await listed(kind, id, 'includeDeleted: true')]).toEqual([false, true]);
    expect((await acme.viewer.ok(`query ($id: ID!) { row: ${name}(id: $id) { id deletedAt } }`, { id })).row).toEqual({
      id,
      deletedAt,
    });
    expect(await refusal(acme.member, `${name}Update`, { id, ...kind.change })).toEqual(
      conflict('It is deleted. Restore it first.', 2),
    );
    expect(await refusal(acme.member, `${name}Delete`, { id })).toEqual(
      conflict('It is deleted. Restore it first.', 2),
    );
    expect(await rowOf(kind, id)).toMatchObject({ version: 2 });
  });

  test('a deleted row comes back, and a live one has nowhere to come back from', async () => {
    const id = await create();
    await write(acme.member, `${name}Delete`, { id });
    expect(await write(acme.member, `${name}Restore`, { id, expectedVersion: 2 }, 'deletedAt version')).toEqual({
      deletedAt: null,
      version: 3,
    });
    expect(await listed(kind, id)).toBe(true);
    expect(await refusal(acme.member, `${name}Restore`, { id })).toEqual(conflict('It is not deleted.', 3));
  });

  test('only admins destroy, and what is destroyed is gone', async () => {
    const id = await create();
    expect(await failure(acme.member, `${name}Destroy`, { id })).toEqual(forbidden('crm:destroy', 'ADMIN'));
    expect(await rowOf(kind, id)).toMatchObject({ version: 1 });
    const { data } = await acme.admin.run(
      `mutation ($id: ID!) { gone: ${name}Destroy(input: { id: $id }) { ${name} { id } ${name}Id userErrors { code } } }`,
      { id },
    );
    expect(data.gone).toEqual({ [name]: null, [`${name}Id`]: id, userErrors: [] });
    expect(await rowOf(kind, id)).toBeUndefined();
  });
});

describe('a reference to a row of another organization is refused like one to nothing', () => {
  const cases: readonly (readonly [mutation: string, field: string, idIn: (org: Org) => string, message: string])[] = [
    ['accountCreate', 'ownerId', ({ people }) => people.member.id, 'There is no such owner.'],
    ['contactCreate', 'accountId', (org) => need(org).account, 'There is no such account.'],
    ['contactCreate', 'assignedToId', ({ people }) => people.member.id, 'There is no such assignedTo.'],
    ['propertyCreate', 'accountId', (org) => need(org).account, 'There is no such account.'],
    ['pipelineStageCreate', 'pipelineId', (org) => need(org).pipeline, 'There is no such pipeline.'],
    ['dealCreate', 'accountId', (org) => need(org).account, 'There is no such account.'],
    ['dealCreate', 'contactId', (org) => need(org).contact, 'There is no such contact.'],
    ['dealCreate', 'ownerId', ({ people }) => people.member.id, 'There is no such owner.'],
    ['dealCreate', 'pipelineId', (org) => need(org).pipeline, 'There is no such pipeline.'],
    ['dealCreate', 'stageId', (org) => need(org).stage, 'That stage does not exist in this pipeline.'],
    ['leadCreate', 'assignedToId', ({ people }) => people.member.id, 'There is no such assignedTo.'],
    ['interactionCreate', 'accountId', (org) => need(org).account, 'There is no such account.'],
    ['interactionCreate', 'contactId', (org) => need(org).contact, 'There is no such contact.'],
    ['interactionCreate', 'userId', ({ people }) => people.member.id, 'There is no such user.'],
    ['proposalCreate', 'accountId', (org) => need(org).account, 'There is no such account.'],
    ['proposalLineItemCreate', 'proposalId', (org) => need(org).proposal, 'There is no such proposal.'],
    ['contractCreate', 'accountId', (org) => need(org).account, 'There is no such account.'],
    ['contractCreate', 'proposalId', (org) => need(org).proposal, 'There is no such proposal.'],
  ];

  test.each(cases)('%s with %s', async (mutation, field, idIn, message) => {
    const kind = kinds.find((one) => `${nameOf(one)}Create` === mutation);
    const refused = [{ code: 'NOT_FOUND', message, path: [field], currentVersion: null }];
    const count = async () => (await gateway.sql(`select count(*) as n from ${kind?.table}`))[0];
    const before = await count();
    for (const id of [idIn(globex), randomUUID()]) {
      expect(await refusal(acme.member, mutation, { ...kind?.input(acme), [field]: id })).toEqual(refused);
    }
    expect(await count()).toEqual(before);
    expect(await make(acme.member, kind?.type ?? '', { ...kind?.input(acme), [field]: idIn(acme) })).toContain('_');
  });

  test('a person who has never been here owns nothing', async () => {
    await make(acme.member, 'Account', { name: 'Mine', ownerId: acme.people.viewer.id });
    const refused = await refusal(acme.member, 'accountCreate', { name: 'Theirs', ownerId: globex.people.viewer.id });
    expect(refused).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such owner.', path: ['ownerId'], currentVersion: null },
    ]);
  });
});

test('mutations of one document are saved together or not at all', async () => {
  const { data } = await acme.member.run(`mutation {
    one: accountCreate(input: { name: "Both or none" }) { account { id } userErrors { code message path } }
    two: accountCreate(input: { name: "" }) { account { id } userErrors { code message path } }
  }`);
  expect(data).toEqual({
    one: {
      account: null,
      userErrors: [
        { code: 'CONFLICT', message: 'Not saved: another mutation of this document was refused.', path: [] },
      ],
    },
    two: {
      account: null,
      userErrors: [{ code: 'BAD_USER_INPUT', message: 'The value of name is not allowed.', path: ['name'] }],
    },
  });
  expect(await gateway.sql("select id from accounts where name = 'Both or none'")).toEqual([]);
});
