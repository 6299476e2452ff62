/** Jobs: queued once, claimed by one worker at a time, tried again, and dead in the end. */
import { beforeAll, describe, expect, test } from 'vitest';
import { backoffSeconds } from '../../../src/domains/platform/job-run.ts';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, refusal, uuidOf, write } from '../../support/write.ts';
import { askForJobs, claim } from './jobs.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const enqueue = async (type: string, input: object = {}): Promise<string> =>
  (await write(acme.member, 'jobEnqueue', { type, ...input })).id;

const idsOf = (jobs: readonly { readonly id: string }[]): string[] => jobs.map(({ id }) => id);

const rowOf = async (id: string): Promise<Data> =>
  (await gateway.sql('select * from jobs where id = $1', [uuidOf(id)]))[0];

/** As if so many seconds had gone by since the claim. */
const endLease = (id: string) =>
  gateway.sql("update jobs set locked_until = now() - interval '1 second' where id = $1", [uuidOf(id)]);

const secondsFromNow = (moment: string | Date): number => (new Date(moment).getTime() - Date.now()) / 1_000;

const lost = (instead: string, version: number) =>
  conflict(`This worker has lost the job: ${instead}.`, 'workerId', version);

describe('a job is queued', () => {
  test('with what it needs, by those who may write', async () => {
    const fields = 'type status priority attempt maxAttempts payload runAt lockedBy result error finishedAt';
    const { runAt, ...job } = await write(acme.member, 'jobEnqueue', { type: 'defaults' }, fields);
    expect(secondsFromNow(runAt)).toBeLessThan(1);
    expect(job).toEqual({
      ...{ type: 'defaults', status: 'QUEUED', priority: 0, attempt: 0, maxAttempts: 5, payload: {} },
      ...{ lockedBy: null, result: null, error: null, finishedAt: null },
    });
    expect((await refusal(acme.member, 'jobEnqueue', { type: 'x', maxAttempts: 0 }))[0]).toMatchObject({
      code: 'BAD_USER_INPUT',
      path: ['maxAttempts'],
    });
    expect(await failure(acme.viewer, 'jobEnqueue', { type: 'x' })).toEqual([
      'FORBIDDEN',
      'This needs the permission jobs:write (role MEMBER or above).',
    ]);
  });

  test('once for a key, also when many queue it at once', async () => {
    const input = { type: 'report.render', idempotencyKey: 'report 7', payload: { report: 7 } };
    const made = await Promise.all(Array.from({ length: 4 }, () => write(acme.member, 'jobEnqueue', input)));
    expect(new Set(idsOf(made)).size).toBe(1);
    expect(await write(acme.admin, 'jobEnqueue', { ...input, payload: {} }, 'id payload')).toEqual({
      id: made[0]?.id,
      payload: { report: 7 },
    });
    expect(await refusal(acme.member, 'jobEnqueue', { ...input, type: 'other' })).toEqual(
      conflict('This key belongs to a job of the type report.render.', 'idempotencyKey', null),
    );
    expect((await write(globex.member, 'jobEnqueue', input)).id).not.toBe(made[0]?.id);
  });
});

