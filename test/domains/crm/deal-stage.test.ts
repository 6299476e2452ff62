import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
const stages = new Map<string, string>();
const stage = (name: string): string => stages.get(name) ?? '';

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  for (const { id, name } of (await acme.viewer.ok('{ pipelineStages { nodes { id name } } }')).pipelineStages.nodes)
    stages.set(name, id);
});
afterAll(() => gateway.close());

const columns = 'stage { name } status probability closedAt lostReason version';
const deal = (more: object = {}) => make(acme.member, 'Deal', { title: 'Roof', ...more });
const history = (id: string) =>
  gateway.sql(
    "select type, subject, body, user_id from activities where entity_type = 'deal' and entity_id = $1 order by created_at, id",
    [uuidOf(id)],
  );
const note = (subject: string, body: string | null = null) => ({
  type: 'status_change',
  subject,
  body,
  user_id: acme.people.member.id,
});
const conflict = (message: string, currentVersion: number, path = ['id']) => [
  { code: 'CONFLICT', message, path, currentVersion },
];

test('a moved deal takes the probability of its stage, and the move stands in its history', async () => {
  const id = await deal();
  expect(await write(acme.member, 'dealMove', { id, stageId: stage('Proposal'), expectedVersion: 1 }, columns)).toEqual(
    {
      stage: { name: 'Proposal' },
      status: 'OPEN',
      probability: 55,
      closedAt: null,
      lostReason: null,
      version: 2,
    },
  );
  expect(await history(id)).toEqual([note('Qualification → Proposal')]);
});

test('a probability that is named with the move stands, even the one it had before', async () => {
  const id = await deal();
  expect(
    await write(acme.member, 'dealMove', { id, stageId: stage('Proposal'), probability: 60 }, columns),
  ).toMatchObject({ probability: 60 });
  expect(
    await write(acme.member, 'dealMove', { id, stageId: stage('Negotiation'), probability: 60 }, columns),
  ).toMatchObject({ stage: { name: 'Negotiation' }, probability: 60 });
  expect(await write(acme.member, 'dealMove', { id, stageId: stage('Won'), probability: 60 }, columns)).toMatchObject({
    status: 'WON',
    probability: 100,
  });
});

test('a move to the stage it is in is no change of status', async () => {
  const id = await deal();
  expect(await write(acme.member, 'dealMove', { id, stageId: stage('Qualification') }, columns)).toMatchObject({
    stage: { name: 'Qualification' },
    probability: 10,
  });
  expect(await history(id)).toEqual([]);
});

test('a stage of another pipeline takes the deal there', async () => {
  const made = await write(
    acme.member,
    'pipelineCreate',
    { name: 'Other', stages: [{ name: 'Elsewhere', probability: 7 }] },
    'stages { nodes { id } }',
  );
  const id = await deal();
  expect(
    await write(
      acme.member,
      'dealMove',
      { id, stageId: made.stages.nodes[0].id },
      'pipeline { name } stage { name } probability',
    ),
  ).toEqual({
    pipeline: { name: 'Other' },
    stage: { name: 'Elsewhere' },
    probability: 7,
  });
});

test('a deal is won in the won stage of its pipeline, now or when it was', async () => {
  const [now, then] = [await deal(), await deal()];
  const won = await write(acme.member, 'dealWin', { id: now, expectedVersion: 1 }, columns);
  expect(won).toEqual({
    stage: { name: 'Won' },
    status: 'WON',
    probability: 100,
    closedAt: won.closedAt,
    lostReason: null,
    version: 2,
  });
  expect(Math.abs(Date.parse(won.closedAt) - Date.now())).toBeLessThan(60_000);
  const closedAt = '2026-01-31T12:00:00.000Z';
  expect(await write(acme.member, 'dealWin', { id: then, closedAt }, 'closedAt')).toEqual({ closedAt });
  expect(await history(now)).toEqual([note('Qualification → Won')]);
});

test('a deal is lost for a reason', async () => {
  const id = await deal();
  expect(
    await write(acme.member, 'dealLose', { id, lostReason: 'Too dear', closedAt: '2026-01-31T12:00:00.000Z' }, columns),
  ).toEqual({
    stage: { name: 'Lost' },
    status: 'LOST',
    probability: 0,
    closedAt: '2026-01-31T12:00:00.000Z',
    lostReason: 'Too dear',
    version: 2,
  });
  expect(await history(id)).toEqual([note('Qualification → Lost', 'Too dear')]);
  expect(await failure(acme.member, 'dealLose', { id: await deal() })).toEqual([
    'BAD_USER_INPUT',
    expect.stringContaining('"lostReason" of required type "String!" was not provided'),
  ]);
});

