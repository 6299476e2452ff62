import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const columns = 'name position isDefault stages { nodes { name position probability kind } } version';

const defaults = async (): Promise<string[]> =>
  (await acme.viewer.ok('{ pipelines(filter: { isDefault: { eq: true } }) { nodes { name } } }')).pipelines.nodes.map(
    ({ name }: { name: string }) => name,
  );

test('an organization begins with one default pipeline of six stages', async () => {
  const { pipelines } = await acme.viewer.ok(`{ pipelines { nodes { ${columns} } } }`);
  const stages = [
    ['Qualification', 10, 'OPEN'],
    ['Discovery', 30, 'OPEN'],
    ['Proposal', 55, 'OPEN'],
    ['Negotiation', 80, 'OPEN'],
    ['Won', 100, 'WON'],
    ['Lost', 0, 'LOST'],
  ].map(([name, probability, kind], index) => ({ name, position: index + 1, probability, kind }));
  expect(pipelines.nodes).toEqual([
    { name: 'Sales', position: 0, isDefault: true, stages: { nodes: stages }, version: 1 },
  ]);
});

test('a pipeline is made with its stages, in their order', async () => {
  const stages = [
    { name: 'First', probability: 20 },
    { name: 'Yes', kind: 'WON', probability: 100 },
    { name: 'Maybe' },
  ];
  expect(await write(acme.member, 'pipelineCreate', { name: 'Renewals', position: 3, stages }, columns)).toEqual({
    name: 'Renewals',
    position: 3,
    isDefault: false,
    version: 1,
    stages: {
      nodes: [
        { name: 'First', position: 1, probability: 20, kind: 'OPEN' },
        { name: 'Yes', position: 2, probability: 100, kind: 'WON' },
        { name: 'Maybe', position: 3, probability: 0, kind: 'OPEN' },
      ],
    },
  });
  expect(await write(acme.member, 'pipelineCreate', { name: 'Bare', stages: [] }, 'stages { totalCount }')).toEqual({
    stages: { totalCount: 0 },
  });
});

test.each([
  [[{ name: 'Fine' }, { name: '' }], 'A stage needs a name.', ['stages', '1', 'name']],
  [[{ name: 'Fine', probability: 101 }], 'A probability is 0 to 100.', ['stages', '0', 'probability']],
  [[{ name: 'Fine', probability: -1 }], 'A probability is 0 to 100.', ['stages', '0', 'probability']],
])('a pipeline with the stages %j is refused whole', async (stages, message, path) => {
  expect(await refusal(acme.member, 'pipelineCreate', { name: 'Refused', stages })).toEqual([
    { code: 'BAD_USER_INPUT', message, path, currentVersion: null },
  ]);
  expect(await gateway.sql("select id from pipelines where name = 'Refused'")).toEqual([]);
});

test('there is one default pipeline: a new one takes over, when it is made or later', async () => {
  const [sales] = (await acme.viewer.ok('{ pipelines(filter: { name: { eq: "Sales" } }) { nodes { id } } }')).pipelines
    .nodes;
  await write(acme.member, 'pipelineCreate', { name: 'Other', isDefault: true });
  expect(await defaults()).toEqual(['Other']);
  const stale = (
    await refusal(acme.member, 'pipelineUpdate', { id: sales.id, isDefault: true, expectedVersion: 1 })
  )[0];
  expect([stale?.code, stale?.currentVersion]).toEqual(['CONFLICT', 2]);
  expect(await defaults()).toEqual(['Other']);
  await write(acme.member, 'pipelineUpdate', { id: sales.id, isDefault: true, expectedVersion: 2 });
  await write(acme.member, 'pipelineUpdate', { id: sales.id, isDefault: true });
  expect(await defaults()).toEqual(['Sales']);
});

const used = (what: string) => [
  { code: 'CONFLICT', message: `Still used by ${what}.`, path: ['id'], currentVersion: null },
];

