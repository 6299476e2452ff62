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

const project = () => make(acme.member, 'Project', { name: 'Board' });

/** Tasks in one column, in the order of their titles. */
async function cards(projectId: string, titles: string, status = 'TODO'): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const title of titles) ids[title] = await make(acme.member, 'Task', { projectId, title, status });
  return ids;
}

const columnQuery = `query ($id: ID!, $status: TaskStatus!) {
  project(id: $id) { tasks(first: 100, filter: { status: { eq: $status } }) { nodes { title version position } } }
}`;

const column = async (id: string, status = 'TODO'): Promise<Data[]> =>
  (await acme.viewer.ok(columnQuery, { id, status })).project.tasks.nodes;

const titles = async (id: string, status = 'TODO'): Promise<string> =>
  (await column(id, status)).map(({ title }) => title).join('');

test('new tasks stand at the end of their column, and a board is read in its order', async () => {
  const id = await project();
  await cards(id, 'abc');
  await cards(id, 'xy', 'DONE');
  await cards(id, 'd');
  expect([await titles(id), await titles(id, 'DONE')]).toEqual(['abcd', 'xy']);
});

test.each([
  ['before another one', 'd', { beforeId: 'b' }, 'adbc'],
  ['before the first one', 'd', { beforeId: 'a' }, 'dabc'],
  ['after another one', 'a', { afterId: 'b' }, 'bacd'],
  ['after the last one', 'a', { afterId: 'd' }, 'bcda'],
  ['to the end', 'b', {}, 'acdb'],
  ['where it stands', 'b', { afterId: 'a' }, 'abcd'],
])('a task moves %s, and no other one changes', async (_where, card, wishes, order) => {
  const id = await project();
  const ids = await cards(id, 'abcd');
  const before = new Map((await column(id)).map((row) => [row.title, row]));
  const [[field, neighbor] = []] = Object.entries(wishes);
  const input = { id: ids[card], expectedVersion: 1, ...(field && { [field]: ids[neighbor ?? ''] }) };
  expect((await write(acme.member, 'taskMove', input, 'version')).version).toBe(2);
  const after = await column(id);
  expect(after.map(({ title }) => title).join('')).toBe(order);
  for (const row of after.filter(({ title }) => title !== card)) expect(row).toEqual(before.get(row.title));
});

test('a task moves to another column: its end, beside a neighbor there, or by the state alone', async () => {
  const id = await project();
  const ids = await cards(id, 'abc');
  const done = await cards(id, 'xy', 'DONE');
  await write(acme.member, 'taskMove', { id: ids.a, beforeId: done.y });
  await write(acme.member, 'taskMove', { id: ids.b, status: 'DONE' });
  expect([await titles(id), await titles(id, 'DONE')]).toEqual(['c', 'xayb']);
  await write(acme.member, 'taskUpdate', { id: done.x, status: 'TODO' });
  expect([await titles(id), await titles(id, 'DONE')]).toEqual(['cx', 'ayb']);
});

test('being done has a moment, and not being done has none', async () => {
  const id = await make(acme.member, 'Task', { projectId: await project(), title: 'Once' });
  const { completedAt } = await write(acme.member, 'taskMove', { id, status: 'DONE' }, 'completedAt');
  expect(Math.abs(Date.parse(completedAt) - Date.now())).toBeLessThan(60_000);
  const renamed = await write(acme.member, 'taskUpdate', { id, title: 'Twice' }, 'completedAt');
  expect(renamed).toEqual({ completedAt });
  const open = await write(acme.member, 'taskUpdate', { id, status: 'BLOCKED' }, 'completedAt');
  expect(open).toEqual({ completedAt: null });
  await gateway.sql("update tasks set status = 'done' where id = $1", [uuidOf(id)]);
  const [row] = await gateway.sql('select completed_at from tasks where id = $1', [uuidOf(id)]);
  expect(row?.completed_at).toBeInstanceOf(Date);
});

