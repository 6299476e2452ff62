import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const columns = `title value { cents currency amount } probability status expectedCloseOn closedAt lostReason metadata
  account { name } contact { fullName } pipeline { name } stage { name } owner { id } version`;

const stageNamed = async (name: string): Promise<string> =>
  (
    await acme.viewer.ok(
      'query ($name: String!) { pipelineStages(filter: { name: { eq: $name } }) { nodes { id } } }',
      { name },
    )
  ).pipelineStages.nodes[0].id;

test('a deal keeps every column that it is made with', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Buyer' });
  const contactId = await make(acme.member, 'Contact', { fullName: 'Their buyer', accountId });
  const ownerId = `member_${acme.people.member.id}`;
  const made = await write(
    acme.member,
    'dealCreate',
    {
      title: 'Roof',
      accountId,
      contactId,
      ownerId,
      stageId: await stageNamed('Proposal'),
      valueCents: '9007199254740993',
      currency: 'JPY',
      probability: 42,
      expectedCloseOn: '2026-02-28',
      metadata: { via: 'fair' },
    },
    columns,
  );
  expect(made).toEqual({
    title: 'Roof',
    value: { cents: '9007199254740993', currency: 'JPY', amount: '9007199254740993' },
    probability: 42,
    status: 'OPEN',
    expectedCloseOn: '2026-02-28',
    closedAt: null,
    lostReason: null,
    metadata: { via: 'fair' },
    account: { name: 'Buyer' },
    contact: { fullName: 'Their buyer' },
    pipeline: { name: 'Sales' },
    stage: { name: 'Proposal' },
    owner: { id: ownerId },
    version: 1,
  });
});

test('a deal without a stage begins in the first open one of the default pipeline, or of its own', async () => {
  const made = await write(
    acme.member,
    'dealCreate',
    { title: 'Bare' },
    'pipeline { name } stage { name } probability status value { amount currency }',
  );
  expect(made).toEqual({
    pipeline: { name: 'Sales' },
    stage: { name: 'Qualification' },
    probability: 10,
    status: 'OPEN',
    value: { amount: '0.00', currency: 'USD' },
  });
  const stages = [
    { name: 'Lost first', kind: 'LOST' },
    { name: 'Second', probability: 33 },
    { name: 'Third', probability: 66 },
  ];
  const pipelineId = await make(acme.member, 'Pipeline', { name: 'Own', stages });
  expect(
    await write(
      acme.member,
      'dealCreate',
      { title: 'There', pipelineId },
      'pipeline { name } stage { name } probability',
    ),
  ).toEqual({
    pipeline: { name: 'Own' },
    stage: { name: 'Second' },
    probability: 33,
  });
});

test('a deal may begin in a closed stage, and is closed then', async () => {
  const won = await write(
    acme.member,
    'dealCreate',
    { title: 'At once', stageId: await stageNamed('Won'), probability: 5 },
    'status probability closedAt',
  );
  expect(won).toEqual({ status: 'WON', probability: 100, closedAt: expect.any(String) });
});

const refused = (code: string, message: string, path: string, currentVersion: number | null = null) => [
  { code, message, path: [path], currentVersion },
];

test('a stage of another pipeline is refused, and so is a pipeline that has nowhere to begin', async () => {
  const pipelineId = await make(acme.member, 'Pipeline', { name: 'Without stages' });
  const before = await gateway.sql('select count(*) from deals');
  expect(
    await refusal(acme.member, 'dealCreate', { title: 'Astray', pipelineId, stageId: await stageNamed('Proposal') }),
  ).toEqual(refused('NOT_FOUND', 'That stage does not exist in this pipeline.', 'stageId'));
  expect(await refusal(acme.member, 'dealCreate', { title: 'Nowhere', pipelineId })).toEqual(
    refused('BAD_USER_INPUT', 'stageId is required.', 'stageId'),
  );
  expect(await gateway.sql('select count(*) from deals')).toEqual(before);
});

