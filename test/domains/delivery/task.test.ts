import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let project: string;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  project = await make(acme.member, 'Project', { name: 'Website' });
});

const refused = (code: string, message: string, path: readonly string[]) => [
  { code, message, path, currentVersion: null },
];
const task = (input: object = {}) => make(acme.member, 'Task', { projectId: project, title: 'Draw', ...input });

const history = async (id: string): Promise<Data[]> =>
  (
    await acme.viewer.ok(
      'query ($id: ID!) { task(id: $id) { taskActivities(orderBy: [{ createdAt: {} }]) { nodes { action description changes user { id } } } } }',
      { id },
    )
  ).task.taskActivities.nodes;

test('making a task, its state and who does it are noted by themselves', async () => {
  const viewer = `member_${acme.people.viewer.id}`;
  const id = await task();
  await write(acme.admin, 'taskMove', { id, status: 'IN_REVIEW' });
  await write(acme.admin, 'taskUpdate', { id, assigneeId: viewer, title: 'Draw again' });
  await write(acme.member, 'taskActivityCreate', { taskId: id, description: 'Looks good.' });
  await write(acme.member, 'taskUpdate', { id, assigneeId: null });
  const by = (role: 'admin' | 'member') => ({ id: `member_${acme.people[role].id}` });
  expect(await history(id)).toEqual([
    { action: 'created', description: null, changes: {}, user: by('member') },
    {
      action: 'status_changed',
      description: null,
      changes: { status: { before: 'todo', after: 'in_review' } },
      user: by('admin'),
    },
    {
      action: 'assigned',
      description: null,
      changes: { assigneeId: { before: null, after: acme.people.viewer.id } },
      user: by('admin'),
    },
    { action: 'commented', description: 'Looks good.', changes: {}, user: by('member') },
    {
      action: 'unassigned',
      description: null,
      changes: { assigneeId: { before: acme.people.viewer.id, after: null } },
      user: by('member'),
    },
  ]);
});

test('a change of neither leaves no note, and a writer past the API does', async () => {
  const id = await task();
  await write(acme.member, 'taskUpdate', { id, dueOn: '2030-01-01' });
  await gateway.sql("update tasks set status = 'blocked' where id = $1", [uuidOf(id)]);
  expect((await history(id)).map(({ action, user }) => [action, user?.id ?? null])).toEqual([
    ['created', `member_${acme.people.member.id}`],
    ['status_changed', null],
  ]);
});

test('phase, milestone and parent are of the same project', async () => {
  const other = await make(acme.member, 'Project', { name: 'Other' });
  const input = { projectId: other, name: 'There' };
  const phaseId = await make(acme.member, 'ProjectPhase', input);
  const milestoneId = await make(acme.member, 'Milestone', input);
  const parentTaskId = await make(acme.member, 'Task', { projectId: other, title: 'There' });
  for (const [field, value, what] of [
    ['phaseId', phaseId, 'phase'],
    ['milestoneId', milestoneId, 'milestone'],
    ['parentTaskId', parentTaskId, 'task'],
  ] as const) {
    const errors = refused('NOT_FOUND', `There is no such ${what} in this project.`, [field]);
    expect(await refusal(acme.member, 'taskCreate', { projectId: project, title: 'x', [field]: value })).toEqual(
      errors,
    );
    expect(await refusal(acme.member, 'taskUpdate', { id: await task(), [field]: value })).toEqual(errors);
  }
  await make(acme.member, 'Task', { projectId: other, title: 'Here', phaseId, milestoneId, parentTaskId });
});

test('no task is a part of itself', async () => {
  const above = await task();
  const middle = await task({ parentTaskId: above });
  const below = await task({ parentTaskId: middle });
  const message = 'A task cannot be a part of itself or of one of its parts.';
  for (const parentTaskId of [above, middle, below])
    expect(await refusal(acme.member, 'taskUpdate', { id: above, parentTaskId })).toEqual(
      refused('BAD_USER_INPUT', message, ['parentTaskId']),
    );
});

test('two moves below each other at the same moment close no circle', async () => {
  const [left, right] = [await task(), await task()];
  const put = (id: string, parentTaskId: string) =>
    acme.member.run('mutation ($i: TaskUpdateInput!) { taskUpdate(input: $i) { userErrors { code } } }', {
      i: { id, parentTaskId },
    });
  await Promise.all([put(left, right), put(right, left)]);
  const [row] = await gateway.sql(
    'select count(*)::integer as n from tasks where id = any ($1) and parent_task_id is not null',
    [[left, right].map(uuidOf)],
  );
  expect(row).toEqual({ n: 1 });
});

