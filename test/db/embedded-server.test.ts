import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type Database, embeddedDatabase } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { createOrgReads } from '../../src/db/org-read.ts';
import { callerOf, configWith, openDoor } from '../support/door.ts';
import { Gateway, type Org } from '../support/gateway.ts';
import { readTemplate } from '../support/template.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'embedded-server-'));
const config = configWith({
  DATA_DIR: folder,
  LOG_LEVEL: 'silent',
  STATEMENT_TIMEOUT_MS: '1500',
  POOL_WAIT_MS: '10000',
});
let database: Database;
let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  const template = inject('template');
  const snapshot = template.kind === 'embedded' ? await readTemplate(template.file) : undefined;
  database = await embeddedDatabase(await openEmbedded(folder, snapshot), config);
  const sql = async (text: string, values: readonly unknown[] = []) =>
    (await database.pool.query(text, [...values])).rows;
  gateway = new Gateway({ config, database, sql, close: () => database.close() });
  acme = await gateway.organization('acme');
}, 120_000);
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

const create = (name: string) =>
  acme.member.run(
    'mutation ($name: String!) { accountCreate(input: {name: $name}) { account { id } userErrors { code } } }',
    { name },
  );

test('two hundred requests at once on the one connection: each is answered, in a bounded time, and told is saved', async () => {
  await create('first');
  const asked = Array.from({ length: 200 }, (_, n) =>
    n % 4 ? acme.viewer.run('{ accounts(first: 1) { nodes { id } totalCount } }') : create(`many ${n}`),
  );
  const answers = await Promise.all(asked);
  expect([...new Set(answers.map(({ status }) => status))].filter((status) => ![200, 503].includes(status))).toEqual(
    [],
  );
  const told = answers.filter(({ status, data }) => status === 200 && data.accountCreate?.account).length;
  expect(told).toBeGreaterThan(5);
  expect(await gateway.sql("select count(*)::int as n from accounts where name like 'many%'")).toEqual([{ n: told }]);
});

test('more requests than the queue holds are told that the server is busy, and the next ones are served', async () => {
  const answers = await Promise.all(Array.from({ length: 260 }, () => acme.viewer.run('{ accounts { totalCount } }')));
  const busy = answers.filter(({ status }) => status === 503);
  expect(busy.length).toBeGreaterThanOrEqual(59);
  expect(new Set(busy.map(({ errors }) => errors?.[0]?.message))).toEqual(
    new Set(['The server is busy. Try again in a moment.']),
  );
  expect((await create('afterwards')).status).toBe(200);
  expect([database.pool.waitingCount, database.pool.idleCount]).toEqual([0, 1]);
});

test('a statement that never ends is stopped; meanwhile the server answers, and what was committed is there afterwards', async () => {
  await create('kept');
  const door = openDoor(database, config);
  const began = performance.now();
  const endless = door.write(callerOf(acme), async ({ db }) => {
    await db.account.create({ data: { name: 'not kept' } });
    return db.$queryRaw`select count(*)::text from generate_series(1, 100000000000)`;
  });
  const outcome = endless.catch((error: unknown) => error);
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 10);
  await sleep(700);
  const asked = performance.now();
  expect((await gateway.server.fetch(new Request('http://gateway/live'))).status).toBe(200);
  expect(performance.now() - asked).toBeLessThan(500);
  expect(ticks).toBeGreaterThan(10);
  clearInterval(ticking);
  expect(await outcome).toMatchObject({ code: 'TIMEOUT' });
  expect(performance.now() - began).toBeGreaterThan(1_400);

  const names = (await acme.viewer.ok('{ accounts(filter: {name: {endsWith: "kept"}}) { nodes { name } } }')).accounts
    .nodes;
  expect(names).toEqual([{ name: 'kept' }]);
  expect((await create('goes on')).status).toBe(200);
  await door.close();
});

test('a compiled read that never ends is stopped too', async () => {
  await create('still kept');
  const read = createOrgReads(database.pool, config, { committed: 0, rolledBack: 0, retried: 0 }, database.proofs);
  const endless = { text: 'select count(*) from generate_series(1, 100000000000)' };
  const began = performance.now();
  const request = { id: 'test', ip: null, userAgent: null };
  await expect(read(callerOf(acme), request, endless)).rejects.toThrow('The statement took too long.');
  expect(performance.now() - began).toBeGreaterThan(1_400);
  const found = await acme.viewer.ok('{ accounts(filter: {name: {eq: "still kept"}}) { totalCount } }');
  expect(found.accounts.totalCount).toBe(1);
});
