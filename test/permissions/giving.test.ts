/** Nobody gives what they do not have: over all pairs of givers and gifts, in the API's own function and in the database. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Gift, missingFor, permissionsOf } from '../../src/auth/giving.ts';
import { isPermission, type Permission, permissions, type Role, roles } from '../../src/auth/permissions.ts';
import { can, type Scope } from '../../src/auth/scope.ts';
import { callerOf } from '../support/door.ts';
import type { Client, Gateway, Org } from '../support/gateway.ts';
import { newOrganization, sharedGateway } from '../support/shared.ts';
import { refusal, write } from '../support/write.ts';
import { attempts, type Known, prepare } from './matrix.ts';

const every = Object.keys(permissions).filter(isPermission);
const areas = [...new Set(every.map((name) => `${name.split(':')[0]}:*`))];

let gateway: Gateway;
let org: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  await prepare(gateway);
});

interface Giver {
  readonly role: Role;
  readonly extra: readonly Permission[];
  readonly scopes: readonly string[] | null;
}

const givers: readonly Giver[] = [
  ...roles.map((role) => ({ role, extra: [], scopes: null })),
  ...every.flatMap((name) => [
    { role: 'viewer' as const, extra: [name], scopes: null },
    { role: 'member' as const, extra: [name, 'members:write' as const], scopes: null },
  ]),
  ...areas.map((area) => ({ role: 'admin' as const, extra: [], scopes: [area, 'members:write'] })),
];

const gifts: readonly Gift[] = [
  ...roles.map((role) => ({ role })),
  ...every.map((name) => ({ role: 'viewer' as const, extra: [name] })),
  ...areas.map((area) => ({ role: 'admin' as const, scopes: [area] })),
];

const scopeOf = ({ role, extra, scopes }: Giver): Scope => ({
  orgId: org.id,
  userId: null,
  apiKeyId: null,
  plan: null,
  role,
  extra,
  keyScopes: scopes,
});

const literal = (names: readonly string[]): string => `'{${names.join(',')}}'`;
const heldSql = ({ role, extra = [], scopes = ['*'] }: Gift): string =>
  `select 1 where app.holds('${role}', ${literal(extra)}, ${literal(scopes)})`;

async function callerLike({ role, extra, scopes }: Giver): Promise<Known> {
  if (scopes) {
    const prefix = randomBytes(5).toString('hex');
    const hash = createHash('sha256').update(prefix).digest('hex');
    await gateway.sql(
      'insert into api_keys (org_id, name, prefix, key_hash, role, scopes, created_by_id) values ($1, $2, $2, $3, $4, $5, $6)',
      [org.id, prefix, hash, role, scopes, org.people.owner.id],
    );
    return { kind: 'key', orgId: org.id, prefix, hash };
  }
  await gateway.sql('update org_members set permissions = $3 where org_id = $1 and user_id = $2', [
    org.id,
    org.people[role].id,
    extra,
  ]);
  return callerOf(org, role) as Known;
}

test('of every giver and every gift: given only when each permission of it is the giver’s', async () => {
  const wrong: string[] = [];
  let given = 0;
  for (const giver of givers) {
    const scope = scopeOf(giver);
    const statements = gifts.map((gift) => ({ what: JSON.stringify(gift), statement: heldSql(gift) }));
    const found = await attempts(gateway, await callerLike(giver), statements);
    for (const gift of gifts) {
      const right = every.every((name) => !permissionsOf(gift).includes(name) || can(scope, name));
      const inDatabase = found.get(JSON.stringify(gift)) === '1';
      const inApi = missingFor(scope, gift) === undefined;
      if (right) given++;
      if (inDatabase !== right || inApi !== right) wrong.push(JSON.stringify([giver, gift]));
    }
  }
  await gateway.sql("update org_members set permissions = '{}' where org_id = $1", [org.id]);
  expect(wrong).toEqual([]);
  expect(given).toBeGreaterThan(500);
}, 120_000);

async function hire(role: Role, granted: readonly Permission[] = []): Promise<{ id: string; client: Client }> {
  const id = randomUUID();
  const client = await gateway.person({ id });
  await client.ok('{ viewer { role } }');
  await gateway.sql('insert into org_members (org_id, user_id, role, permissions) values ($1, $2, $3, $4)', [
    org.id,
    id,
    role,
    granted,
  ]);
  return { id, client: client.inOrg(org.slug) };
}

const codesOf = async (client: Client, mutation: string, input: object) =>
  (await refusal(client, mutation, input)).map(({ code, path }) => [code, ...path]);

describe('somebody with members:write and keys:write and little else', () => {
  let limited: Client;
  beforeAll(async () => {
    limited = (await hire('viewer', ['members:write', 'keys:write'])).client;
  });

  test('invites viewers, and nobody to more', async () => {
    const send = { email: 'new@people.example' };
    expect(await codesOf(limited, 'invitationSend', { ...send, role: 'MEMBER' })).toEqual([['FORBIDDEN', 'role']]);
    expect(await codesOf(limited, 'invitationSend', { ...send, role: 'ADMIN' })).toEqual([['FORBIDDEN', 'role']]);
    await write(limited, 'invitationSend', { ...send, role: 'VIEWER' });
  });

  test('neither raises, lowers, removes nor restores whoever has more', async () => {
    const viewer = await hire('viewer');
    const admin = await hire('admin');
    const gone = await hire('admin');
    await write(org.owner, 'memberRemove', { id: gone.id });
    expect(await codesOf(limited, 'memberSetRole', { id: viewer.id, role: 'MEMBER' })).toEqual([['FORBIDDEN', 'role']]);
    expect(await codesOf(limited, 'memberSetRole', { id: admin.id, role: 'VIEWER' })).toEqual([['FORBIDDEN', 'id']]);
    expect(await codesOf(limited, 'memberRemove', { id: admin.id })).toEqual([['FORBIDDEN', 'id']]);
    expect(await codesOf(limited, 'memberRestore', { id: gone.id })).toEqual([['FORBIDDEN', 'id']]);
    expect(await codesOf(limited, 'memberUpdate', { id: viewer.id, permissions: ['crm:write'] })).toEqual([
      ['FORBIDDEN', 'permissions'],
    ]);
    await write(limited, 'memberUpdate', { id: viewer.id, permissions: ['keys:write'] });
    await write(limited, 'memberRemove', { id: viewer.id });
  });

  test('makes keys of what they have, and of nothing else', async () => {
    const key = { name: 'Key' };
    expect(await codesOf(limited, 'apiKeyCreate', { ...key, role: 'MEMBER' })).toEqual([['FORBIDDEN', 'role']]);
    expect(
      await codesOf(limited, 'apiKeyCreate', { ...key, role: 'ADMIN', scopes: ['keys:*', 'crm:destroy'] }),
    ).toEqual([['FORBIDDEN', 'role']]);
    await write(limited, 'apiKeyCreate', { ...key, role: 'VIEWER' });
    await write(limited, 'apiKeyCreate', { ...key, role: 'ADMIN', scopes: ['keys:*', 'members:*'] });
  });
});

test('a key gives no more than its scopes, whatever its role', async () => {
  const { id } = await hire('viewer');
  const { apiKeyCreate } = await org.owner.ok(
    'mutation { apiKeyCreate(input: { name: "HR", role: ADMIN, scopes: ["members:*"] }) { secret userErrors { code } } }',
  );
  const key = gateway.withKey(apiKeyCreate.secret);
  expect(await codesOf(key, 'memberSetRole', { id, role: 'MEMBER' })).toEqual([['FORBIDDEN', 'role']]);
  expect(await codesOf(key, 'invitationSend', { email: 'x@people.example', role: 'VIEWER' })).toEqual([
    ['FORBIDDEN', 'role'],
  ]);
  expect(await codesOf(key, 'memberRemove', { id })).toEqual([['FORBIDDEN', 'id']]);
});

test('the database holds it, whoever writes', async () => {
  const { id } = await hire('viewer', ['members:write', 'keys:write']);
  const caller: Known = { ...(callerOf(org, 'viewer') as Known & { kind: 'person' }), userId: id };
  const statements = {
    'makes itself an admin': `update org_members set role = 'admin' where user_id = '${id}'`,
    'grants itself more': `update org_members set permissions = '{crm:destroy}' where user_id = '${id}'`,
    'lowers an admin': `update org_members set role = 'viewer' where role = 'admin'`,
    'invites an admin': `insert into org_invitations (email, role, token_hash, expires_at) values ('a@b.example', 'admin', 'x', now())`,
    'makes a key of more': `insert into api_keys (name, prefix, key_hash, role, scopes) values ('k', 'k', 'k', 'admin', '{crm:*}')`,
    'makes a key of what it has': `insert into api_keys (name, prefix, key_hash, role, scopes) values ('k', 'k', 'k', 'admin', '{keys:write}')`,
  };
  const asked = Object.entries(statements).map(([what, statement]) => ({ what, statement }));
  expect(Object.fromEntries(await attempts(gateway, caller, asked))).toEqual({
    'makes itself an admin': '42501',
    'grants itself more': '42501',
    'lowers an admin': '42501',
    'invites an admin': '42501',
    'makes a key of more': '42501',
    'makes a key of what it has': '1',
  });
});