test('a pipeline and its stages stay while deals use them, and leave together afterwards', async () => {
  const { id, stages } = await write(
    acme.member,
    'pipelineCreate',
    { name: 'Short', stages: [{ name: 'Only' }] },
    'id stages { nodes { id } }',
  );
  const stageId = stages.nodes[0].id;
  const deal = await make(acme.member, 'Deal', { title: 'In it', pipelineId: id });
  expect(await refusal(acme.member, 'pipelineDelete', { id })).toEqual(used('deals'));
  expect(await refusal(acme.member, 'pipelineStageDelete', { id: stageId })).toEqual(used('deals'));
  expect(await gateway.sql('select name from pipeline_stages where id = $1', [uuidOf(stageId)])).toEqual([
    { name: 'Only' },
  ]);
  await write(acme.admin, 'dealDestroy', { id: deal });
  const { data } = await acme.member.run(
    'mutation ($id: ID!) { pipelineDelete(input: { id: $id }) { pipeline { id } pipelineId userErrors { code } } }',
    { id },
  );
  expect(data.pipelineDelete).toEqual({ pipeline: null, pipelineId: id, userErrors: [] });
  expect(await gateway.sql('select id from pipeline_stages where id = $1', [uuidOf(stageId)])).toEqual([]);
});

test('a stage joins at the end unless its place is named', async () => {
  const pipelineId = await make(acme.member, 'Pipeline', {
    name: 'Growing',
    stages: [{ name: 'One' }, { name: 'Two' }],
  });
  await write(acme.member, 'pipelineStageCreate', { pipelineId, name: 'Last', probability: 90 });
  await write(acme.member, 'pipelineStageCreate', { pipelineId, name: 'Zero', position: 0, kind: 'LOST' });
  const { pipeline } = await acme.viewer.ok(
    'query ($id: ID!) { pipeline(id: $id) { stages { nodes { name position probability kind } } } }',
    { id: pipelineId },
  );
  expect(pipeline.stages.nodes).toEqual([
    { name: 'Zero', position: 0, probability: 0, kind: 'LOST' },
    { name: 'One', position: 1, probability: 0, kind: 'OPEN' },
    { name: 'Two', position: 2, probability: 0, kind: 'OPEN' },
    { name: 'Last', position: 3, probability: 90, kind: 'OPEN' },
  ]);
  const first = await make(acme.member, 'Pipeline', { name: 'Empty' });
  expect(
    await write(acme.member, 'pipelineStageCreate', { pipelineId: first, name: 'A' }, 'position pipeline { name }'),
  ).toEqual({ position: 1, pipeline: { name: 'Empty' } });
});

test('the kind of a stage changes only while no deal is in it, and its probability leaves deals as they are', async () => {
  const { id, stages } = await write(
    acme.member,
    'pipelineCreate',
    { name: 'Kinds', stages: [{ name: 'Only', probability: 40 }] },
    'id stages { nodes { id } }',
  );
  const stageId = stages.nodes[0].id;
  expect(await write(acme.member, 'pipelineStageUpdate', { id: stageId, kind: 'LOST' }, 'kind')).toEqual({
    kind: 'LOST',
  });
  await write(acme.member, 'pipelineStageUpdate', { id: stageId, kind: 'OPEN' });
  const deal = await make(acme.member, 'Deal', { title: 'In it', pipelineId: id });
  const message = 'Deals are in this stage, so its kind cannot change.';
  expect(await refusal(acme.member, 'pipelineStageUpdate', { id: stageId, kind: 'WON' })).toEqual([
    { code: 'CONFLICT', message, path: ['kind'], currentVersion: 3 },
  ]);
  expect(
    await write(
      acme.member,
      'pipelineStageUpdate',
      { id: stageId, kind: 'OPEN', probability: 50, name: 'New' },
      'kind probability name',
    ),
  ).toEqual({ kind: 'OPEN', probability: 50, name: 'New' });
  expect(await gateway.sql('select probability, status from deals where id = $1', [uuidOf(deal)])).toEqual([
    { probability: 40, status: 'open' },
  ]);
});

test('a probability beyond 100 percent is refused', async () => {
  const { pipelineStages } = await acme.viewer.ok('{ pipelineStages(first: 1) { nodes { id version } } }');
  expect(
    await refusal(acme.member, 'pipelineStageUpdate', { id: pipelineStages.nodes[0].id, probability: 101 }),
  ).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'The value of probability is not allowed.',
      path: ['probability'],
      currentVersion: null,
    },
  ]);
});