test('many moves to the same place at the same time all arrive, each at a place of its own', async () => {
  const id = await project();
  const ids = await cards(id, 'abcdefgh');
  const movers = [...'cdefgh'];
  await Promise.all(movers.map((card) => write(acme.member, 'taskMove', { id: ids[card], beforeId: ids.b })));
  const rows = await column(id);
  expect(
    rows
      .map(({ title }) => title)
      .sort()
      .join(''),
  ).toBe('abcdefgh');
  expect([rows[0]?.title, rows.at(-1)?.title]).toEqual(['a', 'b']);
  expect(new Set(rows.map(({ position }) => position)).size).toBe(8);
});

test('many new tasks at the same time all stand in the column', async () => {
  const id = await project();
  await Promise.all([...'abcdef'].map((title) => make(acme.member, 'Task', { projectId: id, title })));
  expect([...(await titles(id))].sort().join('')).toBe('abcdef');
});

test('a hundred moves to the same place leave short keys', async () => {
  const id = await project();
  const ids = await cards(id, 'abc');
  await gateway.sql(
    `do $$ declare place text; begin for i in 1..100 loop
      select app.key_between(min(position), (select position from tasks where id = '${uuidOf(ids.b ?? '')}')) into place
        from tasks where id = '${uuidOf(ids.a ?? '')}';
      update tasks set position = place where id = '${uuidOf(ids.c ?? '')}';
      update tasks set position = app.key_between(null, place) where id = '${uuidOf(ids.a ?? '')}';
    end loop; end $$`,
  );
  const rows = await column(id);
  expect(rows.map(({ title }) => title).join('')).toBe('acb');
  expect(Math.max(...rows.map(({ position }) => position.length))).toBeLessThan(10);
});

test('a task that comes back stands where it stood, or last when its place is taken', async () => {
  const id = await project();
  const ids = await cards(id, 'abc');
  await write(acme.member, 'taskDelete', { id: ids.b });
  await write(acme.member, 'taskRestore', { id: ids.b });
  expect(await titles(id)).toBe('abc');
  await write(acme.member, 'taskDelete', { id: ids.b });
  await write(acme.member, 'taskMove', { id: ids.c, afterId: ids.a });
  await write(acme.member, 'taskRestore', { id: ids.b });
  expect(await titles(id)).toBe('acb');
});

test('a neighbor of another column, project or organization is refused, and so is a card itself', async () => {
  const id = await project();
  const ids = await cards(id, 'ab');
  const done = await cards(id, 'x', 'DONE');
  const elsewhere = (await cards(await project(), 'z')).z;
  const theirs = await make(globex.member, 'Task', {
    projectId: await make(globex.member, 'Project', { name: 'Theirs' }),
    title: 'Theirs',
  });
  expect(await refusal(acme.member, 'taskMove', { id: ids.a, status: 'TODO', beforeId: done.x })).toEqual(
    conflict('That task is done, not todo.', 'beforeId', 1),
  );
  for (const afterId of [elsewhere, theirs, randomUUID()])
    expect(await refusal(acme.member, 'taskMove', { id: ids.a, afterId })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such task in this project.', path: ['afterId'], currentVersion: null },
    ]);
  for (const [wishes, message, path] of [
    [{ afterId: ids.a }, 'A task cannot stand beside itself.', 'afterId'],
    [{ afterId: ids.b, beforeId: ids.b }, 'Give beforeId or afterId, not both.', 'afterId'],
    [{ beforeId: 'card' }, 'Expected an id of Task: task_<uuid> or a UUID.', 'beforeId'],
  ] as const)
    expect(await refusal(acme.member, 'taskMove', { id: ids.a, ...wishes })).toEqual([
      { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
    ]);
  expect(await titles(id)).toBe('ab');
});

test('a move is for those who write, at the version they saw, in their organization', async () => {
  const ids = await cards(await project(), 'a');
  expect((await failure(acme.viewer, 'taskMove', { id: ids.a, status: 'DONE' }))[0]).toBe('FORBIDDEN');
  expect(await refusal(acme.member, 'taskMove', { id: ids.a, status: 'DONE', expectedVersion: 7 })).toEqual(
    conflict('Somebody changed it: the current version is 1, not 7.', 'expectedVersion', 1),
  );
  expect((await refusal(globex.member, 'taskMove', { id: ids.a, status: 'DONE' }))[0]?.code).toBe('NOT_FOUND');
});