test('tags at most 30', async () => {
  const tags = Array.from({ length: 31 }, (_, index) => `tag ${index}`);
  expect(await refusal(acme.member, 'taskCreate', { projectId: project, title: 'x', tags })).toEqual(
    refused('BAD_USER_INPUT', 'A task has at most 30 tags.', ['tags']),
  );
  expect(await refusal(acme.member, 'projectUpdate', { id: project, tags })).toEqual(
    refused('BAD_USER_INPUT', 'A project has at most 30 tags.', ['tags']),
  );
  expect(await write(acme.member, 'taskUpdate', { id: await task(), tags: tags.slice(1) }, 'tags')).toEqual({
    tags: tags.slice(1),
  });
});

test('plan and flags gate features: story points and subtasks need pro; allowed_roles limits a flag to roles', async () => {
  const free = await newOrganization(gateway, 'free');
  const projectId = await make(free.member, 'Project', { name: 'Small' });
  const id = await make(free.member, 'Task', { projectId, title: 'x' });
  const plan = (name: string) => `${name}: needs the plan pro; this organization has free.`;
  const points = refused('FORBIDDEN', plan('Story points'), ['storyPoints']);
  expect(await refusal(free.owner, 'taskCreate', { projectId, title: 'y', storyPoints: 3 })).toEqual(points);
  expect(await refusal(free.owner, 'taskUpdate', { id, storyPoints: 3 })).toEqual(points);
  expect(await refusal(free.owner, 'subtaskCreate', { taskId: id, title: 'y' })).toEqual(
    refused('FORBIDDEN', plan('Subtasks'), []),
  );
  await write(free.owner, 'taskUpdate', { id, storyPoints: null, title: 'Still free' });

  const flag = (featureKey: string, input: object) =>
    write(acme.admin, 'featureFlagSet', { featureKey, isEnabled: true, ...input });
  const taskId = await task({ storyPoints: 5 });
  await flag('story_points', { allowedRoles: ['ADMIN', 'OWNER'] });
  await flag('subtasks', { isEnabled: false });
  expect(await refusal(acme.member, 'taskUpdate', { id: taskId, storyPoints: 8 })).toEqual(
    refused('FORBIDDEN', 'Story points: the feature flag story_points is for the roles admin, owner.', ['storyPoints']),
  );
  expect(await write(acme.admin, 'taskUpdate', { id: taskId, storyPoints: 8 }, 'storyPoints')).toEqual({
    storyPoints: 8,
  });
  for (const [step, input] of [
    ['subtaskCreate', { taskId, title: 'y' }],
    ['subtaskUpdate', { id: taskId.replace('task', 'subtask') }],
    ['subtaskAssigneeCreate', { subtaskId: uuidOf(taskId), userId: acme.people.member.id }],
  ] as const)
    expect(await refusal(acme.owner, step, input)).toEqual(
      refused('FORBIDDEN', 'Subtasks: switched off by the feature flag subtasks.', []),
    );
  await flag('subtasks', {});
  await flag('story_points', { allowedRoles: null });
});

test('subtasks stand in their order, are ticked off, and are given to people once', async () => {
  const taskId = await task();
  for (const title of ['a', 'b']) await make(acme.member, 'Subtask', { taskId, title });
  const first = await make(acme.member, 'Subtask', { taskId, title: 'first', position: 0 });
  await write(acme.member, 'subtaskUpdate', { id: first, isCompleted: true });
  const given = { subtaskId: first, userId: `member_${acme.people.viewer.id}` };
  await make(acme.member, 'SubtaskAssignee', given);
  expect(await refusal(acme.member, 'subtaskAssigneeCreate', given)).toEqual(
    conflict('This person does the subtask already.', 'userId', null),
  );
  const { task: read } = await acme.viewer.ok(
    'query ($id: ID!) { task(id: $id) { subtasks { nodes { title isCompleted position subtaskAssignees { totalCount } } } } }',
    { id: taskId },
  );
  expect(read.subtasks.nodes).toEqual([
    { title: 'first', isCompleted: true, position: 0, subtaskAssignees: { totalCount: 1 } },
    { title: 'a', isCompleted: false, position: 1, subtaskAssignees: { totalCount: 0 } },
    { title: 'b', isCompleted: false, position: 2, subtaskAssignees: { totalCount: 0 } },
  ]);
});

test('a task is for those who write, and story points are 0 to 100', async () => {
  expect((await failure(acme.viewer, 'taskCreate', { projectId: project, title: 'x' }))[0]).toBe('FORBIDDEN');
  expect(await refusal(acme.member, 'taskUpdate', { id: await task(), storyPoints: 101 })).toEqual(
    refused('BAD_USER_INPUT', 'A task has 0 to 100 story points.', ['storyPoints']),
  );
});
