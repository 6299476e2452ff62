/**
 * A read in one round trip keeps every promise of an org transaction.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Requirement } from '../../src/auth/permissions.ts';
import type { Caller } from '../../src/auth/scope.ts';
import { createOrgReads } from '../../src/db/org-read.ts';
import { callerOf, configWith, rightsOfGateway } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
const events = { committed: 0, rolledBack: 0, retried: 0 };
const request = { id: 'test', ip: '192.0.2.1', userAgent: 'test' };

beforeAll(async () => {
  gateway = await startGateway({ DATABASE_POOL_SIZE: '1' });
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  for (const org of [acme, globex])
    await gateway.sql('insert into accounts (org_id, name) values ($1, $2)', [org.id, org.slug]);
});
afterAll(() => gateway.close());

const reads = (env: Readonly<Record<string, string>> = {}) =>
  createOrgReads(gateway.database.pool, { ...gateway.config, ...configWith(env) }, events, gateway.database.proofs);

const read = (text: string, caller: Caller = callerOf(acme), name = '') => reads()(caller, request, { text, name });

/** What the connection says of itself when no transaction is under way. */
async function leftBehind() {
  const { rows } = await gateway.database.pool.query(
    `select current_user = session_user as own, current_setting('transaction_read_only') as read_only,
       current_setting('statement_timeout') as patience, nullif(current_setting('app.context', true), '') as context`,
  );
  return rows[0];
}

const nothing = { own: true, read_only: 'off', context: null };

test('it runs as the gateway, in the organization of the caller, and sees its rows alone', async () => {
  const text = `select ${rightsOfGateway} as name, app.org_id() as org, array(select accounts.name from accounts) as names`;
  for (const org of [acme, globex, acme]) {
    const { rows, scope } = await read(text, callerOf(org, 'viewer'));
    expect(rows).toEqual([{ name: 'gateway', org: org.id, names: [org.slug] }]);
    expect(scope).toMatchObject({ orgId: org.id, userId: org.people.viewer.id, role: 'viewer', keyScopes: null });
  }
});

