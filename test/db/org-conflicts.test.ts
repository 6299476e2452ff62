import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/auth/scope.ts';
import type { Db } from '../../src/db/client.ts';
import { GuardedPool } from '../../src/db/pool.ts';
import { isRetryable } from '../../src/db/postgres-errors.ts';
import { callerOf, configWith, enter, openDoor } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

const onServer = inject('template').kind === 'server';
let gateway: Gateway;
let acme: Org;
let door: ReturnType<typeof openDoor>;
let member: Caller;

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '4' });
  acme = await gateway.organization('acme');
  door = openDoor(gateway.database, gateway.config);
  member = callerOf(acme);
});
afterAll(async () => {
  await door.close();
  await gateway.close();
});

const count = async (name: string): Promise<unknown> =>
  (await gateway.sql('select count(*)::int as n from accounts where name = $1', [name]))[0]?.n;

const fails = (where: string, times: number) =>
  gateway.sql(`
  create sequence if not exists tries; alter sequence tries restart; grant usage on sequence tries to gateway, gateway_service;
  create or replace function app.fail() returns trigger language plpgsql as $$ begin
    if nextval('tries') <= ${times} then raise exception 'conflict' using errcode = '40001'; end if; return null; end $$;
  drop trigger if exists fail on accounts;
  create constraint trigger fail after insert on accounts ${where} for each row execute function app.fail()`);

const insertModel = (db: Db, name: string): Promise<unknown> =>
  db.account.create({ data: { name }, select: { id: true } });
const insertRaw = (db: Db, name: string): Promise<unknown> =>
  db.$executeRaw`insert into accounts (name) values (${name})`;

const shapes = [
  { shape: 'a model call (P2034)', when: '', insert: insertModel, error: { code: 'P2034' } },
  { shape: 'a raw call (P2010)', when: '', insert: insertRaw, error: { code: 'P2010' } },
  {
    shape: 'COMMIT (a bare driver error)',
    when: 'deferrable initially deferred',
    insert: insertModel,
    error: { name: 'DriverAdapterError', cause: { kind: 'TransactionWriteConflict' } },
  },
] as const;

for (const { shape, when, insert, error } of shapes) {
  test(`a conflict at ${shape} is recognized, and the whole runs again, three times at most`, async () => {
    await fails(when, 99);
    const bare = door.prisma.$transaction(async (db) => {
      await enter((text, values) => db.$executeRawUnsafe(text, ...values), gateway, member);
      await insert(db, shape);
    });
    const thrown = await bare.catch((reason: unknown) => reason);
    expect(thrown).toMatchObject(error);
    expect(isRetryable(thrown)).toBe(true);

    await fails(when, 2);
    const before = { ...door.events };
    await door.write(member, ({ db }) => insert(db, shape));
    expect(await count(shape)).toBe(1);
    expect(door.events).toEqual({
      committed: before.committed + 1,
      rolledBack: before.rolledBack + 2,
      retried: before.retried + 2,
    });

    await fails(when, 3);
    await expect(door.write(member, ({ db }) => insert(db, `${shape}!`))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Somebody changed the same rows. Try again.',
    });
    expect(await count(`${shape}!`)).toBe(0);
    expect(door.events.retried).toBe(before.retried + 4);
    await gateway.sql('drop trigger fail on accounts');
  });
}

test('a conflict inside a mutation runs the whole document again', async () => {
  await fails('', 2);
  const { accountCreate } = await acme.member.ok(
    'mutation { accountCreate(input: {name: "again"}) { account { name } userErrors { code } } }',
  );
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
  const hasty = openDoor(gateway.database, configWith({ STATEMENT_TIMEOUT_MS: '500', TRANSACTION_TIMEOUT_MS: '700' }));
  const slow = hasty.write(member, async ({ db }) => {
    await db.$queryRaw`select pg_sleep(0.4)::text`;
    await insertModel(db, 'hasty');
  });
  await expect(slow).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(hasty.events.retried).toBe(1);
  await hasty.close();
  await gateway.sql('drop trigger fail on accounts');
});

/** Lets nobody on before so many have come; whoever comes later passes. */
function meeting(size: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let come = 0;
  return () => {
    if (++come === size) open();
    return opened;
  };
}

if (onServer) {
  test('two transactions that lock each other out both end well', async () => {
    const rows = await door.write(member, ({ db }) =>
      db.account.createManyAndReturn({ data: [{ name: 'left' }, { name: 'right' }] }),
    );
    const [left, right] = rows.map(({ id }) => id);
    const before = door.events.retried;
    const together = meeting(2);
    const cross = (first: string | undefined, second: string | undefined) =>
      door.write(member, async ({ db }) => {
        await db.account.updateMany({ where: { id: first ?? '' }, data: { phone: '1' } });
        await together();
        await db.account.updateMany({ where: { id: second ?? '' }, data: { email: 'both@x.example' } });
      });
    await Promise.all([cross(left, right), cross(right, left)]);
    expect(door.events.retried).toBe(before + 1);
    const saved = await gateway.sql('select phone, email, version from accounts where id = any ($1)', [[left, right]]);
    expect(saved).toEqual(Array(2).fill({ phone: '1', email: 'both@x.example', version: 3 }));
  });

  test('write skew under serializable isolation is refused by Postgres, and the second try sees the first', async () => {
    const options = {
      connectionString: gateway.config.database.url,
      options: '-c default_transaction_isolation=serializable',
      max: 2,
    };
    const pool = new GuardedPool(options);
    const strict = openDoor({ pool, proofs: gateway.database.proofs }, gateway.config);
    const together = meeting(2);
    const atMostOne = (name: string) =>
      strict.write(member, async ({ db }) => {
        const found = await db.account.count({ where: { name: { startsWith: 'on duty' } } });
        await together();
        if (found === 0) await insertModel(db, `on duty ${name}`);
      });
    await Promise.all([atMostOne('a'), atMostOne('b')]);
    expect(strict.events.retried).toBe(1);
    expect(await gateway.sql("select count(*)::int as n from accounts where name like 'on duty%'")).toEqual([{ n: 1 }]);
    await strict.close();
    await pool.end();
  });
}
