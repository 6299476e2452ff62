/**
 * Every permission alone, over every table: a viewer with nothing but that grant does with each table what the grant names,
 * and no more. The same for roles, and for keys with a single scope.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atLeast, type Permission, permissions, type Role } from '../../src/auth/permissions.ts';
import { can, type Scope } from '../../src/auth/scope.ts';
import { makeRows, type Row, readTables, type Table } from '../support/catalog.ts';
import { callerOf } from '../support/door.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { needsOf } from './expected.ts';
import { ask, type Known, operations, prepare } from './matrix.ts';

const every = Object.keys(permissions) as Permission[];

let gateway: Gateway;
let org: Org;
let tables: readonly Table[];
let rows: ReadonlyMap<string, Row>;

/** Of what other permissions are for there is nothing in a new row. */
const bare = { manager_id: null, bill_rate_cents: null, cost_rate_cents: null };

/** Nobody gives more than they have. */
const modest: Readonly<Record<string, Row>> = {
  conversations: { type: 'support' },
  api_keys: { role: 'viewer', scopes: ['keys:read'] },
  org_invitations: { role: 'viewer' },
  approvals: { approver_id: null },
  deliverables: { submitted_by_id: null },
};

const anew = (name: string, row: Row): Row => ({
  ...row,
  ...bare,
  id: randomUUID(),
  ...modest[name],
});

beforeAll(async () => {
  gateway = await startGateway();
  org = await gateway.organization('matrix');
  tables = (await readTables(gateway.sql)).filter(({ ofTenant }) => ofTenant);
  const made = await makeRows(gateway.sql, tables, org.id, 'canary');
  await gateway.sql('update conversations set visible_to = array[org_id]');
  await gateway.sql('update conversation_participants set visible_to = array[org_id]');
  await gateway.sql('update messages set visible_to = array[org_id]');
  rows = new Map([...made].map(([name, row]) => [name, anew(name, row)]));
  await prepare(gateway);
});
afterAll(() => gateway.close());

const scopeOf = (role: Role, extra: readonly Permission[] = [], keyScopes: readonly string[] | null = null): Scope => ({
  orgId: org.id,
  userId: null,
  apiKeyId: null,
  role,
  plan: null,
  extra,
  keyScopes,
});

/** Where the database decides otherwise than the permissions of a scope. Reads of keys are limited in front of SQL. */
async function differences(caller: Known, scope: Scope): Promise<string[]> {
  const found = await ask(gateway, caller, tables, rows);
  return tables.flatMap((table) =>
    operations.flatMap((operation) => {
      const needs = needsOf(table)[operation];
      const reads = operation === 'read' ? { ...scope, keyScopes: null } : scope;
      const whole = (permission: Permission) => /:destroy$/.test(permission);
      const isItself = caller.kind === 'key' && table.name === 'api_keys' && operation === 'read';
      const has = needs?.every((need) => can(operation === 'read' && !whole(need) ? reads : scope, need)) ?? false;
      const expected = isItself || has;
      const verdict = found.get(table.name)?.[operation];
      const right = verdict === 'unclear' || verdict === (expected ? 'yes' : 'no');
      return right ? [] : [`${operation} ${table.name}: ${verdict}`];
    }),
  );
}

async function grant(role: 'viewer' | 'member', granted: readonly Permission[]): Promise<Known> {
  await gateway.sql('update org_members set permissions = $3 where org_id = $1 and user_id = $2', [
    org.id,
    org.people[role].id,
    granted,
  ]);
  return callerOf(org, role) as Known;
}

test('few rules about rows are in the way of asking', async () => {
  const found = await ask(gateway, callerOf(org, 'owner') as Known, tables, rows);
  const unclear = [...found].flatMap(([name, verdicts]) =>
    operations.filter((operation) => verdicts[operation] === 'unclear').map((operation) => `${operation} ${name}`),
  );
  expect(unclear.length, unclear.join(', ')).toBeLessThan(25);
});

test.each(['viewer', 'member', 'admin'] as const)('the role of a %s opens what it has', async (role) => {
  expect(await differences(callerOf(org, role) as Known, scopeOf(role))).toEqual([]);
});

test('the role of an owner opens everything but what is personal', async () => {
  const become = (role: Role) =>
    gateway.sql('update org_members set role = $3 where org_id = $1 and user_id = $2', [
      org.id,
      org.people.admin.id,
      role,
    ]);
  await become('owner'); // All rows are those of the other owner.
  expect(await differences(callerOf(org, 'admin') as Known, scopeOf('owner'))).toEqual([]);
  await become('admin');
});

test.each(every)('a viewer who was granted %s', async (permission) => {
  const caller = await grant('viewer', [permission]);
  expect(await differences(caller, scopeOf('viewer', [permission]))).toEqual([]);
});

test('a member who was granted all that admins have in one area does nothing more in another', async () => {
  const granted = every.filter((name) => name.startsWith('crm:') || name.startsWith('support:'));
  const caller = await grant('member', granted);
  expect(await differences(caller, scopeOf('member', granted))).toEqual([]);
  await grant('member', []);
});

async function keyOf(maker: 'owner' | 'member', role: Role, scopes: readonly string[]): Promise<Known> {
  const prefix = randomBytes(5).toString('hex');
  const hash = createHash('sha256').update(prefix).digest('hex');
  await gateway.sql(
    'insert into api_keys (org_id, name, prefix, key_hash, role, scopes, created_by_id) values ($1, $2, $2, $3, $4, $5, $6)',
    [org.id, prefix, hash, role, scopes, org.people[maker].id],
  );
  return { kind: 'key', orgId: org.id, prefix, hash };
}

test.each(every.filter((name) => name !== 'organization:own'))('a key of an admin with the scope %s', async (scope) => {
  const key = await keyOf('owner', 'admin', [scope]);
  expect(await differences(key, scopeOf('admin', [], [scope]))).toEqual([]);
});

test.each(['viewer', 'member', 'admin'] as const)(
  'a key with the role of a %s never does more than its maker',
  async (role) => {
    const granted: Permission[] = ['crm:destroy', 'keys:write'];
    await grant('member', granted);
    const key = await keyOf('member', role, ['*']);
    const extra = granted.filter((name) => atLeast(role, permissions[name]));
    expect(await differences(key, scopeOf(role === 'admin' ? 'member' : role, extra, ['*']))).toEqual([]);
    await grant('member', []);
  },
);
