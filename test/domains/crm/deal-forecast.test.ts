import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, queryFailure, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let renewals: string;

const days = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);

async function prepare(): Promise<void> {
  const stages = new Map<string, string>();
  for (const { id, name } of (await acme.viewer.ok('{ pipelineStages { nodes { id name } } }')).pipelineStages.nodes)
    stages.set(name, id);
  const other = await write(
    acme.member,
    'pipelineCreate',
    { name: 'Renewals', position: 1, stages: [{ name: 'Talk', probability: 50 }] },
    'id stages { nodes { id } }',
  );
  renewals = other.id;
  stages.set('Talk', other.stages.nodes[0].id);
  const deals: readonly (readonly [
    stage: string,
    valueCents: string,
    currency: string,
    expectedCloseOn: string | undefined,
    probability?: number,
  ])[] = [
    ['Qualification', '5', 'USD', '2026-03-31'],
    ['Qualification', '15', 'USD', '2026-04-01'],
    ['Qualification', '100', 'EUR', '2026-04-30'],
    ['Proposal', '9007199254740993', 'USD', undefined],
    ['Proposal', '9007199254740993', 'USD', undefined, 1],
    ['Talk', '1', 'USD', '2026-03-01'],
    ['Won', '1000', 'USD', '2026-03-01'],
    ['Lost', '1000', 'USD', '2026-03-01'],
  ];
  for (const [stage, valueCents, currency, expectedCloseOn, probability] of deals) {
    await make(acme.member, 'Deal', {
      title: stage,
      stageId: stages.get(stage),
      valueCents,
      currency,
      expectedCloseOn,
      probability,
    });
  }
  const gone = await make(acme.member, 'Deal', { title: 'Gone', valueCents: '1000' });
  await write(acme.member, 'dealDelete', { id: gone });
  await make(globex.member, 'Deal', { title: 'Theirs', valueCents: '1000', expectedCloseOn: '2026-03-01' });
}

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  await prepare();
});
afterAll(() => gateway.close());

const groups = 'currency count total { cents currency } weighted { cents currency }';
const query = `query ($pipelineId: ID, $from: DateOrDuration, $to: DateOrDuration) {
  dealForecast(pipelineId: $pipelineId, from: $from, to: $to) { byStage { stage { name pipeline { name } } ${groups} } byMonth { month ${groups} } }
}`;

/** Groups as short rows: key, currency, count, total, weighted. */
const short = ({ stage, month, currency, count, total, weighted }: Data) => {
  expect([total.currency, weighted.currency]).toEqual([currency, currency]);
  return [stage ? stage.name : month, currency, count, total.cents, weighted.cents];
};
async function forecast(args: object = {}): Promise<{ byStage: unknown[]; byMonth: unknown[] }> {
  const { dealForecast } = await acme.viewer.ok(query, args);
  return { byStage: dealForecast.byStage.map(short), byMonth: dealForecast.byMonth.map(short) };
}

// 5 cents at 10 % are 0.5 cents: rounded half up for each deal, 1 + 2 and not 2.
const qualification = ['Qualification', 'USD', 2, '20', '3'];
// 55 % and 1 % of 9007199254740993 are 4953959590107546.15 and 90071992547409.93.
const proposal = ['Proposal', 'USD', 2, '18014398509481986', '5044031582654956'];

test('stage probability feeds the forecast: live open deals are summed by stage and by month, each currency for itself', async () => {
  expect(await forecast()).toEqual({
    byStage: [['Qualification', 'EUR', 1, '100', '10'], qualification, proposal, ['Talk', 'USD', 1, '1', '1']],
    byMonth: [
      ['2026-03', 'USD', 2, '6', '2'],
      ['2026-04', 'EUR', 1, '100', '10'],
      ['2026-04', 'USD', 1, '15', '2'],
      [null, 'USD', 2, '18014398509481986', '5044031582654956'],
    ],
  });
});

test('one pipeline is summed alone', async () => {
  expect(await forecast({ pipelineId: renewals })).toEqual({
    byStage: [['Talk', 'USD', 1, '1', '1']],
    byMonth: [['2026-03', 'USD', 1, '1', '1']],
  });
});

test('a period holds its first and last day, and no deal without a date', async () => {
  expect((await forecast({ from: '2026-03-31', to: '2026-04-01' })).byStage).toEqual([qualification]);
  expect((await forecast({ from: '2026-04-02' })).byMonth).toEqual([['2026-04', 'EUR', 1, '100', '10']]);
  expect((await forecast({ to: '2026-03-01' })).byMonth).toEqual([['2026-03', 'USD', 1, '1', '1']]);
});

test('a period may be durations from today', async () => {
  const id = await make(acme.member, 'Deal', {
    title: 'Soon',
    currency: 'CHF',
    valueCents: '10',
    expectedCloseOn: days(10),
  });
  const soon = [['Qualification', 'CHF', 1, '10', '1']];
  expect((await forecast({ from: 'P9D', to: 'P11D' })).byStage).toEqual(soon);
  expect((await forecast({ from: '-P2W', to: 'P2W' })).byStage).toEqual(soon);
  expect((await forecast({ from: 'P12D', to: 'P1Y' })).byStage).toEqual([]);
  await write(acme.member, 'dealDelete', { id });
});

test('without deals there is nothing to sum', async () => {
  expect(await forecast({ from: '2040-01-01' })).toEqual({ byStage: [], byMonth: [] });
});

test("another organization's pipeline promises nothing, and an id of another type is refused", async () => {
  const { id } = (await globex.viewer.ok('{ pipelines { nodes { id } } }')).pipelines.nodes[0];
  expect(await forecast({ pipelineId: id })).toEqual({ byStage: [], byMonth: [] });
  const deal = 'deal_0197f000-0000-7000-8000-000000000000';
  expect(await queryFailure(acme.viewer, query, { pipelineId: deal })).toEqual([
    'BAD_USER_INPUT',
    `Expected an id of Pipeline: pipeline_<uuid> or a UUID.`,
  ]);
});

test('the whole forecast is two statements, and one where no stage is asked for', async () => {
  const both = await gateway.counting(() => acme.viewer.ok(query));
  expect(both.statements).toHaveLength(2);
  const months = await gateway.counting(() => acme.viewer.ok('{ dealForecast { byMonth { month count } } }'));
  expect(months.statements).toHaveLength(1);
});