test('without a default pipeline a deal needs to be told where', async () => {
  const globex = await gateway.organization('globex');
  const { id } = (await globex.viewer.ok('{ pipelines { nodes { id } } }')).pipelines.nodes[0];
  await write(globex.member, 'pipelineUpdate', { id, isDefault: false });
  expect(await refusal(globex.member, 'dealCreate', { title: 'Where' })).toEqual(
    refused('BAD_USER_INPUT', 'pipelineId is required.', 'pipelineId'),
  );
  expect(await write(globex.member, 'dealCreate', { title: 'There', pipelineId: id }, 'stage { name }')).toEqual({
    stage: { name: 'Qualification' },
  });
});

test.each([
  [{ title: '' }, 'The value of title is not allowed.', 'title'],
  [{ valueCents: '-1' }, 'The value of valueCents is not allowed.', 'valueCents'],
  [{ currency: 'EURO' }, 'currency is an ISO 4217 code, for example EUR.', 'currency'],
  [{ currency: 'eur' }, 'currency is an ISO 4217 code, for example EUR.', 'currency'],
  [{ probability: 101 }, 'The value of probability is not allowed.', 'probability'],
  [{ valueCents: null }, 'valueCents is required and cannot be cleared.', 'valueCents'],
])('the change %j is refused', async (change, message, path) => {
  const id = await make(acme.member, 'Deal', { title: 'Kept', valueCents: '5' });
  expect(await refusal(acme.member, 'dealUpdate', { id, ...change })).toEqual(refused('BAD_USER_INPUT', message, path));
  expect(
    (await acme.viewer.ok('query ($id: ID!) { deal(id: $id) { title value { cents } version } }', { id })).deal,
  ).toEqual({ title: 'Kept', value: { cents: '5' }, version: 1 });
});

test('an update leaves the stage alone, and clears what is null', async () => {
  const id = await make(acme.member, 'Deal', {
    title: 'Long',
    expectedCloseOn: '2026-05-01',
    ownerId: acme.people.member.id,
    stageId: await stageNamed('Discovery'),
  });
  const changed = await write(
    acme.member,
    'dealUpdate',
    { id, expectedCloseOn: null, ownerId: null, probability: 35, valueCents: '250', currency: 'EUR' },
    columns,
  );
  expect(changed).toMatchObject({
    title: 'Long',
    expectedCloseOn: null,
    owner: null,
    probability: 35,
    value: { cents: '250', currency: 'EUR', amount: '2.50' },
    stage: { name: 'Discovery' },
    version: 2,
  });
});

test('a probability changes only while a deal is open, a reason only while it is lost', async () => {
  const id = await make(acme.member, 'Deal', { title: 'Turning' });
  expect(await refusal(acme.member, 'dealUpdate', { id, lostReason: 'Price' })).toEqual(
    refused('CONFLICT', 'lostReason changes only while a deal is lost; this one is open.', 'lostReason', 1),
  );
  await write(acme.member, 'dealLose', { id, lostReason: 'Prise' });
  expect(await write(acme.member, 'dealUpdate', { id, lostReason: 'Price' }, 'lostReason status')).toEqual({
    lostReason: 'Price',
    status: 'LOST',
  });
  expect(await refusal(acme.member, 'dealUpdate', { id, probability: 50 })).toEqual(
    refused('CONFLICT', 'probability changes only while a deal is open; this one is lost.', 'probability', 3),
  );
});

test('deals are found by stage, status, value and what is related', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Finder' });
  const stageId = await stageNamed('Negotiation');
  for (const valueCents of ['100', '200'])
    await make(acme.member, 'Deal', { title: `Worth ${valueCents}`, accountId, stageId, valueCents });
  const titles = async (filter: string): Promise<string[]> =>
    (
      await acme.viewer.ok(`{ deals(filter: { accountId: { eq: "${accountId}" }, ${filter} }) { nodes { title } } }`)
    ).deals.nodes.map(({ title }: { title: string }) => title);
  expect(await titles(`stageId: { eq: "${stageId}" }, valueCents: { gt: "100" }`)).toEqual(['Worth 200']);
  expect(
    await titles(
      'stage: { kind: { eq: OPEN }, probability: { eq: 80 } }, status: { ne: WON }, valueCents: { lte: "100" }',
    ),
  ).toEqual(['Worth 100']);
  expect(await titles('pipeline: { isDefault: { eq: false } }')).toEqual([]);
});
