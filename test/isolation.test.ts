/**
 * Two organizations with the same data, at the level of SQL: whatever a transaction of one does, with the rights of its
 * owner, it neither sees nor touches a row of the other. Over all tables of the catalog; a new one is covered by itself.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRows, type Row, readTables, type Table } from './support/catalog.ts';
import { callerOf, enter } from './support/door.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let tables: readonly Table[];
let ofAcme: ReadonlyMap<string, Row>;
let ofGlobex: ReadonlyMap<string, Row>;
let untouched: ReadonlyMap<string, unknown>;

/** Everything about the rows of globex, down to the transaction that wrote them. */
async function fingerprints(): Promise<Map<string, unknown>> {
  const prints = new Map<string, unknown>();
  for (const { name, ofTenant } of tables) {
    const own = ofTenant ? `org_id = '${globex.id}'` : 'true';
    const [row] = await gateway.sql(
      `select count(*)::int as rows, md5(string_agg(xmin::text || t::text, '|' order by t::text)) as print from ${name} t where ${own}`,
    );
    prints.set(name, row);
  }
  return prints;
}

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  tables = await readTables(gateway.sql);
  ofAcme = await makeRows(gateway.sql, tables, acme.id, 'acmecanary');
  ofGlobex = await makeRows(gateway.sql, tables, globex.id, 'globexcanary');
  untouched = await fingerprints();
});
afterAll(() => gateway.close());

/** What a statement did: its rows, or the error's SQLSTATE and constraint. */
type Outcome =
  | { readonly rows: Row[]; readonly count: number }
  | { readonly code: string; readonly constraint: string | undefined };
type Ask = (text: string, values?: readonly unknown[]) => Promise<Outcome>;

