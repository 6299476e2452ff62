/**
 * Everybody who asks: each role in two organizations, a guest, API keys of narrow scopes, and people who are in no
 * organization or not in the one that they name.
 */
import { demoTokens } from '../../src/demo.ts';
import type { Gateway } from '../support/gateway.ts';
import type { Caller } from './operation.ts';

export interface Callers {
  readonly owner: Caller;
  readonly all: readonly (readonly [weight: number, caller: Caller])[];
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const keyCreate = `mutation ($input: ApiKeyCreateInput!) {
  apiKeyCreate(input: $input) { secret userErrors { message } }
}`;

/** The note of a key's last use would change what the second server reads; in the far future it is not written again. */
const stillKeys = "update api_keys set last_used_at = '2999-12-31' where name like '% of the test'";

async function keyCallers(gateway: Gateway, ownerToken: string): Promise<Caller[]> {
  const owner = gateway.withToken(ownerToken).inOrg('acme');
  const keys = [
    { name: 'Sales key of the test', role: 'MEMBER', scopes: ['crm:read', 'members:read'] },
    { name: 'Knowledge key of the test', role: 'VIEWER', scopes: ['knowledge:*', 'organization:read'] },
  ];
  const callers: Caller[] = [];
  for (const input of keys) {
    const { secret } = (await owner.ok(keyCreate, { input })).apiKeyCreate;
    callers.push({ name: input.name, headers: bearer(secret), org: 'acme' });
  }
  await gateway.sql(stillKeys);
  return callers;
}

/** People whose sign-in is good, and who are in no organization, or are refused by the one that they name. */
async function strangers(gateway: Gateway, outsiderToken: string): Promise<Caller[]> {
  const people = ['newcomer', 'homeless'].map((name, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index + 1}`,
    email: `${name}@people.example`,
  }));
  const [newcomer = '', homeless = ''] = await Promise.all(people.map((person) => gateway.token(person)));
  for (const token of [newcomer, homeless]) await gateway.withToken(token).ok('{ viewer { role } }');
  await gateway.sql('update users set current_org_id = null where id = $1', [people[1]?.id]);
  return [
    { name: 'somebody alone in a new organization', headers: bearer(newcomer), org: 'acme' },
    { name: 'somebody without organization', headers: bearer(homeless), org: 'acme' },
    {
      name: 'somebody of another organization',
      headers: { ...bearer(outsiderToken), 'x-org': 'acme' },
      org: 'acme',
    },
  ];
}

const roleWeights: Readonly<Record<string, number>> = { owner: 24, admin: 5, member: 4, viewer: 3 };

/** Makes them all, on the demo data. */
export async function makeCallers(gateway: Gateway): Promise<Callers> {
  const tokens = await demoTokens(gateway.config);
  const tokenOf = (email: string) => tokens.find((demo) => demo.email === email)?.token ?? '';
  const people = tokens
    .filter(({ org }) => org !== 'initech')
    .map(({ email, org, role, token }): [number, Caller] => [
      roleWeights[role] ?? 1,
      { name: email, headers: bearer(token), org },
    ]);
  const ownerToken = tokenOf('owner@acme.example');
  const owner = { name: 'owner@acme.example', headers: { ...bearer(ownerToken), 'x-org': 'acme' }, org: 'acme' };
  const guest = { ...owner, name: 'owner@acme.example as guest', headers: { ...owner.headers, 'x-org': 'globex' } };
  const keys = await keyCallers(gateway, ownerToken);
  const rare = [...(await strangers(gateway, tokenOf('owner@initech.example')))];
  return {
    owner,
    all: [
      ...people,
      [2, { ...guest, org: 'globex' }],
      ...keys.map((caller) => [1, caller] as const),
      ...rare.map((caller) => [1, caller] as const),
    ],
  };
}