describe('jobs are claimed by workers without double work', () => {
  test('many parallel claims never give one job twice', async () => {
    const rows = await gateway.sql(
      "insert into jobs (org_id, type) select $1, 'crowd' from generate_series(1, 40) returning 'job_' || id as id",
      [acme.id],
    );
    const all = rows.map(({ id }) => String(id));
    const rounds = await Promise.all(
      Array.from({ length: 12 }, (_, worker) => claim(acme.member, `worker ${worker}`, ['crowd'], { limit: 3 })),
    );
    const given = rounds.flatMap(idsOf);
    expect(new Set(given).size).toBe(given.length);
    const rest = idsOf(await claim(acme.member, 'last', ['crowd'], { limit: 100 }));
    expect([...given, ...rest].sort()).toEqual(all.sort());
    expect(await gateway.sql("select distinct attempt, status from jobs where type = 'crowd'")).toEqual([
      { attempt: 1, status: 'running' },
    ]);
  });

  test('by priority, then by time, of the types that are asked for, when they are due', async () => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const [late, early, urgent] = [
      await enqueue('a', { runAt: at(-1) }),
      await enqueue('b', { runAt: at(-2) }),
      await enqueue('a', { priority: 9 }),
    ];
    await enqueue('a', { priority: 99, runAt: at(5) });
    await enqueue('c', { priority: 99 });
    const claimed = await claim(acme.member, 'w', ['a', 'b'], { limit: 10, leaseSeconds: 30 });
    expect(idsOf(claimed)).toEqual([urgent, early, late]);
    expect(claimed[0]).toMatchObject({ status: 'RUNNING', attempt: 1, lockedBy: 'w' });
    expect(Math.abs(secondsFromNow(claimed[0].lockedUntil) - 30)).toBeLessThan(5);
    expect(await claim(acme.member, 'w', ['a', 'b'])).toEqual([]);
    expect(await claim(globex.member, 'w', ['c'])).toEqual([]);
  });

  test('a job whose lease ran out is taken over, and its worker is told', async () => {
    const id = await enqueue('lease');
    await claim(acme.member, 'first', ['lease']);
    expect(await claim(acme.member, 'second', ['lease'])).toEqual([]);
    await endLease(id);
    const takers = await Promise.all(['second', 'third'].map((name) => claim(acme.member, name, ['lease'])));
    const [[taken]] = takers.filter((jobs) => jobs.length > 0);
    expect([taken.id, taken.attempt, takers.flat().length]).toEqual([id, 2, 1]);
    const { version } = await rowOf(id);
    const worker = { id, workerId: 'first' };
    for (const [mutation, more] of [
      ['jobHeartbeat', {}],
      ['jobComplete', { result: {} }],
      ['jobFail', { error: 'x' }],
    ] as const) {
      expect(await refusal(acme.member, mutation, { ...worker, ...more })).toEqual(
        lost('another worker has it', version),
      );
    }
    expect(await rowOf(id)).toMatchObject({ status: 'running', locked_by: taken.lockedBy, version });
  });

  test('a worker that is lost on the last attempt leaves a dead job', async () => {
    const id = await enqueue('last', { maxAttempts: 1 });
    await claim(acme.member, 'w', ['last']);
    await endLease(id);
    expect(await claim(acme.member, 'w2', ['last'])).toEqual([]);
    expect(await rowOf(id)).toMatchObject({
      ...{ status: 'failed', attempt: 1, locked_by: null, locked_until: null },
      error: 'The worker was lost: its lease ran out on the last attempt.',
    });
  });

  test('a claim that asks for too much is refused', async () => {
    const refused = (more: object) => askForJobs(acme.member, { workerId: 'w', types: ['x'], ...more });
    expect((await refused({ limit: 101 })).data.jobClaim).toEqual({
      jobs: [],
      userErrors: [{ code: 'BAD_USER_INPUT', message: 'limit expects 1 to 100.', path: ['limit'] }],
    });
    expect((await refused({ leaseSeconds: 0 })).data.jobClaim.userErrors).toMatchObject([{ path: ['leaseSeconds'] }]);
    expect((await refused({ workerId: '' })).data.jobClaim.userErrors).toMatchObject([{ path: ['workerId'] }]);
  });
});

