import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
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

const project = (input: object = {}) => make(acme.member, 'Project', { name: 'Harbor', ...input });
const session = (input: object = {}) => make(acme.member, 'WizardSession', input);

const answer = (sessionId: string, step: number, questionKey: string, value: unknown) =>
  write(
    acme.member,
    'wizardAnswer',
    { sessionId, step, questionKey, answer: { value } },
    'id version session { currentStep }',
  );

/** A session with a project and an answer. */
async function answered(): Promise<{ id: string; projectId: string }> {
  const projectId = await project();
  const id = await session({ projectId });
  await answer(id, 1, 'goal', 'More leads');
  return { id, projectId };
}

const document = `mutation ($input: TargetInput!) {
  wizardComplete(input: $input) {
    wizardSession { status completedAt version contextSnapshots { totalCount } }
    contextSnapshot { id versionNumber summary metrics project { id } }
    roadmap { id versionNumber title status contextSnapshot { id } phases { nodes { position name startsOn endsOn } } }
    userErrors { code message path currentVersion }
  }
}`;
const complete = async (input: object): Promise<Data> => (await acme.member.ok(document, { input })).wizardComplete;

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** How many snapshots and roadmaps a project has. */
const made = async (projectId: string) =>
  (
    await gateway.sql(
      `select (select count(*)::int from context_snapshots where project_id = $1) as snapshots,
         (select count(*)::int from roadmaps where project_id = $1) as roadmaps`,
      [uuidOf(projectId)],
    )
  )[0];

test('a question is answered once, and anew; the session stands at the furthest step', async () => {
  const id = await session();
  const first = await answer(id, 2, 'audience', 'Dentists');
  expect(first).toMatchObject({ version: 1, session: { currentStep: 2 } });
  expect(await answer(id, 2, 'audience', 'Clinics')).toEqual({ ...first, version: 2 });
  expect(await answer(id, 1, 'goal', 'Leads')).toMatchObject({ session: { currentStep: 2 } });
  const { wizardSession } = await acme.viewer.ok(
    'query ($id: ID!) { wizardSession(id: $id) { user { id } answers { nodes { step questionKey answer } } } }',
    { id },
  );
  expect(wizardSession).toEqual({
    user: { id: `member_${acme.people.member.id}` },
    answers: {
      nodes: [
        { step: 1, questionKey: 'goal', answer: { value: 'Leads' } },
        { step: 2, questionKey: 'audience', answer: { value: 'Clinics' } },
      ],
    },
  });
});

test('answers at the same moment are all kept, each once', async () => {
  const id = await session();
  const keys = ['a', 'b', 'c', 'd'];
  await Promise.all([...keys, ...keys].map((key, index) => answer(id, (index % 4) + 1, key, index)));
  expect(
    await gateway.sql(
      'select count(*)::int as answers, max(current_step) as step from wizard_answers a join wizard_sessions s on s.id = session_id where session_id = $1',
      [uuidOf(id)],
    ),
  ).toEqual([{ answers: 4, step: 4 }]);
});

