import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/auth/scope.ts';
import type { Db } from '../../src/db/client.ts';
import { Prisma } from '../../src/db/generated/prisma/client.ts';
import { Rollback } from '../../src/db/org-transaction.ts';
import type { GuardedPool } from '../../src/db/pool.ts';
import { UnknownUserError } from '../../src/db/postgres-errors.ts';
import { callerOf, configWith, enter, openDoor, rightsOfGateway } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { enters } from '../support/wire.ts';

const onServer = inject('template').kind === 'server';
let gateway: Gateway;
let acme: Org;
let globex: Org;
let door: ReturnType<typeof openDoor>;
let member: Caller;

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '2' });
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  door = openDoor(gateway.database, gateway.config);
  member = callerOf(acme);
});
afterAll(async () => {
  await door.close();
  await gateway.close();
});
afterEach(async () => {
  const { pool } = gateway.database;
  expect([pool.idleCount, pool.waitingCount]).toEqual([pool.totalCount, 0]);
  const settings = "nullif(current_setting('app.context', true), '') as context";
  const { rows } = await pool.query(`select current_user = session_user as own, ${settings}`);
  expect(rows).toEqual([{ own: true, context: null }]);
});

const count = async (name: string): Promise<unknown> =>
  (await gateway.sql('select count(*)::int as n from accounts where name = $1', [name]))[0]?.n;

test("row policies use the caller's role and organization: a member works as the role gateway, in that context", async () => {
  const { scope, row } = await door.write(member, async ({ db, scope }) => {
    const [row] = await db.$queryRaw<
      object[]
    >`select (${Prisma.raw(rightsOfGateway)}) as role, app.org_id()::text as org, app.user_id()::text as person,
      app.role() as "memberRole", app.request() ->> 'id' as request, current_setting('transaction_read_only') as "readOnly"`;
    return { scope, row };
  });
  const person = acme.people.member.id;
  expect(row).toEqual({
    role: 'gateway',
    org: acme.id,
    person,
    memberRole: 'member',
    request: 'test',
    readOnly: 'off',
  });
  expect(scope).toEqual({
    orgId: acme.id,
    userId: person,
    apiKeyId: null,
    role: 'member',
    plan: 'free',
    extra: [],
    keyScopes: null,
  });
  expect(Object.isFrozen(scope)).toBe(true);
});

const refusals = async (caller: Caller): Promise<unknown> => {
  let worked = false;
  const entering = door.read(caller, async () => {
    worked = true;
  });
  const error = await entering.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(worked).toBe(false);
  return error;
};

test('an organization of others and one that does not exist are the same answer, and nothing runs', async () => {
  const answer = { code: 'FORBIDDEN', message: 'You are not a member of this organization, or it does not exist.' };
  for (const wantedOrg of [globex.id, globex.slug, randomUUID(), 'nowhere', "'; reset role; --"]) {
    expect(await refusals({ ...member, wantedOrg } as Caller)).toMatchObject(answer);
    expect(await refusals({ ...member, wantedOrg: null, claimedOrg: wantedOrg } as Caller)).toMatchObject(answer);
  }
});

test('a removed member and a member of a deleted organization do not enter', async () => {
  const gone = await gateway.organization('gone');
  await gateway.sql("update org_members set status = 'removed' where org_id = $1 and role = 'viewer'", [gone.id]);
  expect(await refusals(callerOf(gone, 'viewer'))).toMatchObject({ code: 'FORBIDDEN' });
  await gateway.sql('update organizations set deleted_at = now() where id = $1', [gone.id]);
  expect(await refusals(callerOf(gone, 'member'))).toMatchObject({ code: 'FORBIDDEN' });
});

test('a disabled person does not enter, and one who has never signed in is told apart', async () => {
  const off = await gateway.organization('off');
  await gateway.sql('update users set is_active = false where id = $1', [off.people.member.id]);
  expect(await refusals(callerOf(off))).toMatchObject({ code: 'FORBIDDEN', message: 'This account is disabled.' });
  expect(await refusals({ ...member, userId: randomUUID() } as Caller)).toBeInstanceOf(UnknownUserError);
});

/** What the transaction runner would send to enter as another caller, in the role that is taken already. */
const enterAgain = (db: Db, caller: Caller) =>
  enter((text, values) => (enters(text) ? db.$queryRawUnsafe(text, ...values) : Promise.resolve()), gateway, caller);

test('a transaction has one caller: it cannot be entered again, nor given another', async () => {
  const { id } = acme.people.member;
  await gateway.sql('insert into org_members (org_id, user_id) values ($1, $2)', [globex.id, id]);
  const again = door.write(member, ({ db }) => enterAgain(db, { ...member, wantedOrg: globex.id } as Caller));
  await expect(again).rejects.toThrow('this transaction already has a caller');
  const direct = door.write(
    member,
    ({ db }) =>
      db.$queryRaw`select app.write_context(${globex.id}::uuid, null, null, 'owner', null, null, null, null)::text`,
  );
  await expect(direct).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a query cannot write', async () => {
  const writing = door.read(member, ({ db }) => db.account.create({ data: { name: 'read only' } }));
  await expect(writing).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'The database is read-only at the moment.',
  });
  expect(await count('read only')).toBe(0);
});

