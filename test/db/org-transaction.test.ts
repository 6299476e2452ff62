import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/auth/scope.ts';
import { Rollback } from '../../src/db/org-transaction.ts';
import type { GuardedPool } from '../../src/db/pool.ts';
import { UnknownUserError } from '../../src/db/postgres-errors.ts';
import { callerOf, configWith, openDoor } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

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
  door = openDoor(gateway.database.pool, gateway.config);
  member = callerOf(acme);
});
afterAll(async () => {
  await door.close();
  await gateway.close();
});
afterEach(async () => {
  const { pool } = gateway.database;
  expect([pool.idleCount, pool.waitingCount]).toEqual([pool.totalCount, 0]);
  const settings = "nullif(current_setting('app.org_id', true), '') as org, nullif(current_setting('app.user_id', true), '') as person";
  const { rows } = await pool.query(`select current_user = session_user as own, ${settings}`);
  expect(rows).toEqual([{ own: true, org: null, person: null }]);
});

const count = async (name: string): Promise<unknown> => (await gateway.sql('select count(*)::int as n from accounts where name = $1', [name]))[0]?.['n'];

test('a member works as the role gateway, in the context of the organization', async () => {
  const { scope, row } = await door.write(member, async ({ db, scope }) => {
    const [row] = await db.$queryRaw<object[]>`select current_user::text as role, app.org_id()::text as org, app.user_id()::text as person,
      app.role() as "memberRole", current_setting('app.request_id') as request, current_setting('transaction_read_only') as "readOnly"`;
    return { scope, row };
  });
  const person = acme.people.member.id;
  expect(row).toEqual({ role: 'gateway', org: acme.id, person, memberRole: 'member', request: 'test', readOnly: 'off' });
  expect(scope).toEqual({ orgId: acme.id, userId: person, apiKeyId: null, role: 'member', plan: 'free', extra: [], keyScopes: null });
  expect(Object.isFrozen(scope)).toBe(true);
});

const refusals = async (caller: Caller): Promise<unknown> => {
  let worked = false;
  const entering = door.read(caller, async () => {
    worked = true;
  });
  const error = await entering.then(() => null, (thrown: unknown) => thrown);
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

test('a transaction has one caller: it cannot be entered again, nor given another', async () => {
  const { id } = acme.people.member;
  await gateway.sql('insert into org_members (org_id, user_id) values ($1, $2)', [globex.id, id]);
  const again = door.write(member, ({ db }) => db.$queryRaw`select * from app.enter(${id}::uuid, ${globex.id}, null, '{}')`);
  await expect(again).rejects.toThrow('this transaction already has a caller');
  const direct = door.write(member, ({ db }) => db.$queryRaw`select app.set_caller(${globex.id}::uuid, null, null, 'owner', '{}')::text`);
  await expect(direct).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a query cannot write', async () => {
  const writing = door.read(member, ({ db }) => db.account.create({ data: { name: 'read only' } }));
  await expect(writing).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'The database is read-only at the moment.' });
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
    const results = await Promise.allSettled([db.$queryRaw`select 'x'::text::int`, db.account.count(), db.contact.count()]);
    const reason = results.findLast((result) => result.status === 'rejected')?.reason;
    throw reason;
  });
  await expect(failing).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'A value does not fit its column.' });
});

const fails = (where: string, times: number) => gateway.sql(`
  create sequence if not exists tries; alter sequence tries restart; grant usage on sequence tries to gateway;
  create or replace function app.fail() returns trigger language plpgsql as $$ begin
    if nextval('tries') <= ${times} then raise exception 'conflict' using errcode = '40001'; end if; return null; end $$;
  grant execute on function app.fail() to gateway, gateway_owner;
  drop trigger if exists fail on accounts;
  create constraint trigger fail after insert on accounts ${where} for each row execute function app.fail()`);

const insertModel = async ({ db }: { db: typeof door.prisma | Parameters<Parameters<typeof door.write>[1]>[0]['db'] }, name: string) => {
  await db.account.create({ data: { name }, select: { id: true } });
};
const insertRaw = async ({ db }: Parameters<Parameters<typeof door.write>[1]>[0], name: string) => {
  await db.$executeRaw`insert into accounts (name) values (${name})`;
};

const shapes = [
  { shape: 'a model call (P2034)', when: '', insert: insertModel, error: { code: 'P2034' } },
  { shape: 'a raw call (P2010)', when: '', insert: insertRaw, error: { code: 'P2010' } },
  { shape: 'COMMIT (a bare driver error)', when: 'deferrable initially deferred', insert: insertModel, error: { name: 'DriverAdapterError', cause: { kind: 'TransactionWriteConflict' } } },
] as const;

for (const { shape, when, insert, error } of shapes) {
  test(`a conflict at ${shape} is recognized, and the whole runs again, three times at most`, async () => {
    await fails(when, 99);
    const bare = door.prisma.$transaction(async (db) => {
      await db.$executeRaw`select set_config('app.org_id', ${acme.id}, true)`;
      await db.$executeRaw`set local role gateway_service`;
      await insert({ db } as never, shape);
    });
    await expect(bare).rejects.toMatchObject(error);

    await fails(when, 2);
    const before = { ...door.events };
    await door.write(member, (tx) => insert(tx, shape));
    expect(await count(shape)).toBe(1);
    expect(door.events).toEqual({ committed: before.committed + 1, rolledBack: before.rolledBack + 2, retried: before.retried + 2 });

    await fails(when, 3);
    await expect(door.write(member, (tx) => insert(tx, `${shape}!`))).rejects.toMatchObject({ code: 'CONFLICT', message: 'Somebody changed the same rows. Try again.' });
    expect(await count(`${shape}!`)).toBe(0);
    expect(door.events.retried).toBe(before.retried + 4);
    await gateway.sql('drop trigger fail on accounts');
  });
}

test('a conflict inside a mutation runs the whole document again', async () => {
  await fails('', 2);
  const { accountCreate } = await acme.member.ok('mutation { accountCreate(input: {name: "again"}) { account { name } userErrors { code } } }');
  expect(accountCreate).toEqual({ account: { name: 'again' }, userErrors: [] });
  expect(await count('again')).toBe(1);
  await gateway.sql('drop trigger fail on accounts');
});

test('nothing but a conflict is tried again, and not beyond the time a transaction has', async () => {
  let tries = 0;
  const broken = door.write(member, ({ db }) => {
    tries++;
    return db.contact.create({ data: { fullName: '' } });
  });
  await expect(broken).rejects.toMatchObject({ code: 'BAD_USER_INPUT', path: ['fullName'] });
  expect(tries).toBe(1);

  await fails('', 99);
  const hasty = openDoor(gateway.database.pool, configWith({ STATEMENT_TIMEOUT_MS: '500', TRANSACTION_TIMEOUT_MS: '700', ...(onServer ? { DATABASE_URL: 'postgres://x' } : {}) }));
  const slow = hasty.write(member, async (tx) => {
    await tx.db.$queryRaw`select pg_sleep(0.4)::text`;
    await insertModel(tx, 'hasty');
  });
  await expect(slow).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(hasty.events.retried).toBe(1);
  await hasty.close();
  await gateway.sql('drop trigger fail on accounts');
});