test('nothing of it stays on the connection, whether it ends well or not', async () => {
  const before = await leftBehind();
  await read('select 1');
  expect(await leftBehind()).toEqual({ ...before, ...nothing });
  await expect(read('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
  expect(await leftBehind()).toEqual({ ...before, ...nothing });
  await expect(read('select 1', callerOf({ ...acme, id: globex.id }))).rejects.toMatchObject({ code: 'GW003' });
  expect(await leftBehind()).toEqual({ ...before, ...nothing });
  expect(gateway.database.pool.events.destroyed).toBe(0);
});

test('it cannot write', async () => {
  const text = "insert into accounts (name) values ('written')";
  await expect(read(text, callerOf(acme, 'owner'))).rejects.toMatchObject({ code: '25006' });
  expect(await gateway.sql("select from accounts where name = 'written'")).toEqual([]);
});

test('whoever is no member is turned away before the statement runs', async () => {
  const stranger = callerOf({ ...acme, id: globex.id });
  const before = events.rolledBack;
  await expect(read('select 1 / 0', stranger)).rejects.toMatchObject({ code: 'GW003' });
  await expect(read('select 1 / 0', { ...stranger, userId: globex.id } as Caller)).rejects.toMatchObject({
    code: 'GW001',
  });
  const key: Caller = { kind: 'key', orgId: acme.id, prefix: 'none', hash: 'none' };
  await expect(read('select 1 / 0', key)).rejects.toMatchObject({ code: 'GW004' });
  expect(events.rolledBack - before).toBe(3);
});

test('a named statement is parsed once, is not spoiled by an error, and serves both organizations', async () => {
  const pool = startGateway({ DATABASE_POOL_SIZE: '1' });
  const other = await pool;
  try {
    const org = await other.organization('acme');
    const run = createOrgReads(other.database.pool, other.config, events, other.database.proofs);
    const statement = { text: 'select count(*)::int / $1::int as n from accounts', name: 'named_read' };
    await run(callerOf(org), request, { ...statement, values: ['1'] });
    await expect(run(callerOf(org), request, { ...statement, values: ['0'] })).rejects.toMatchObject({ code: '22012' });
    await run(callerOf(org), request, { ...statement, values: ['1'] });
    const { rows } = await other.database.pool.query(
      "select count(*)::int as n from pg_prepared_statements where name = 'named_read'",
    );
    expect(rows).toEqual([{ n: 1 }]);
  } finally {
    await other.close();
  }
});

test('a connection holds so many prepared statements, and closes the oldest', async () => {
  const other = await startGateway({ DATABASE_POOL_SIZE: '1' });
  try {
    const org = await other.organization('acme');
    const run = createOrgReads(other.database.pool, other.config, events, other.database.proofs);
    for (let n = 0; n < 700; n++)
      await run(callerOf(org), request, { text: `select ${n} as shape_${n}`, name: `shape_${n}` });
    const { rows } = await other.database.pool.query(
      "select count(*)::int as n, bool_or(name = 'shape_0') as oldest, bool_or(name = 'shape_699') as newest from pg_prepared_statements",
    );
    expect(rows).toEqual([{ n: expect.any(Number), oldest: false, newest: true }]);
    expect(rows[0].n).toBeGreaterThan(500);
    expect(rows[0].n).toBeLessThanOrEqual(603);
  } finally {
    await other.close();
  }
});

test('many at once share a small pool, and none meets another’s organization', async () => {
  const text = 'select app.org_id() as org, array(select accounts.name from accounts) as names';
  const orgs = Array.from({ length: 60 }, (_, n) => (n % 2 ? acme : globex));
  const found = await Promise.all(orgs.map((org) => read(text, callerOf(org), 'many_at_once')));
  expect(found.map(({ rows }) => rows[0])).toEqual(orgs.map(({ id, slug }) => ({ org: id, names: [slug] })));
});

describe('without names of statements, as behind some poolers', () => {
  test('compiled reads work, and prepare nothing', async () => {
    const other = await startGateway({ PREPARED_STATEMENTS: 'off', DATABASE_POOL_SIZE: '1' });
    try {
      const org = await other.organization('acme');
      for (let n = 0; n < 4; n++)
        expect(await org.owner.ok('{ accounts { totalCount } }')).toEqual({ accounts: { totalCount: 0 } });
      const { rows } = await other.database.pool.query('select count(*)::int as n from pg_prepared_statements');
      expect(rows).toEqual([{ n: 0 }]);
    } finally {
      await other.close();
    }
  });
});

// What ends a statement of the embedded database from outside is tested in embedded-server.test.ts.
if (inject('template').kind === 'server') {
  test('a statement that takes too long is stopped, and the server goes on', async () => {
    const impatient = reads({ STATEMENT_TIMEOUT_MS: '200', TRANSACTION_TIMEOUT_MS: '900', REQUEST_TIMEOUT_MS: '1000' });
    await expect(impatient(callerOf(acme), request, { text: 'select pg_sleep(20)' })).rejects.toMatchObject({
      code: '57014',
    });
    expect((await read('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('a lost connection is an error of that read alone', async () => {
    const outcome = expect(read('select pg_sleep(20)')).rejects.toThrow(/terminat/);
    await sleep(200);
    await gateway.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(20)%' and datname = current_database()",
    );
    await outcome;
    expect((await read('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
}

test.each<[needs: Requirement[], role: 'viewer' | 'owner', code: string]>([
  [['crm:read', 'keys:read'], 'viewer', 'GW022'],
  [['crm:read', 'keys:read'], 'owner', '22012'],
  [['crm:read', 'members:read'], 'viewer', '22012'],
])('a read that needs %j does not begin for a caller without it: %s, %s', async (needs, role, code) => {
  const failing = { text: 'select 1 / 0', name: '' };
  await expect(reads()(callerOf(acme, role), request, failing, new Set(needs))).rejects.toMatchObject({ code });
});