test('a closed deal is closed once, and an open stage opens it again', async () => {
  const id = await deal();
  await write(acme.member, 'dealLose', { id, lostReason: 'Too dear' });
  for (const mutation of ['dealWin', 'dealLose']) {
    const message = 'This deal is lost already. Move it to an open stage first.';
    expect(
      await refusal(acme.member, mutation, { id, ...(mutation === 'dealLose' ? { lostReason: 'Again' } : {}) }),
    ).toEqual(conflict(message, 2));
  }
  expect(await write(acme.member, 'dealMove', { id, stageId: stage('Discovery') }, columns)).toEqual({
    stage: { name: 'Discovery' },
    status: 'OPEN',
    probability: 30,
    closedAt: null,
    lostReason: null,
    version: 3,
  });
  expect(await write(acme.member, 'dealWin', { id }, 'status')).toEqual({ status: 'WON' });
  expect((await history(id)).map(({ subject }) => subject)).toEqual([
    'Qualification → Lost',
    'Lost → Discovery',
    'Discovery → Won',
  ]);
});

test('a pipeline without a won or lost stage cannot close deals', async () => {
  const pipelineId = await make(acme.member, 'Pipeline', { name: 'Open end', stages: [{ name: 'Only' }] });
  const id = await deal({ pipelineId });
  expect(await refusal(acme.member, 'dealWin', { id })).toEqual(
    conflict('The pipeline of this deal has no stage for won deals.', 1),
  );
  expect(await refusal(acme.member, 'dealLose', { id, lostReason: 'x' })).toEqual(
    conflict('The pipeline of this deal has no stage for lost deals.', 1),
  );
  expect(await history(id)).toEqual([]);
});

const moves: readonly (readonly [mutation: string, input: () => object])[] = [
  ['dealMove', () => ({ stageId: stage('Proposal') })],
  ['dealWin', () => ({})],
  ['dealLose', () => ({ lostReason: 'x' })],
];

test.each(moves)(
  '%s is refused for a stale version, a deleted deal, a viewer, and a deal of somebody else',
  async (mutation, input) => {
    const id = await deal();
    await write(acme.member, 'dealUpdate', { id, title: 'Changed' });
    const stale = conflict('Somebody changed it: the current version is 2, not 1.', 2, ['expectedVersion']);
    expect(await refusal(acme.member, mutation, { id, expectedVersion: 1, ...input() })).toEqual(stale);
    const forbidden = ['FORBIDDEN', 'This needs the permission crm:write (role MEMBER or above).'];
    expect(await failure(acme.viewer, mutation, { id, ...input() })).toEqual(forbidden);
    await write(acme.member, 'dealDelete', { id });
    expect(await refusal(acme.member, mutation, { id, ...input() })).toEqual(
      conflict('It is deleted. Restore it first.', 3),
    );
    const missing = [{ code: 'NOT_FOUND', message: 'There is no such Deal.', path: ['id'], currentVersion: null }];
    const theirs = await make(globex.member, 'Deal', { title: 'Theirs' });
    for (const unknown of [theirs, randomUUID()])
      expect(await refusal(acme.member, mutation, { id: unknown, ...input() })).toEqual(missing);
    expect(await history(id)).toEqual([]);
    expect(await gateway.sql('select status, version from deals where id = $1', [uuidOf(theirs)])).toEqual([
      { status: 'open', version: 1 },
    ]);
  },
);

test("another organization's stage is like none at all", async () => {
  const { nodes } = (await globex.viewer.ok('{ pipelineStages(first: 1) { nodes { id } } }')).pipelineStages;
  const id = await deal();
  const missing = [{ code: 'NOT_FOUND', message: 'There is no such stage.', path: ['stageId'], currentVersion: null }];
  for (const stageId of [nodes[0].id, randomUUID()])
    expect(await refusal(acme.member, 'dealMove', { id, stageId })).toEqual(missing);
  expect(await refusal(acme.member, 'dealMove', { id, stageId: stage('Proposal'), probability: 101 })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'The value of probability is not allowed.',
      path: ['probability'],
      currentVersion: null,
    },
  ]);
  expect(await gateway.sql('select version from deals where id = $1', [uuidOf(id)])).toEqual([{ version: 1 }]);
});

test('of two who close a deal at the same moment one is refused', async () => {
  const id = await deal();
  const answers = await Promise.all(
    [
      'dealWin(input: { id: $id, expectedVersion: 1 })',
      'dealLose(input: { id: $id, expectedVersion: 1, lostReason: "x" })',
    ].map((call) =>
      acme.member.run(`mutation ($id: ID!) { payload: ${call} { deal { id } userErrors { code } } }`, { id }),
    ),
  );
  expect(answers.map(({ data }) => data.payload.userErrors.map(({ code }: { code: string }) => code)).sort()).toEqual([
    [],
    ['CONFLICT'],
  ]);
  expect(await history(id)).toHaveLength(1);
});
