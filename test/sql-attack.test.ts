/**
 * Hostile SQL in a transaction that a viewer has entered: it meets no row of another organization, gains no role, and what
 * is written names who wrote it. Through the pool on both databases; on a server also past the pool, on a bare connection of
 * the login of requests.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Db } from '../src/db/client.ts';
import { type Attack, insideOneCommand, otherCommands } from './support/attacks.ts';
import { makeRows, readTables } from './support/catalog.ts';
import { callerOf, enter, openDoor } from './support/door.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';

const onServer = inject('template').kind === 'server';
let gateway: Gateway;
let acme: Org;
let globex: Org;
let door: ReturnType<typeof openDoor>;
let tables: string[];
let seals: Readonly<Record<'theirSeal' | 'bossSeal', string>>;
let before: unknown;

type Send = (text: string) => Promise<readonly object[]>;

const sealOf = (org: Org): Promise<string> =>
  door.read(callerOf(org, 'owner'), async ({ db }) => {
    const [row] = await db.$queryRaw<{ seal: string }[]>`select current_setting('app.context') as seal`;
    return row?.seal ?? '';
  });

/** Everything of the other organization, and who may do what in either. */
async function state(): Promise<unknown> {
  const parts = tables.map(
    (name) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as print from ${name} t where org_id = '${globex.id}'`,
  );
  const members = `select org_id, user_id, role, permissions, status from org_members order by org_id, user_id`;
  const roles = `select rolname, rolsuper, rolbypassrls from pg_roles where rolname like 'gateway%' order by 1`;
  const keys = 'select count(*)::int as n, max(generation) as last from app.mac_keys';
  return Promise.all([parts.join(' union all '), members, roles, keys].map((text) => gateway.sql(text)));
}

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '2' });
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  const all = await readTables(gateway.sql);
  tables = all.filter(({ ofTenant }) => ofTenant).map(({ name }) => name);
  await makeRows(gateway.sql, all, acme.id, 'acmecanary');
  await makeRows(gateway.sql, all, globex.id, 'globexcanary');
  door = openDoor(gateway.database, gateway.config);
  seals = { theirSeal: await sealOf(globex), bossSeal: await sealOf(acme) };
  before = await state();
}, 120_000);
afterAll(async () => {
  await door.close();
  await gateway.close();
});

const filled = (sql: string): string => {
  const values: Readonly<Record<string, string>> = {
    own: acme.id,
    other: globex.id,
    me: acme.people.viewer.id,
    victim: globex.people.owner.id,
    boss: acme.people.owner.id,
    ...seals,
  };
  return sql.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
};

/** What came of statements: rows as text, or the error. Goes on after an error, as far as the connection does. */
async function outcomes(send: Send, statements: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const statement of statements) {
    const outcome = await send(filled(statement)).then(JSON.stringify, (error: Error) => `error: ${error.message}`);
    found.push(outcome);
  }
  return found;
}

const probes = [
  `select count(*)::int as foreign_rows from accounts where org_id <> '{own}'`,
  `select id::text from users where id <> '{me}'`,
  `insert into accounts (org_id, name) values ('{other}', 'attack') returning name`,
  `update accounts set name = 'attack' where org_id = '{other}' returning name`,
  `insert into accounts (name) values ('gained') returning name`,
  `select 1 as powers where pg_has_role(current_user, 'gateway_service', 'member') or pg_has_role(current_user, 'gateway_owner', 'member')`,
];

/** What must not have come of an attack. */
const isHarm = (outcome: string): boolean =>
  !outcome.startsWith('error: ') &&
  (/globexcanary|"powers"|"name":"(attack|gained)"/.test(outcome) || /"foreign_rows":[1-9]/.test(outcome));

async function attackedBy({ sql }: Attack, send: Send): Promise<string[]> {
  const all = await outcomes(send, [...sql, ...probes]);
  return all.filter(isHarm);
}

const throughPool = (attack: Attack, readOnly: boolean): Promise<string[]> =>
  door[readOnly ? 'read' : 'write'](callerOf(acme, 'viewer'), ({ db }) =>
    attackedBy(attack, (text) => db.$queryRawUnsafe<object[]>(text)),
  ).catch((error: Error) => [`error: ${error.message}`].filter(isHarm));

describe('through the pool', () => {
  test('the corpus is large, and its statements are not refused for their spelling', async () => {
    expect(insideOneCommand.length + otherCommands.length).toBeGreaterThan(100);
    const spoilt = await Promise.all(
      insideOneCommand.map(({ sql }) =>
        gateway.sql(`explain ${filled(sql[0] ?? '')}`).then(
          () => null,
          ({ code, message }) => (code === '42601' ? message : null),
        ),
      ),
    );
    expect(spoilt.filter(Boolean)).toEqual([]);
  });

  test.each(insideOneCommand)('$name', async (attack) => {
    expect(await throughPool(attack, true)).toEqual([]);
    expect(await throughPool(attack, false)).toEqual([]);
  });

  test.each(otherCommands)('$name is not sent', async ({ sql: [first = ''] }) => {
    const refused = door.write(callerOf(acme, 'viewer'), ({ db }: { db: Db }) => db.$executeRawUnsafe(filled(first)));
    await expect(refused).rejects.toThrow(
      /Not a command that reads or writes rows|multiple commands|permission denied|syntax error|may not do this/,
    );
    expect(await throughPool({ name: '', sql: [first] }, false)).toEqual([]);
  });
});

if (onServer) {
  describe('past the pool, as the login of requests', () => {
    test.each([...insideOneCommand, ...otherCommands])('$name', async (attack) => {
      const client = new pg.Client({ connectionString: gateway.config.database.url });
      await client.connect();
      try {
        await client.query('begin');
        await enter((text, values) => client.query(text, values), gateway, callerOf(acme, 'viewer'));
        const send: Send = async (text) => {
          await client.query('savepoint before').catch(() => {});
          try {
            const results = [await client.query(text)].flat();
            return results.flatMap(({ rows }) => rows);
          } catch (error) {
            await client.query('rollback to savepoint before').catch(() => {});
            throw error;
          }
        };
        expect(await attackedBy(attack, send)).toEqual([]);
        await client.query('commit').catch(() => {});
      } finally {
        await client.end();
      }
    });

    test('a seal counts for nothing in the next transaction of the same connection', async () => {
      const client = new pg.Client({ connectionString: gateway.config.database.url });
      await client.connect();
      const names = async () => (await client.query('select name from accounts')).rows;
      await client.query('begin');
      await enter((text, values) => client.query(text, values), gateway, callerOf(acme, 'viewer'));
      const { rows } = await client.query("select current_setting('app.context') as seal");
      expect(await names()).not.toEqual([]);
      await client.query('commit; begin; set local role gateway');
      await client.query(`set local app.context = ${pg.escapeLiteral(rows[0].seal)}`);
      expect(await names()).toEqual([]);
      await client.end();
    });
  });
}

describe('afterwards', () => {
  test('nothing of the other organization, no membership, no role and no key has changed', async () => {
    expect(await state()).toEqual(before);
  });

  test('the trail and the log of changes name the true person, whatever a member claims', async () => {
    const member = callerOf(acme, 'member');
    const claims = [
      "select set_config('app.user_id', '{boss}', true)",
      "select set_config('app.last_change', '{own} 999999', true)",
      "select set_config('app.context', replace(current_setting('app.context'), '{me}', '{boss}'), true)",
    ];
    for (const [index, claim] of claims.entries()) {
      const statement = `with claim as materialized (${filled(claim)}) insert into accounts (name) select 'by member ' || ${index} || left(coalesce((select 'x' from claim), ''), 0)`;
      await door.write(member, ({ db }) => db.$executeRawUnsafe(statement)).catch(() => {});
      await door.write(member, ({ db }) => db.account.create({ data: { name: `after ${index}` } }));
    }
    const trail = await gateway.sql(
      "select distinct user_id from audit_logs where org_id = $1 and entity_type = 'account' and changes ->> 'name' ~ 'by member|after [0-9]'",
      [acme.id],
    );
    expect(trail).toEqual([{ user_id: acme.people.member.id }]);
    const gaps = await gateway.sql(
      'select count(*)::int - max(seq)::int as gaps from change_events where org_id = $1',
      [acme.id],
    );
    expect(gaps).toEqual([{ gaps: 0 }]);
  });

  test('an old seal and an old proof are believed after one renewal of the keys, and no longer', async () => {
    const read = () => door.read(callerOf(acme, 'viewer'), ({ db }) => db.account.count());
    const count = await read();
    for (let time = 0; time < 15; time++) expect(await read()).toBe(count);
    for (let renewal = 0; renewal < 3; renewal++) {
      await gateway.sql('select app.renew_mac_keys()');
      // More often than Postgres takes to keep a plan.
      for (let time = 0; time < 15; time++) expect(await read()).toBe(count);
    }
    expect(
      await gateway.sql('select purpose, count(*)::int as n from app.mac_keys group by purpose order by 1'),
    ).toEqual([
      { purpose: 'entry', n: 2 },
      { purpose: 'seal', n: 2 },
    ]);
    const answer = await acme.viewer.ok('{ accounts { totalCount } }');
    expect(answer.accounts.totalCount).toBe(count);
  });
});
