import { beforeAll, describe, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
});

const fields = 'id status currentStep resumeFrom cachedWriterOutput output error startedAt finishedAt version';
const move = (verb: string, input: object): Promise<Data> => write(org.member, `agentRun${verb}`, input, fields);
const queued = (input: object = {}): Promise<string> => make(org.member, 'AgentRun', input);

/** A run that is at work. */
async function running(input: object = {}): Promise<string> {
  const id = await queued(input);
  await move('Start', { id });
  return id;
}

const inputs: Readonly<Record<string, object>> = { Fail: { error: 'The model did not answer.' } };
const ways: Readonly<Record<string, readonly string[]>> = {
  queued: [],
  running: ['Start'],
  paused: ['Start', 'Pause'],
  succeeded: ['Start', 'Complete'],
  failed: ['Start', 'Fail'],
  canceled: ['Cancel'],
};

async function runThatIs(state: string): Promise<string> {
  const id = await queued();
  for (const verb of ways[state] ?? []) await move(verb, { id, ...inputs[verb] });
  return id;
}

const moves: readonly (readonly [verb: string, from: readonly string[], to: string, participle: string])[] = [
  ['Start', ['queued'], 'RUNNING', 'started'],
  ['Pause', ['running'], 'PAUSED', 'paused'],
  ['Resume', ['paused', 'failed'], 'RUNNING', 'resumed'],
  ['Complete', ['running'], 'SUCCEEDED', 'completed'],
  ['Fail', ['running'], 'FAILED', 'failed'],
  ['Cancel', ['queued', 'running', 'paused'], 'CANCELED', 'canceled'],
];

test.each(moves)('agentRun%s moves runs that are %j', async (verb, from, to, participle) => {
  for (const state of Object.keys(ways)) {
    const input = { id: await runThatIs(state), ...inputs[verb] };
    if (from.includes(state)) {
      expect((await move(verb, input)).status).toBe(to);
      continue;
    }
    const states = from.join(', ').replace(/, (\w+)$/, ' or $1');
    const message = `This agent run is ${state}; only one that is ${states} can be ${participle}.`;
    const version = 1 + (ways[state]?.length ?? 0);
    expect(await refusal(org.member, `agentRun${verb}`, input)).toEqual(conflict(message, 'id', version));
  }
});

test('a run is stamped when it starts and when it ends, and keeps its result', async () => {
  const id = await queued({ input: { topic: 'Pricing' } });
  const started = await move('Start', { id });
  expect(started).toMatchObject({ status: 'RUNNING', startedAt: expect.any(String), finishedAt: null });
  const done = await move('Complete', { id, output: { text: 'Done' } });
  expect(done).toMatchObject({
    output: { text: 'Done' },
    startedAt: started.startedAt,
    finishedAt: expect.any(String),
  });
});

test('agent runs resume from a step', async () => {
  const id = await running();
  const outputs = { research: { facts: 3 }, outline: { parts: ['a', 'b'] }, draft: { text: 'First' } };
  for (const [step, output] of Object.entries(outputs)) await move('Step', { id, step, output });
  expect(await move('Step', { id, step: 'review' })).toMatchObject({ currentStep: 'review' });
  expect(await move('Fail', { id, error: 'Too long.' })).toMatchObject({ status: 'FAILED', error: 'Too long.' });

  const resumed = await move('Resume', { id, fromStep: 'draft' });
  const steps = [
    { step: 'research', output: outputs.research },
    { step: 'outline', output: outputs.outline },
  ];
  expect(resumed).toMatchObject({ status: 'RUNNING', error: null, finishedAt: null, cachedWriterOutput: { steps } });
  expect(resumed).toMatchObject({ resumeFrom: 'draft', currentStep: 'draft' });

  const draft = { step: 'draft', output: { text: 'Second' } };
  expect((await move('Step', { id, ...draft })).cachedWriterOutput).toEqual({ steps: [...steps, draft] });
});

test('a run goes on with everything it has, or from the step it broke off in', async () => {
  const id = await running();
  await move('Step', { id, step: 'outline', output: { n: 1 } });
  await move('Step', { id, step: 'draft' });
  const steps = [{ step: 'outline', output: { n: 1 } }];
  await move('Pause', { id });
  expect(await move('Resume', { id, fromStep: 'draft' })).toMatchObject({
    resumeFrom: 'draft',
    cachedWriterOutput: { steps },
  });
  await move('Pause', { id });
  expect(await move('Resume', { id })).toMatchObject({
    resumeFrom: null,
    currentStep: 'draft',
    cachedWriterOutput: { steps },
  });
});

