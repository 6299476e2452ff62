import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const brief = () => make(acme.member, 'Brief', { title: 'New website' });
const publish = (client: Client, id: string, content: object, input: object = {}) =>
  write(client, 'briefPublishVersion', { id, content, ...input }, 'status currentVersionNumber version');

/** The numbers and contents of the versions of a brief. */
const versionsOf = async (id: string) =>
  (
    await gateway.sql('select version_number, content from brief_versions where brief_id = $1 order by 1', [uuidOf(id)])
  ).map(({ version_number, content }) => [version_number, content]);

test('the first version makes a draft active, and each has the next number and its author', async () => {
  const id = await brief();
  expect(await publish(acme.member, id, { goal: 'Leads' })).toEqual({
    status: 'ACTIVE',
    currentVersionNumber: 1,
    version: 2,
  });
  const { briefPublishVersion } = await acme.admin.ok(
    `mutation ($input: BriefPublishVersionInput!) { briefPublishVersion(input: $input) {
      briefVersion { versionNumber content author { id } } brief { versions { nodes { versionNumber } } } userErrors { code } } }`,
    { input: { id, content: { goal: 'Sales' }, expectedVersion: 2 } },
  );
  expect(briefPublishVersion).toEqual({
    briefVersion: { versionNumber: 2, content: { goal: 'Sales' }, author: { id: `member_${acme.people.admin.id}` } },
    brief: { versions: { nodes: [{ versionNumber: 2 }, { versionNumber: 1 }] } },
    userErrors: [],
  });
  expect(await versionsOf(id)).toEqual([
    [1, { goal: 'Leads' }],
    [2, { goal: 'Sales' }],
  ]);
});

test('brief versions are numbered without gaps, however many are published at once', async () => {
  const id = await brief();
  const numbers = Array.from({ length: 8 }, (_, index) => index + 1);
  await Promise.all(numbers.map((n) => publish(acme.member, id, { n })));
  expect((await versionsOf(id)).map(([number]) => number)).toEqual(numbers);
  expect(await write(acme.member, 'briefUpdate', { id, title: 'X' }, 'currentVersionNumber')).toEqual({
    currentVersionNumber: 8,
  });
});

test('of two versions that follow the same one, the second is refused', async () => {
  const id = await brief();
  const document = `mutation ($id: ID!) { briefPublishVersion(input: { id: $id, content: {}, expectedVersion: 1 }) { userErrors { code } } }`;
  const answers = await Promise.all([1, 2].map(() => acme.member.run(document, { id })));
  const codes = answers.map(({ data: { briefPublishVersion } }) => briefPublishVersion.userErrors);
  expect(codes).toContainEqual([]);
  expect(codes).toContainEqual([{ code: 'CONFLICT' }]);
  expect(await versionsOf(id)).toEqual([[1, {}]]);
});

test('brief versions are never overwritten, whoever writes', async () => {
  const id = await brief();
  await publish(acme.member, id, { goal: 'Kept' });
  await expect(
    gateway.sql("update brief_versions set content = '{}' where brief_id = $1", [uuidOf(id)]),
  ).rejects.toThrow('a numbered version stays as it is');
  await gateway.sql('insert into brief_versions (org_id, brief_id, version_number, content) values ($1, $2, 1, $3)', [
    acme.id,
    uuidOf(id),
    { goal: 'By hand' },
  ]);
  expect(await versionsOf(id)).toEqual([
    [1, { goal: 'Kept' }],
    [2, { goal: 'By hand' }],
  ]);
});

test('an archived brief takes no version until it is reopened', async () => {
  const [written, empty] = [await brief(), await brief()];
  await publish(acme.member, written, {});
  for (const id of [written, empty]) await write(acme.member, 'briefArchive', { id });
  expect(await refusal(acme.member, 'briefPublishVersion', { id: written, content: {} })).toEqual(
    conflict('This brief is archived. Reopen it first.', 'id', 3),
  );
  expect(await refusal(acme.member, 'briefArchive', { id: empty })).toEqual(
    conflict('This brief is archived; only one that is draft or active can be archived.', 'id', 2),
  );
  const states = [
    await write(acme.member, 'briefReopen', { id: written }, 'status'),
    await write(acme.member, 'briefReopen', { id: empty }, 'status'),
  ];
  expect(states).toEqual([{ status: 'ACTIVE' }, { status: 'DRAFT' }]);
  expect(await refusal(acme.member, 'briefReopen', { id: empty })).toEqual(
    conflict('This brief is draft; only one that is archived can be reopened.', 'id', 3),
  );
});

test('publishing is for those who write, in their organization, of what is an object', async () => {
  const id = await brief();
  expect((await failure(acme.viewer, 'briefPublishVersion', { id, content: {} }))[0]).toBe('FORBIDDEN');
  expect(await refusal(globex.member, 'briefPublishVersion', { id, content: {} })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such Brief.', path: ['id'], currentVersion: null },
  ]);
  expect(await refusal(acme.member, 'briefPublishVersion', { id, content: ['a list'] })).toEqual([
    { code: 'BAD_USER_INPUT', message: 'content expects a JSON object.', path: ['content'], currentVersion: null },
  ]);
  expect(await versionsOf(id)).toEqual([]);
});

const diff = async (client: Client, briefId: string, from: number, to: number) =>
  (
    await client.ok(
      `query ($briefId: ID!, $from: Int!, $to: Int!) {
        briefVersionDiff(briefId: $briefId, from: $from, to: $to) { kind path before after } }`,
      { briefId, from, to },
    )
  ).briefVersionDiff;

test('two versions are compared key by key', async () => {
  const id = await brief();
  const same = { audience: 'Dentists', tone: ['calm', 'clear'] };
  await publish(acme.member, id, {
    ...same,
    goal: { leads: 10, by: null },
    budget: 5,
    old: true,
    'a.b': [{ x: 1, y: 2 }],
  });
  await publish(acme.member, id, {
    ...same,
    goal: { by: null, leads: 12, team: {} },
    budget: '5',
    'a.b': [{ y: 2, x: 1 }],
    new: null,
  });
  expect(await diff(acme.viewer, id, 1, 2)).toEqual([
    { kind: 'CHANGED', path: ['budget'], before: 5, after: '5' },
    { kind: 'CHANGED', path: ['goal', 'leads'], before: 10, after: 12 },
    { kind: 'ADDED', path: ['goal', 'team'], before: null, after: {} },
    { kind: 'ADDED', path: ['new'], before: null, after: null },
    { kind: 'REMOVED', path: ['old'], before: true, after: null },
  ]);
  expect((await diff(acme.viewer, id, 2, 1)).map(({ kind }: { kind: string }) => kind)).toEqual([
    'CHANGED',
    'CHANGED',
    'REMOVED',
    'REMOVED',
    'ADDED',
  ]);
  expect(await diff(acme.viewer, id, 2, 2)).toEqual([]);
});

test('a version or brief that is not there, or of others, has no differences', async () => {
  const id = await brief();
  await publish(acme.member, id, {});
  expect(await diff(acme.viewer, id, 1, 2)).toBeNull();
  expect(await diff(globex.viewer, id, 1, 1)).toBeNull();
  expect(await diff(acme.viewer, randomUUID(), 1, 1)).toBeNull();
});
