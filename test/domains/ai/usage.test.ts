import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { make, queryFailure, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
});

const call = { provider: 'openai', operation: 'draft' };
const log = (input: object): Promise<Data> => write(org.member, 'aiRunLogCreate', { ...call, ...input });

const sums = 'calls errors inputTokens outputTokens costMicros meanLatencyMs';

async function usage(args: string, selection = `day model agentName ${sums}`, who = org): Promise<Data[]> {
  return (await who.viewer.ok(`{ aiUsage${args} { ${selection} } }`)).aiUsage;
}

test('calls are added up by day, model and agent, in one statement', async () => {
  const agentId = await make(org.member, 'Agent', { name: 'Writer' });
  const agentRunId = await make(org.member, 'AgentRun', { agentId });
  await log({
    model: 'large',
    agentRunId,
    inputTokens: 1000,
    outputTokens: 200,
    costMicros: '9007199254740993',
    latencyMs: 800,
  });
  await log({
    model: 'large',
    agentRunId,
    inputTokens: 500,
    costMicros: '7',
    latencyMs: 301,
    status: 'ERROR',
    error: 'x',
  });
  await gateway.sql(
    `insert into ai_run_logs (org_id, provider, model, operation, input_tokens, output_tokens, cost_micros, latency_ms, created_at)
       values ($1, 'openai', 'small', 'draft', 10, 5, 3, 90, now() - interval '3 days')`,
    [org.id],
  );
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const large = {
    calls: 2,
    errors: 1,
    inputTokens: '1500',
    outputTokens: '200',
    costMicros: '9007199254741000',
    meanLatencyMs: 550.5,
  };
  const small = { calls: 1, errors: 0, inputTokens: '10', outputTokens: '5', costMicros: '3', meanLatencyMs: 90 };

  const { result, statements } = await gateway.counting(() => usage('', `agentId day model agentName ${sums}`));
  expect(result).toEqual([
    { day: day(3), model: 'small', agentId: null, agentName: null, ...small },
    { day: day(0), model: 'large', agentId, agentName: 'Writer', ...large },
  ]);
  expect(statements).toHaveLength(1);

  expect(await usage('(groupBy: [MODEL])', 'day model calls')).toEqual([
    { day: null, model: 'large', calls: 2 },
    { day: null, model: 'small', calls: 1 },
  ]);
  expect(await usage('(from: "-P1D", groupBy: [])')).toEqual([{ day: null, model: null, agentName: null, ...large }]);
  expect(await usage('(to: "-P1D", groupBy: [AGENT])', 'agentName calls')).toEqual([{ agentName: null, calls: 1 }]);
  expect(await usage('', sums, other)).toEqual([]);
});

test.each([
  ['(from: "2026-03-02", to: "2026-03-01")', '`from` is after `to`.'],
  ['(from: "2020-01-01", to: "2026-01-01")', 'A report covers at most 366 days; 2193 were asked for.'],
])('a report over %s is refused', async (args, message) => {
  expect(await queryFailure(org.viewer, `{ aiUsage${args} { calls } }`)).toEqual(['BAD_USER_INPUT', message]);
});

const track = async (events: readonly object[], who = org.member): Promise<Data> => {
  const document = `mutation ($input: AnalyticsEventTrackInput!) {
    analyticsEventTrack(input: $input) { count userErrors { code message path } } }`;
  return (await who.run(document, { input: { events } })).data.analyticsEventTrack;
};

const kept = async (): Promise<number> =>
  (await org.viewer.ok('{ analyticsEvents { totalCount } }')).analyticsEvents.totalCount;

test('500 events are kept with one statement, as those of the caller', async () => {
  const events = Array.from({ length: 500 }, (_, n) => ({
    name: 'page.viewed',
    properties: { n },
    occurredAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
  }));
  const { result, statements } = await gateway.counting(() => track(events));
  expect(result).toEqual({ count: 500, userErrors: [] });
  expect(statements.filter((text) => /insert into/i.test(text))).toHaveLength(1);
  const query = '{ analyticsEvents(first: 1) { totalCount nodes { occurredAt properties user { id } } } }';
  const { analyticsEvents } = await org.viewer.ok(query);
  expect(analyticsEvents).toMatchObject({
    totalCount: 500,
    nodes: [{ occurredAt: '2026-01-01T00:08:19.000Z', properties: { n: 499 } }],
  });
  expect(analyticsEvents.nodes[0].user.id).toContain(org.people.member.id);
});

test('a batch with faults is refused as a whole, and every fault is named', async () => {
  const before = await kept();
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const events = [
    { name: 'good' },
    { name: '' },
    { name: 'x', properties: [1] },
    { name: 'x', occurredAt: later },
    { name: 'a\0b' },
  ];
  const fault = (message: string, index: number, field: string) => ({
    code: 'BAD_USER_INPUT',
    message,
    path: ['events', String(index), field],
  });
  expect(await track(events)).toEqual({
    count: 0,
    userErrors: [
      fault('A name has 1 to 100 characters.', 1, 'name'),
      fault('properties expects a JSON object.', 2, 'properties'),
      fault('It has not happened yet.', 3, 'occurredAt'),
      fault('Text cannot hold the character NUL.', 4, 'name'),
    ],
  });
  expect(await kept()).toBe(before);
});

test.each([0, 501])('a batch of %d events is refused', async (count) => {
  const events = Array.from({ length: count }, () => ({ name: 'x' }));
  const message = `Send 1 to 500 events; these are ${count}.`;
  expect((await track(events)).userErrors).toEqual([{ code: 'BAD_USER_INPUT', message, path: ['events'] }]);
});

test('a viewer notes nothing', async () => {
  const document = 'mutation { analyticsEventTrack(input: { events: [{ name: "x" }] }) { count userErrors { code } } }';
  const { errors } = await org.viewer.run(document);
  expect(errors?.[0]?.message).toBe('This needs the permission ai:write (role MEMBER or above).');
});