test.each([
  [{ step: 0 }, 'The value of step is not allowed.', 'step'],
  [
    { questionKey: 'Team size' },
    'A question has up to 63 lower-case letters, digits and underscores, a letter first.',
    'questionKey',
  ],
  [{ answer: 'plain' }, 'answer expects a JSON object.', 'answer'],
])('an answer with %j is refused', async (input, message, path) => {
  const sessionId = await session();
  const whole = { sessionId, step: 1, questionKey: 'goal', answer: {}, ...input };
  expect(await refusal(acme.member, 'wizardAnswer', whole)).toEqual([
    { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
  ]);
});

test('handle_wizard_completion: a snapshot of the answers and a draft roadmap of three phases', async () => {
  const projectId = await project();
  const id = await session({ projectId });
  await answer(id, 1, 'goal', 'More leads');
  await answer(id, 2, 'channels', ['Mail', 'Search']);
  await answer(id, 2, 'team_size', 12);
  await answer(id, 3, 'budget', 40_000.5);
  const done = await complete({ id, expectedVersion: 3 });
  expect(done).toEqual({
    wizardSession: {
      status: 'COMPLETED',
      completedAt: done.wizardSession.completedAt,
      version: 4,
      contextSnapshots: { totalCount: 1 },
    },
    contextSnapshot: {
      id: done.contextSnapshot.id,
      versionNumber: 1,
      summary: 'Goal: More leads\nChannels: Mail, Search\nTeam size: 12\nBudget: 40000.5',
      metrics: { answers: 4, steps: 3, figures: { team_size: 12, budget: 40_000.5 } },
      project: { id: projectId },
    },
    roadmap: {
      id: done.roadmap.id,
      versionNumber: 1,
      title: 'Roadmap for Harbor',
      status: 'DRAFT',
      contextSnapshot: { id: done.contextSnapshot.id },
      phases: {
        nodes: [
          { position: 1, name: 'Discover', startsOn: day(0), endsOn: day(29) },
          { position: 2, name: 'Build', startsOn: day(30), endsOn: day(59) },
          { position: 3, name: 'Launch', startsOn: day(60), endsOn: day(89) },
        ],
      },
    },
    userErrors: [],
  });
  expect(Math.abs(Date.parse(done.wizardSession.completedAt) - Date.now())).toBeLessThan(60_000);
});

test('the phases begin with the project, when that begins later', async () => {
  const id = await session({ projectId: await project({ startsOn: '2099-01-01' }) });
  await answer(id, 1, 'goal', 'Later');
  expect((await complete({ id })).roadmap.phases.nodes[0]).toMatchObject({
    startsOn: '2099-01-01',
    endsOn: '2099-01-30',
  });
});

test('completing again gives the same snapshot and roadmap', async () => {
  const { id, projectId } = await answered();
  const first = await complete({ id, expectedVersion: 1 });
  expect(await complete({ id, expectedVersion: 1 })).toEqual(first);
  expect(await made(projectId)).toEqual({ snapshots: 1, roadmaps: 1 });
});

test('of completions at the same moment all get the one snapshot and roadmap', async () => {
  const { id, projectId } = await answered();
  const all = await Promise.all([1, 2, 3].map(() => complete({ id })));
  expect(new Set(all.map(({ contextSnapshot, roadmap }) => `${contextSnapshot.id} ${roadmap.id}`)).size).toBe(1);
  expect(await made(projectId)).toEqual({ snapshots: 1, roadmaps: 1 });
});

test('whoever completes a session, the snapshot and the roadmap are made', async () => {
  const { id, projectId } = await answered();
  await gateway.sql("update wizard_sessions set status = 'completed', completed_at = '2026-01-02' where id = $1", [
    uuidOf(id),
  ]);
  expect(await made(projectId)).toEqual({ snapshots: 1, roadmaps: 1 });
  const [phase] = await gateway.sql(
    `select starts_on::text from roadmap_phases join roadmaps on roadmaps.id = roadmap_id where project_id = $1 and position = 1`,
    [uuidOf(projectId)],
  );
  expect(phase).toEqual({ starts_on: '2026-01-02' });
});

test('a session without a project or without answers is not completed', async () => {
  const homeless = await session();
  await answer(homeless, 1, 'goal', 'None');
  expect(await refusal(acme.member, 'wizardComplete', { id: homeless })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'This wizard session has no project. Give it one with wizardSessionUpdate.',
      path: ['id'],
      currentVersion: 1,
    },
  ]);
  expect(await refusal(acme.member, 'wizardComplete', { id: await session({ projectId: await project() }) })).toEqual(
    conflict('This wizard session has no answers yet.', 'id', 1),
  );
});

test('a session that has ended stays as it is', async () => {
  const { id } = await answered();
  await complete({ id });
  const given = { sessionId: id, step: 1, questionKey: 'goal', answer: {} };
  expect(await refusal(acme.member, 'wizardAnswer', given)).toEqual(
    conflict('This wizard session is completed and takes no answers.', 'sessionId', 2),
  );
  expect(await refusal(acme.member, 'wizardAbandon', { id })).toEqual(
    conflict('This wizard session is completed; only one that is in progress can be abandoned.', 'id', 2),
  );
  expect(await refusal(acme.member, 'wizardSessionUpdate', { id, projectId: null })).toEqual(
    conflict('This wizard session has ended and stays as it is.', 'id', null),
  );
  const [row] = await gateway.sql('select id from wizard_answers where session_id = $1', [uuidOf(id)]);
  expect(await refusal(acme.member, 'wizardAnswerDelete', { id: row?.id })).toEqual(
    conflict('The wizard session of this answer has ended, so its answers stay.', 'id', null),
  );
  expect(await refusal(acme.member, 'wizardSessionDelete', { id })).toEqual(
    conflict('Still used by context snapshots.', 'id', null),
  );
});

test('an abandoned session is not completed, and can be removed with its answers', async () => {
  const { id, projectId } = await answered();
  expect(await write(acme.member, 'wizardAbandon', { id, expectedVersion: 1 }, 'status completedAt')).toEqual({
    status: 'ABANDONED',
    completedAt: null,
  });
  expect(await refusal(acme.member, 'wizardComplete', { id })).toEqual(
    conflict('This wizard session is abandoned.', 'id', 2),
  );
  await acme.member.ok('mutation ($id: ID!) { wizardSessionDelete(input: { id: $id }) { userErrors { code } } }', {
    id,
  });
  expect(await gateway.sql('select id from wizard_answers where session_id = $1', [uuidOf(id)])).toEqual([]);
  expect(await made(projectId)).toEqual({ snapshots: 0, roadmaps: 0 });
});

test('the wizard is for those who write, in their organization, at the version they saw', async () => {
  const { id } = await answered();
  const given = { sessionId: id, step: 1, questionKey: 'goal', answer: {} };
  for (const [mutation, input, path] of [
    ['wizardAnswer', given, 'sessionId'],
    ['wizardComplete', { id }, 'id'],
  ] as const) {
    expect((await failure(acme.viewer, mutation, input))[0]).toBe('FORBIDDEN');
    for (const unknown of [id, randomUUID()])
      expect(await refusal(globex.member, mutation, { ...input, [path]: unknown })).toEqual([
        { code: 'NOT_FOUND', message: 'There is no such wizard session.', path: [path], currentVersion: null },
      ]);
  }
  expect(await refusal(acme.member, 'wizardComplete', { id, expectedVersion: 7 })).toEqual(
    conflict('Somebody changed it: the current version is 1, not 7.', 'expectedVersion', 1),
  );
});