describe('a worker', () => {
  test('keeps its job alive, and ends it', async () => {
    const id = await enqueue('whole');
    await claim(acme.member, 'w', ['whole'], { leaseSeconds: 1 });
    const { lockedUntil } = await write(
      acme.member,
      'jobHeartbeat',
      { id, workerId: 'w', leaseSeconds: 600 },
      'lockedUntil',
    );
    expect(secondsFromNow(lockedUntil)).toBeGreaterThan(500);
    expect((await rowOf(id)).version).toBe(2);
    const done = { id, workerId: 'w', result: { pages: 3 }, actualTokens: 1200 };
    const fields = 'status result actualTokens lockedBy lockedUntil finishedAt attempt';
    const { finishedAt, ...job } = await write(acme.member, 'jobComplete', done, fields);
    expect(Math.abs(secondsFromNow(finishedAt))).toBeLessThan(60);
    expect(job).toEqual({
      ...{ status: 'SUCCEEDED', result: { pages: 3 }, actualTokens: 1200 },
      ...{ lockedBy: null, lockedUntil: null, attempt: 1 },
    });
    expect(await refusal(acme.member, 'jobComplete', done)).toEqual(lost('it is succeeded', 3));
  });

  test('that fails leaves the job to be tried again later, until it is dead', async () => {
    const id = await enqueue('fragile', { maxAttempts: 2 });
    const fail = (more: object = {}) =>
      write(acme.member, 'jobFail', { id, workerId: 'w', error: 'Boom', ...more }, 'status error runAt lockedBy');
    await claim(acme.member, 'w', ['fragile']);
    const first = await fail();
    expect(first).toMatchObject({ status: 'QUEUED', error: 'Boom', lockedBy: null });
    expect(secondsFromNow(first.runAt)).toBeGreaterThan(3);
    expect(secondsFromNow(first.runAt)).toBeLessThanOrEqual(10);
    expect(await claim(acme.member, 'w', ['fragile'])).toEqual([]);
    await gateway.sql('update jobs set run_at = now() where id = $1', [uuidOf(id)]);
    await claim(acme.member, 'w', ['fragile']);
    expect(await fail()).toMatchObject({ status: 'FAILED', error: 'Boom' });
    expect(await claim(acme.member, 'w', ['fragile'])).toEqual([]);
    expect(await write(acme.member, 'jobRetry', { id }, 'status attempt finishedAt')).toEqual({
      ...{ status: 'QUEUED', attempt: 0, finishedAt: null },
    });
    await claim(acme.member, 'w', ['fragile']);
    expect(await fail({ retry: false })).toMatchObject({ status: 'FAILED' });
  });

  test('waits twice as long after each attempt, an hour at most, and never at one time with others', () => {
    expect([1, 2, 3, 9, 10, 60].map((attempt) => backoffSeconds(attempt, () => 1))).toEqual([
      10, 20, 40, 2560, 3600, 3600,
    ]);
    expect(backoffSeconds(3, () => 0)).toBe(20);
    expect(new Set(Array.from({ length: 20 }, () => backoffSeconds(5))).size).toBeGreaterThan(10);
  });

  test('is an API key with the scope of jobs, and nothing else', async () => {
    const { made } = await acme.owner.ok(
      'mutation { made: apiKeyCreate(input: { name: "Worker", role: MEMBER, scopes: ["jobs:write"] }) { secret userErrors { code } } }',
    );
    const key = gateway.withKey(made.secret);
    const id = await enqueue('keyed');
    expect(idsOf(await claim(key, 'k', ['keyed']))).toEqual([id]);
    expect((await write(key, 'jobComplete', { id, workerId: 'k' }, 'status')).status).toBe('SUCCEEDED');
    expect((await key.run('{ accounts { totalCount } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('a job', () => {
  test('is called off while it is queued or running, and its worker learns of it', async () => {
    const [queued, running] = [await enqueue('off', { priority: -1 }), await enqueue('off')];
    await claim(acme.member, 'w', ['off']);
    for (const id of [queued, running])
      expect(await write(acme.member, 'jobCancel', { id }, 'status lockedBy')).toEqual({
        status: 'CANCELED',
        lockedBy: null,
      });
    expect(await refusal(acme.member, 'jobHeartbeat', { id: running, workerId: 'w' })).toEqual(
      lost('it is canceled', 3),
    );
    expect(await refusal(acme.member, 'jobCancel', { id: queued })).toEqual(
      conflict('This job is canceled; only one that is queued or running can be canceled.', 'id', 2),
    );
    expect(await refusal(acme.member, 'jobRetry', { id: queued })).toEqual(
      conflict('This job is canceled; only one that is failed can be retried.', 'id', 2),
    );
  });

  test('goes only where its state leads, whoever writes', async () => {
    const id = await enqueue('strict');
    const set = gateway.sql("update jobs set status = 'succeeded' where id = $1", [uuidOf(id)]);
    await expect(set).rejects.toMatchObject({ constraint: 'jobs_status_move' });
    const unheld = gateway.sql("update jobs set status = 'running' where id = $1", [uuidOf(id)]);
    await expect(unheld).rejects.toMatchObject({ constraint: 'jobs_locked_until_check' });
  });

  test('is removed by admins, and not under the hands of its worker', async () => {
    const id = await enqueue('gone');
    await claim(acme.member, 'w', ['gone']);
    expect(await refusal(acme.admin, 'jobDelete', { id })).toEqual(
      conflict('This job is running. Cancel it first.', 'id', 2),
    );
    await write(acme.admin, 'jobCancel', { id });
    expect((await failure(acme.member, 'jobDelete', { id }))[0]).toBe('FORBIDDEN');
    expect(await refusal(globex.admin, 'jobDelete', { id })).toMatchObject([{ code: 'NOT_FOUND' }]);
    await write(acme.admin, 'jobDelete', { id });
    expect(await rowOf(id)).toBeUndefined();
  });
});
