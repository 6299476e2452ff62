import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
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
const roadmap = (projectId: string, input: object = {}) =>
  make(acme.member, 'Roadmap', { projectId, title: 'Way', ...input });
const activate = (id: string) => write(acme.member, 'roadmapActivate', { id }, 'status project { status startsOn }');
const today = new Date().toISOString().slice(0, 10);

/** The numbers and states of the roadmaps of a project. */
const roadmapsOf = async (projectId: string) =>
  (
    await gateway.sql('select version_number, status from roadmaps where project_id = $1 order by 1', [
      uuidOf(projectId),
    ])
  ).map(({ version_number, status }) => [version_number, status]);

test('a new roadmap is a draft of three phases', async () => {
  const made = await write(
    acme.member,
    'roadmapCreate',
    { projectId: await project(), title: 'Way', startsOn: '2026-03-01' },
    'status versionNumber phases { nodes { position name startsOn endsOn } }',
  );
  expect(made).toMatchObject({ status: 'DRAFT', versionNumber: 1 });
  expect(made.phases.nodes).toEqual([
    { position: 1, name: 'Discover', startsOn: '2026-03-01', endsOn: '2026-03-30' },
    { position: 2, name: 'Build', startsOn: '2026-03-31', endsOn: '2026-04-29' },
    { position: 3, name: 'Launch', startsOn: '2026-04-30', endsOn: '2026-05-29' },
  ]);
});

test('roadmaps and snapshots are numbered within their project without gaps, however many are made at once', async () => {
  const [first, second] = [await project(), await project()];
  const several = Array.from({ length: 5 }, () => [
    roadmap(first),
    make(acme.member, 'ContextSnapshot', { projectId: first, summary: 'Known' }),
  ]).flat();
  await Promise.all([...several, roadmap(second)]);
  expect((await roadmapsOf(first)).map(([number]) => number)).toEqual([1, 2, 3, 4, 5]);
  expect((await roadmapsOf(second)).map(([number]) => number)).toEqual([1]);
  expect(
    await gateway.sql(
      'select array_agg(version_number order by version_number) as numbers from context_snapshots where project_id = $1',
      [uuidOf(first)],
    ),
  ).toEqual([{ numbers: [1, 2, 3, 4, 5] }]);
});

test('snapshot and roadmap versions are never overwritten, whoever writes', async () => {
  const projectId = await project();
  await roadmap(projectId);
  await make(acme.member, 'ContextSnapshot', { projectId });
  for (const statement of [
    "update context_snapshots set summary = 'x' where project_id = $1",
    'update roadmaps set version_number = 7 where project_id = $1',
  ])
    await expect(gateway.sql(statement, [uuidOf(projectId)])).rejects.toThrow('a numbered version stays as it is');
  await gateway.sql('insert into context_snapshots (org_id, project_id, version_number) values ($1, $2, 1)', [
    acme.id,
    uuidOf(projectId),
  ]);
  expect(
    await gateway.sql('select version_number from context_snapshots where project_id = $1 order by 1', [
      uuidOf(projectId),
    ]),
  ).toEqual([{ version_number: 1 }, { version_number: 2 }]);
});

test('handle_dashboard_activation: the first active roadmap starts its project', async () => {
  const id = await roadmap(await project());
  expect(await activate(id)).toEqual({ status: 'ACTIVE', project: { status: 'ACTIVE', startsOn: today } });
  const planned = await roadmap(await project({ startsOn: '2026-05-04' }));
  expect((await activate(planned)).project).toEqual({ status: 'ACTIVE', startsOn: '2026-05-04' });
});

test('a project that is no longer planned stays in its state', async () => {
  const projectId = await project();
  await gateway.sql("update projects set status = 'on_hold' where id = $1", [uuidOf(projectId)]);
  expect((await activate(await roadmap(projectId))).project).toEqual({ status: 'ON_HOLD', startsOn: null });
});

test('an active roadmap takes the place of the one before', async () => {
  const projectId = await project();
  const [first, second] = [await roadmap(projectId), await roadmap(projectId)];
  await activate(first);
  await activate(second);
  expect(await roadmapsOf(projectId)).toEqual([
    [1, 'archived'],
    [2, 'active'],
  ]);
  await gateway.sql("insert into roadmaps (org_id, project_id, title, status) values ($1, $2, 'By hand', 'active')", [
    acme.id,
    uuidOf(projectId),
  ]);
  expect(await roadmapsOf(projectId)).toEqual([
    [1, 'archived'],
    [2, 'archived'],
    [3, 'active'],
  ]);
});