test('a step that is done again takes its own place', async () => {
  const id = await running();
  for (const [step, n] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    await move('Step', { id, step, output: { n } });
  const { cachedWriterOutput } = await move('Pause', { id });
  expect(cachedWriterOutput.steps).toEqual([
    { step: 'a', output: { n: 3 } },
    { step: 'b', output: { n: 2 } },
  ]);
});

test('steps at the same moment are all kept', async () => {
  const id = await running();
  await Promise.all(['a', 'b', 'c', 'd'].map((step) => move('Step', { id, step, output: { step } })));
  const { cachedWriterOutput } = await move('Pause', { id });
  expect(cachedWriterOutput.steps.map(({ step }: { step: string }) => step).sort()).toEqual(['a', 'b', 'c', 'd']);
});

test.each([
  ['Resume', { fromStep: 'unknown' }, 'This agent run has not come to that step.', 'fromStep', 3],
  ['Step', { step: '' }, 'A step is named with 1 to 100 letters, digits, spaces and _ . : -', 'step', null],
  ['Complete', { output: 'text' }, 'output expects a JSON object.', 'output', null],
])('agentRun%s with %j is refused', async (verb, input, message, path, currentVersion) => {
  const id = await running();
  if (verb === 'Resume') await move('Pause', { id });
  const expected = [{ code: 'BAD_USER_INPUT', message, path: [path], currentVersion }];
  expect(await refusal(org.member, `agentRun${verb}`, { id, ...input })).toEqual(expected);
});

test('of two starts at the same moment one is refused', async () => {
  const id = await queued();
  const document = 'mutation ($input: TargetInput!) { agentRunStart(input: $input) { userErrors { code } } }';
  const answers = await Promise.all([1, 2].map(() => org.member.run(document, { input: { id } })));
  expect(answers.map(({ data }) => data.agentRunStart.userErrors.length).sort()).toEqual([0, 1]);
});

describe('an agent that is disabled', () => {
  test('is given no new runs, and none of its runs starts or resumes', async () => {
    const agentId = await make(org.member, 'Agent', { name: 'Writer', model: 'mistral-large' });
    const [waiting, failed] = [await queued({ agentId }), await running({ agentId })];
    await move('Fail', { id: failed, error: 'x' });
    await write(org.member, 'agentUpdate', { id: agentId, isEnabled: false });
    const disabled = (path: string) => conflict('This agent is disabled.', path, null);
    expect(await refusal(org.member, 'agentRunCreate', { agentId })).toEqual(disabled('agentId'));
    expect(await refusal(org.member, 'agentRunStart', { id: waiting })).toEqual(disabled('id'));
    expect(await refusal(org.member, 'agentRunResume', { id: failed })).toEqual(disabled('id'));
    expect((await move('Cancel', { id: waiting })).status).toBe('CANCELED');
  });
});

describe('the proposal that a run drafts', () => {
  const brain = async (id: string): Promise<string> =>
    (await org.viewer.ok('query ($id: ID!) { proposal(id: $id) { brainStatus } }', { id })).proposal.brainStatus;
  const proposal = (number: string) => make(org.member, 'Proposal', { proposalNumber: number, title: 'Offer' });

  test('shows how far the run is', async () => {
    const proposalId = await proposal('P-1');
    const id = await queued({ proposalId });
    const seen = [await brain(proposalId)];
    for (const verb of ['Start', 'Pause', 'Resume', 'Fail', 'Resume', 'Complete']) {
      await move(verb, { id, ...inputs[verb] });
      seen.push(await brain(proposalId));
    }
    expect(seen).toEqual(['QUEUED', 'DRAFTING', 'REVIEW', 'DRAFTING', 'FAILED', 'DRAFTING', 'READY']);
  });

  test('follows the latest of its runs', async () => {
    const proposalId = await proposal('P-2');
    const [first, second] = [await queued({ proposalId }), await queued({ proposalId })];
    await move('Start', { id: second });
    await move('Cancel', { id: first });
    expect(await brain(proposalId)).toBe('DRAFTING');
    await move('Cancel', { id: second });
    expect(await brain(proposalId)).toBe('IDLE');
  });
});

test('a run that has started keeps its input, and is not removed before it is over', async () => {
  const id = await running();
  const message = 'This agent run is running; only one that is queued can be changed.';
  expect(await refusal(org.member, 'agentRunUpdate', { id, input: {} })).toEqual(conflict(message, 'id', 2));
  const first = 'This agent run is running. Cancel it first.';
  expect(await refusal(org.member, 'agentRunDelete', { id })).toEqual(conflict(first, 'id', 2));
  await move('Cancel', { id });
  await write(org.member, 'agentRunDelete', { id });
});

test('a viewer moves no run, and nobody one of another organization', async () => {
  const id = await queued();
  expect(await failure(org.viewer, 'agentRunStart', { id })).toEqual([
    'FORBIDDEN',
    'This needs the permission ai:write (role MEMBER or above).',
  ]);
  for (const [verb] of moves) {
    expect(await refusal(other.member, `agentRun${verb}`, { id, ...inputs[verb] })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such AgentRun.', path: ['id'], currentVersion: null },
    ]);
  }
});

test('while agents are switched off nothing starts, and what is at work can be ended', async () => {
  const [waiting, busy] = [await queued(), await running()];
  await gateway.sql(
    `insert into system_settings (key, value) values ('kill.ai', '{"active": true, "reason": "Budget"}')`,
  );
  const off = (path: string[]) => [
    { code: 'UNAVAILABLE', message: 'Agents: switched off for now. Budget', path, currentVersion: null },
  ];
  try {
    expect(await refusal(org.owner, 'agentRunCreate', {})).toEqual(off([]));
    expect(await refusal(org.owner, 'agentRunStart', { id: waiting })).toEqual(off(['id']));
    expect((await move('Pause', { id: busy })).status).toBe('PAUSED');
    expect(await refusal(org.owner, 'agentRunResume', { id: busy })).toEqual(off(['id']));
    expect((await move('Cancel', { id: busy })).status).toBe('CANCELED');
  } finally {
    await gateway.sql("delete from system_settings where key = 'kill.ai'");
  }
});