async function outcomeOf(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<Outcome> {
  await client.query('savepoint before');
  try {
    const { rows, rowCount } = await client.query(text, [...values]);
    return { rows, count: rowCount ?? 0 };
  } catch (error) {
    await client.query('rollback to savepoint before');
    const { code = '', constraint } = error as pg.DatabaseError;
    return { code, constraint };
  }
}

/** Does something as the owner of acme, and commits it. */
async function asAcme(work: (ask: Ask) => Promise<void>): Promise<void> {
  const client = await gateway.database.pool.connect();
  try {
    await client.query('begin');
    await enter((text, values) => client.query(text, values), gateway, callerOf(acme, 'owner'));
    await work((text, values = []) => outcomeOf(client, text, values));
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

const ofTenants = (): Table[] => tables.filter(({ ofTenant }) => ofTenant);
const theirs = (table: Table): Row => ofGlobex.get(table.name) ?? {};
const mine = (table: Table): Row => ofAcme.get(table.name) ?? {};
const canHoldText = ({ columns }: Table): boolean =>
  columns.some(({ type, values, hasDefault, checked }) => type === 'text' && !values && !(hasDefault && checked));
const columnsOf = (table: Table): string[] => table.columns.map(({ name }) => name);

/** Whether a statement met no row, or was forbidden. */
const isNothing = (outcome: Outcome): boolean => ('code' in outcome ? outcome.code === '42501' : outcome.count === 0);

test('each organization has a row with its canary in every table that can hold one', async () => {
  expect(ofTenants().length).toBeGreaterThanOrEqual(90);
  const without = ofTenants().filter((table) => !JSON.stringify(theirs(table)).includes('globex'));
  // What triggers and the organization's making wrote has no text of ours.
  expect(without.filter(canHoldText).map(({ name }) => name)).toEqual(['change_events', 'subscriptions']);
  expect(ofTenants().filter((table) => mine(table).org_id !== acme.id || theirs(table).org_id !== globex.id)).toEqual(
    [],
  );
});

test("reading, even through a buggy resolver: all rows of its own, none of another org's, by any condition", async () => {
  const seen: string[] = [];
  const missing: string[] = [];
  await asAcme(async (ask) => {
    for (const table of ofTenants()) {
      const all = await ask(`select t::text as text, org_id from ${table.name} t`);
      const text = JSON.stringify(all);
      if ('code' in all || text.includes('globexcanary') || all.rows.some(({ org_id }) => org_id !== acme.id))
        seen.push(table.name);
      if (!text.includes(String(mine(table).id))) missing.push(table.name);
      for (const condition of [
        'org_id = $1',
        'id = $2',
        'org_id = $1 or id = $2 or true and org_id <> $3',
        "t::text like '%globex%' and (org_id = $1 or id = $2 or org_id <> $3)",
      ]) {
        const where = condition
          .replace('$1', `'${globex.id}'`)
          .replace('$2', `'${String(theirs(table).id)}'`)
          .replace('$3', `'${acme.id}'`);
        if (!isNothing(await ask(`select 1 from ${table.name} t where ${where}`)))
          seen.push(`${table.name}: ${condition}`);
      }
    }
  });
  expect({ seen, missing }).toEqual({ seen: [], missing: [] });
});

test('what proves a secret is not read, not even of its own organization', async () => {
  const hidden = await gateway.sql(
    "select tgrelid::regclass::text as name from pg_trigger where tgname = 'stash_secret' order by 1",
  );
  expect(hidden.map(({ name }) => name)).toEqual([
    'api_keys',
    'integration_credentials',
    'org_invitations',
    'webhook_endpoints',
  ]);
  const secrets = tables.flatMap((table) =>
    columnsOf(table)
      .filter((column) => /^(key_hash|token_hash|secret_ciphertext)$/.test(column))
      .map((column) => [table.name, column]),
  );
  expect(secrets.map(([name]) => name)).toEqual(hidden.map(({ name }) => name));
  await asAcme(async (ask) => {
    for (const [table, column] of secrets)
      expect(await ask(`select 1 from ${table} where ${column}::text not in ('stored', '\\x')`), table).toMatchObject({
        count: 0,
      });
    expect(await ask('select 1 from app.secrets')).toMatchObject({ code: '42501' });
  });
  expect(
    (await gateway.sql('select count(*)::int as n from app.secrets where org_id = $1', [acme.id]))[0]?.n,
  ).toBeGreaterThanOrEqual(3);
});

test('reading the tables of all: nothing but itself and its own person', async () => {
  await asAcme(async (ask) => {
    expect(await ask('select slug from organizations')).toMatchObject({ rows: [{ slug: 'acme' }] });
    expect(await ask('select id from users')).toMatchObject({ rows: [{ id: acme.people.owner.id }] });
    expect(await ask("select 1 from organizations where slug = 'globex'")).toMatchObject({ count: 0 });
    expect(await ask('update organizations set name = name where id <> $1', [acme.id])).toMatchObject({ count: 0 });
    expect(await ask('update users set full_name = full_name where id <> $1', [acme.people.owner.id])).toMatchObject({
      count: 0,
    });
    for (const table of tables.filter(({ ofTenant }) => !ofTenant))
      expect(isNothing(await ask(`delete from ${table.name}`)), table.name).toBe(true);
  });
});

test('updating and deleting: no statement meets a row of the other', async () => {
  const met: string[] = [];
  await asAcme(async (ask) => {
    for (const table of ofTenants()) {
      const id = String(theirs(table).id);
      for (const column of columnsOf(table)) {
        if (
          !isNothing(
            await ask(`update ${table.name} set ${column} = ${column} where id = $1 or org_id = $2`, [id, globex.id]),
          )
        )
          met.push(`${table.name}.${column}`);
      }
      if (!isNothing(await ask(`delete from ${table.name} where id = $1 or org_id = $2`, [id, globex.id])))
        met.push(table.name);
    }
  });
  expect(met).toEqual([]);
});

test('inserting: no row into the other, new, copied from its own or over an existing one', async () => {
  const made: string[] = [];
  await asAcme(async (ask) => {
    for (const table of ofTenants()) {
      const names = columnsOf(table).join(', ');
      const copy = (id: string, org: string) => `insert into ${table.name} (${names})
        select ${columnsOf(table)
          .map((name) => ({ id: `'${id}'::uuid`, org_id: `'${org}'::uuid` })[name] ?? name)
          .join(', ')} from ${table.name} where id = $1`;
      const own = [mine(table).id];
      const taken = String(theirs(table).id);
      const upsert = ` on conflict (org_id, id) do update set id = excluded.id`;
      for (const statement of [
        copy(randomUUID(), globex.id),
        copy(taken, globex.id),
        copy(taken, globex.id) + upsert,
        `${copy(taken, globex.id)} on conflict do nothing`,
      ]) {
        const outcome = await ask(statement, own);
        if (!('code' in outcome) || outcome.code !== '42501') made.push(`${table.name}: ${JSON.stringify(outcome)}`);
      }
    }
  });
  expect(made).toEqual([]);
});

test('moving: no row of its own becomes one of the other', async () => {
  const moved: string[] = [];
  await asAcme(async (ask) => {
    for (const table of ofTenants()) {
      const outcome = await ask(`update ${table.name} set org_id = $1 where id = $2`, [globex.id, mine(table).id]);
      if (!isNothing(outcome)) moved.push(`${table.name}: ${JSON.stringify(outcome)}`);
    }
  });
  expect(moved).toEqual([]);
});

test('foreign keys: one that leads to a row of the other is refused exactly as one that leads nowhere', async () => {
  const differing: string[] = [];
  let refused = 0;
  await asAcme(async (ask) => {
    for (const table of ofTenants()) {
      for (const { name, target, columns } of table.keys) {
        const [own, column] = columns.at(-1) ?? ['', ''];
        if (own === 'org_id') continue;
        const point = (value: unknown) =>
          ask(`update ${table.name} set ${own} = $1 where id = $2`, [value, mine(table).id]);
        const [there, nowhere] = [await point(ofGlobex.get(target)?.[column]), await point(randomUUID())];
        if (JSON.stringify(there) !== JSON.stringify(nowhere))
          differing.push(`${name}: ${JSON.stringify([there, nowhere])}`);
        if ('code' in there && there.code === '23503') refused++;
        // A row that holds exactly one of two keys takes no second one, wherever it leads.
        else if (!isNothing(there) && !('code' in there && there.code === '23514'))
          differing.push(`${name}: ${JSON.stringify(there)}`);
      }
    }
  });
  expect(differing).toEqual([]);
  expect(refused).toBeGreaterThan(25);
});

test('unique values: one that the other has is free', async () => {
  const told: string[] = [];
  await asAcme(async (ask) => {
    for (const table of ofTenants()) {
      for (const { name, type } of table.columns) {
        if (type !== 'text' || typeof theirs(table)[name] !== 'string' || mine(table)[name] === theirs(table)[name])
          continue;
        const outcome = await ask(`update ${table.name} set ${name} = $1 where id = $2`, [
          theirs(table)[name],
          mine(table).id,
        ]);
        if ('code' in outcome && outcome.code === '23505') told.push(`${table.name}.${name}`);
      }
    }
    await ask('rollback to savepoint before');
  });
  expect(told).toEqual([]);
});

test('without a context every table is empty and takes nothing, on a fresh connection and on a used one', async () => {
  const client = await gateway.database.pool.connect();
  const open: string[] = [];
  for (const round of ['fresh', 'used']) {
    await client.query('begin');
    await client.query('set local role gateway');
    for (const table of tables) {
      const all = await outcomeOf(client, `select 1 from ${table.name}`, []);
      if ('code' in all || all.count !== 0) open.push(`${round} ${table.name}`);
      if (!table.ofTenant) continue;
      const row = await outcomeOf(client, `insert into ${table.name} (org_id) values ($1)`, [acme.id]);
      if (!('code' in row)) open.push(`${round} insert ${table.name}`);
    }
    await client.query('rollback');
    await client.query('begin');
    await enter((text, values) => client.query(text, values), gateway, callerOf(acme, 'owner'));
    await client.query('commit');
  }
  client.release();
  expect(open).toEqual([]);
});

test('after all this, no row of the other has changed', async () => {
  expect(await fingerprints()).toEqual(untouched);
});
