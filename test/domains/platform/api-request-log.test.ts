/** The log of requests that admins read: written in batches, after the answers. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Another, another } from '../../support/another.ts';
import { Client, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listener.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let key: string;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  const { made } = await acme.owner.ok(
    'mutation { made: apiKeyCreate(input: { name: "All", role: ADMIN }) { secret userErrors { code } } }',
  );
  key = made.secret;
});
afterAll(() => gateway.close());

const withKey = ({ server }: Another): Client => new Client(server, { authorization: `Bearer ${key}` });
const rows = () => gateway.sql('select * from api_request_logs where org_id = $1 order by created_at, id', [acme.id]);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Asks a server of one's own with a setting; gives what it has logged by the time that it has closed. */
async function logged(setting: 'off' | 'keys' | 'all' | undefined, ask: (server: Another) => Promise<unknown>) {
  await gateway.sql('delete from api_request_logs');
  const server = await another(gateway, { env: setting ? { REQUEST_LOG: setting } : {} });
  await ask(server);
  await server.close();
  return rows();
}

const board = 'query Board { accounts { totalCount } }';

test('unless told otherwise it has the requests of API keys, with what they cost', async () => {
  const paged = 'query Paged { accounts(first: 7) { nodes { name } } }';
  const found = await logged(undefined, async (server) => {
    await withKey(server).withHeaders({ 'x-request-id': 'mine' }).ok(board);
    await withKey(server).ok(paged);
    await (await server.client(acme, 'owner')).ok(board);
  });
  const [{ id: apiKeyId } = {}] = await gateway.sql('select id from api_keys where org_id = $1', [acme.id]);
  const common = { org_id: acme.id, api_key_id: apiKeyId, user_id: null, status: 'ok', ip: null };
  expect(found).toMatchObject([
    { ...common, operation_name: 'Board', document_hash: sha256(board), cost: 25, request_id: 'mine' },
    { ...common, operation_name: 'Paged', document_hash: sha256(paged), cost: 7 },
  ]);
  for (const { duration_ms: ms, created_at: at } of found) {
    expect(Number(ms)).toBeGreaterThanOrEqual(0);
    expect(Math.abs(Number(at) - Date.now())).toBeLessThan(60_000);
  }
});

test('it has the requests of people too, or none', async () => {
  const ask = async (server: Another) => {
    await withKey(server).ok(board);
    await (await server.client(acme, 'viewer')).ok(board);
  };
  expect((await logged('all', ask)).map(({ user_id: person }) => person)).toEqual([null, acme.people.viewer.id]);
  expect(await logged('off', ask)).toEqual([]);
});

test('a request on the short way is logged like any other', async () => {
  const found = await logged('keys', async ({ server }) => {
    const listener = await listen(server.http());
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const query = 'query Short { accounts(first: 3) { nodes { name } } }';
    for (let times = 0; times < 3; times += 1)
      await (await fetch(listener.url, { method: 'POST', headers, body: JSON.stringify({ query }) })).text();
    const metrics = await (await fetch(listener.at('/metrics'))).text();
    expect(metrics).toMatch(/^gateway_known_reads_total 2$/m);
    await listener.close();
  });
  const { created_at: _at, id: _id, request_id: _request, duration_ms: _ms, ...first } = found[0] ?? {};
  expect(found).toHaveLength(3);
  expect(first).toMatchObject({ operation_name: 'Short', cost: 3, status: 'ok', ip: '127.0.0.1' });
  for (const row of found) expect(row).toMatchObject({ ...first, updated_at: expect.any(Date) });
});

test('a failure has its code; whom no organization let in leaves no trace', async () => {
  const found = await logged('all', async (server) => {
    await withKey(server).run('query Wrong { accounts(first: 101) { totalCount } }');
    const member = await server.client(acme);
    await member.run('query Secret { auditLogs { totalCount } }');
    await member.inOrg('globex').run(board);
    await new Client(server.server, { authorization: `Bearer ${key.slice(0, -1)}` }).run(board);
    await new Client(server.server, {}).run(board);
  });
  expect(found.map((row) => [row.operation_name, row.status])).toEqual([
    ['Wrong', 'BAD_USER_INPUT'],
    ['Secret', 'FORBIDDEN'],
  ]);
  expect(await gateway.sql('select 1 from api_request_logs where org_id <> $1', [acme.id])).toEqual([]);
});

test('what the database does not take is dropped, and counted; the answers stay', async () => {
  await gateway.sql('revoke insert on api_request_logs from gateway_service');
  const server = await another(gateway);
  for (let times = 0; times < 3; times += 1) await withKey(server).ok(board);
  await server.close();
  await gateway.sql('grant insert on api_request_logs to gateway_service');
  const metrics = await (await server.server.fetch(new Request('http://gateway/metrics'))).text();
  expect(metrics).toMatch(/^gateway_request_logs_dropped_total 3$/m);
  expect(server.logged().filter(({ msg }) => msg === 'requests were not logged')).toMatchObject([
    { level: 'warn', rows: 3 },
  ]);
});

test('admins read it, each in their organization', async () => {
  await logged('keys', (server) => withKey(server).ok(board));
  const query = '{ apiRequestLogs { nodes { operationName status documentHash apiKey { name } member { id } } } }';
  const expected = {
    operationName: 'Board',
    status: 'ok',
    documentHash: sha256(board),
    apiKey: { name: 'All' },
    member: null,
  };
  expect((await acme.admin.ok(query)).apiRequestLogs.nodes).toEqual([expected]);
  expect((await globex.owner.ok(query)).apiRequestLogs.nodes).toEqual([]);
  expect((await acme.member.run(query)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