test('of roadmaps activated at the same moment one is active', async () => {
  const projectId = await project();
  const ids = [await roadmap(projectId), await roadmap(projectId), await roadmap(projectId)];
  await Promise.all(ids.map(activate));
  expect((await roadmapsOf(projectId)).map(([, status]) => status).sort()).toEqual(['active', 'archived', 'archived']);
});

test('only a draft is activated, and an archived roadmap keeps its phases', async () => {
  const id = await roadmap(await project());
  await activate(id);
  expect(await refusal(acme.member, 'roadmapActivate', { id })).toEqual(
    conflict('This roadmap is active; only one that is draft can be activated.', 'id', 2),
  );
  expect(await write(acme.member, 'roadmapArchive', { id }, 'status phases { totalCount }')).toEqual({
    status: 'ARCHIVED',
    phases: { totalCount: 3 },
  });
  expect(await refusal(acme.member, 'roadmapArchive', { id })).toEqual(
    conflict('This roadmap is archived; only one that is draft or active can be archived.', 'id', 3),
  );
  const late = { roadmapId: id, name: 'Late' };
  expect(await refusal(acme.member, 'roadmapPhaseCreate', late)).toEqual(
    conflict('This roadmap is archived, so its phases stay.', 'roadmapId', null),
  );
});

test('the roadmap of a deleted project is not activated', async () => {
  const projectId = await project();
  const id = await roadmap(projectId);
  await write(acme.member, 'projectDelete', { id: projectId });
  expect(await refusal(acme.member, 'roadmapActivate', { id })).toEqual(
    conflict('The project of this roadmap is deleted.', 'id', 1),
  );
});

test('a roadmap is based on a snapshot of its own project', async () => {
  const other = await make(acme.member, 'ContextSnapshot', { projectId: await project() });
  const input = { projectId: await project(), title: 'Way', contextSnapshotId: other };
  expect(await refusal(acme.member, 'roadmapCreate', input)).toEqual([
    {
      code: 'NOT_FOUND',
      message: 'There is no such snapshot of this project.',
      path: ['contextSnapshotId'],
      currentVersion: null,
    },
  ]);
});

test('a further phase comes last, and ends after it starts', async () => {
  const roadmapId = await roadmap(await project());
  expect(await write(acme.member, 'roadmapPhaseCreate', { roadmapId, name: 'Grow' }, 'position')).toEqual({
    position: 4,
  });
  const backwards = { roadmapId, name: 'Back', startsOn: '2026-02-02', endsOn: '2026-02-01' };
  expect(await refusal(acme.member, 'roadmapPhaseCreate', backwards)).toEqual([
    { code: 'BAD_USER_INPUT', message: 'The last day is before the first.', path: ['endsOn'], currentVersion: null },
  ]);
});

test('roadmaps are activated by those who write, in their organization, at the version they saw', async () => {
  const id = await roadmap(await project());
  expect((await failure(acme.viewer, 'roadmapActivate', { id }))[0]).toBe('FORBIDDEN');
  expect(await refusal(globex.member, 'roadmapActivate', { id })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such Roadmap.', path: ['id'], currentVersion: null },
  ]);
  expect(await refusal(acme.member, 'roadmapActivate', { id, expectedVersion: 2 })).toEqual(
    conflict('Somebody changed it: the current version is 1, not 2.', 'expectedVersion', 1),
  );
});

test('a project has each system and service once, and a system each service', async () => {
  const [projectId, systemId, serviceId] = [
    await project(),
    await make(acme.member, 'System', { name: 'Shop' }),
    await make(acme.member, 'Service', { name: 'Setup' }),
  ];
  for (const [type, input, path, message] of [
    ['ProjectSystem', { projectId, systemId }, 'systemId', 'This project has that system already.'],
    ['ProjectService', { projectId, serviceId }, 'serviceId', 'This project has that service already.'],
    ['SystemService', { systemId, serviceId }, 'serviceId', 'This system has that service already.'],
  ] as const) {
    await make(acme.member, type, input);
    const create = `${type.charAt(0).toLowerCase()}${type.slice(1)}Create`;
    expect(await refusal(acme.member, create, input)).toEqual(conflict(message, path, null));
  }
});