test('work that throws, or that rolls back with an answer, leaves nothing', async () => {
  const before = { ...door.events };
  const make = (result: Error | Rollback<string>) =>
    door.write(member, async ({ db }) => {
      await db.account.create({ data: { name: 'never' } });
      throw result;
    });
  await expect(make(new TypeError('a bug'))).rejects.toThrow('a bug');
  expect(await make(new Rollback('an answer'))).toBe('an answer');
  expect(await count('never')).toBe(0);
  expect(door.events).toEqual({ ...before, rolledBack: before.rolledBack + 2 });
});

test('the first failure of a transaction is the one told, not what followed from it', async () => {
  const failing = door.read(member, async ({ db }) => {
    await db.$queryRaw`select 'x'::text::int`.catch(() => {});
    await db.account.count();
  });
  await expect(failing).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'A value does not fit its column.' });
});

if (onServer) {
  test('a statement that takes too long ends as TIMEOUT, and its connection is used again', async () => {
    const hasty = openDoor(gateway.database, configWith({ STATEMENT_TIMEOUT_MS: '150' }));
    const { destroyed } = gateway.database.pool.events;
    const slow = hasty.read(member, ({ db }) => db.$queryRaw`select pg_sleep(2)::text`);
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT', message: 'The database took too long.' });
    expect(gateway.database.pool.events.destroyed).toBe(destroyed);
    await hasty.close();
  });

  test('waiting for a lock of another transaction ends as TIMEOUT', async () => {
    const { id } = await door.write(member, ({ db }) => db.account.create({ data: { name: 'locked' } }));
    const hasty = openDoor(gateway.database, configWith({ STATEMENT_TIMEOUT_MS: '150' }));
    await door.write(member, async ({ db }) => {
      await db.account.updateMany({ where: { id }, data: { phone: '1' } });
      const second = hasty.write(member, (tx) => tx.db.account.updateMany({ where: { id }, data: { phone: '2' } }));
      await expect(second).rejects.toMatchObject({ code: 'TIMEOUT' });
    });
    expect(await gateway.sql('select phone from accounts where id = $1', [id])).toEqual([{ phone: '1' }]);
    await hasty.close();
  });
}

test('statement, transaction and request time-outs must grow in this order', () => {
  expect(() => configWith({ STATEMENT_TIMEOUT_MS: '8000' })).toThrow(
    'STATEMENT_TIMEOUT_MS must be below TRANSACTION_TIMEOUT_MS',
  );
  expect(() => configWith({ TRANSACTION_TIMEOUT_MS: '12000' })).toThrow('and that below REQUEST_TIMEOUT_MS');
  const { statementMs, transactionMs, requestMs } = configWith({}).timeouts;
  expect([statementMs < transactionMs, transactionMs < requestMs]).toEqual([true, true]);
});

test('mixed work of two organizations, with errors in between, never gets an answer of another', async () => {
  const ends = Date.now() + 6_000;
  const saved = { [acme.id]: 0, [globex.id]: 0 };
  let [jobs, failed] = [0, 0];
  const ids = new Map<string, string[]>();
  for (const org of [acme, globex]) {
    const rows = await door.write(callerOf(org), ({ db }) =>
      db.account.createManyAndReturn({ data: Array.from({ length: 5 }, (_, n) => ({ name: `soak ${n}` })) }),
    );
    ids.set(
      org.id,
      rows.map(({ id }) => id),
    );
  }
  const job = async (org: Org, kind: number): Promise<void> => {
    const id = ids.get(org.id)?.[kind % 5] ?? '';
    if (kind < 5) {
      const [row, rows] = await door.read(callerOf(org), ({ db }) =>
        Promise.all([
          db.account.findFirst({ where: { id } }),
          db.account.findMany({ where: { name: { startsWith: 'soak' } } }),
        ]),
      );
      expect([row?.id, row?.orgId]).toEqual([id, org.id]);
      expect(new Set(rows.map(({ orgId }) => orgId))).toEqual(new Set([org.id]));
    } else if (kind < 7) {
      await door.write(callerOf(org), ({ db }) => db.account.create({ data: { name: 'saved in the soak' } }));
      saved[org.id] = (saved[org.id] ?? 0) + 1;
    } else {
      const broken = door.write(callerOf(org), async ({ db }) => {
        await db.account.create({ data: { name: 'lost in the soak' } });
        await Promise.all([
          db.account.count(),
          kind === 7 ? db.$queryRaw`select 1 / 0` : db.contact.create({ data: { fullName: '' } }),
          db.account.count(),
        ]);
      });
      await expect(broken).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      failed++;
    }
    jobs++;
  };
  const worker = async (seed: number): Promise<void> => {
    for (let step = seed; Date.now() < ends; step++) await job(step % 2 ? acme : globex, (step * 7) % 9);
  };
  await Promise.all(Array.from({ length: 8 }, (_, seed) => worker(seed)));
  expect([jobs > 50, failed > 10]).toEqual([true, true]);
  const counts = await gateway.sql(
    "select org_id, count(*)::int as n from accounts where name = 'saved in the soak' group by 1",
  );
  expect(Object.fromEntries(counts.map((row) => [row.org_id, row.n]))).toEqual(saved);
  expect(await count('lost in the soak')).toBe(0);
  expect(gateway.database.pool.events.destroyed).toBe(0);
});

test('a transaction that began without its context does not work at all', async () => {
  const unguarded = new pg.Pool(gateway.database.pool.options);
  const open = openDoor({ pool: unguarded as GuardedPool, proofs: gateway.database.proofs }, gateway.config);
  let worked = false;
  const entering = open.read(member, async () => {
    worked = true;
  });
  await expect(entering).rejects.toThrow('The transaction began without its context.');
  expect(worked).toBe(false);
  await open.close();
  await unguarded.end();
});
