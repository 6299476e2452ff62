import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/log.ts';
import { type Another, another } from '../support/another.ts';
import { Client } from '../support/client.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { listen } from '../support/listener.ts';

let gateway: Gateway;
let acme: Org;
let server: Another;
let member: Client;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  server = await another(gateway, { env: { LOG_LEVEL: 'debug' } });
  member = await server.client(acme);
});
afterAll(async () => {
  await server.close();
  await gateway.close();
});
beforeEach(() => {
  server.lines.length = 0;
});

describe('a request', () => {
  test('is one line: id, organization, operation, status and time', async () => {
    const { headers } = await member
      .withHeaders({ 'x-request-id': 'mine:1.a-b_c' })
      .run('query Board { accounts { totalCount } }');
    expect(headers.get('x-request-id')).toBe('mine:1.a-b_c');
    expect(server.logged()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        requestId: 'mine:1.a-b_c',
        orgId: acme.id,
        operation: 'Board',
        status: 200,
        ms: expect.any(Number),
        msg: 'request',
      },
    ]);
  });

  test('gets an id of its own when it brings none, or one that is not well formed', async () => {
    const ids = new Set<string | null>();
    for (const given of ['', 'two words', 'x'.repeat(129), 'a"b', '{}']) {
      const { headers } = await member.withHeaders(given ? { 'x-request-id': given } : {}).run('{ __typename }');
      expect(headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/);
      ids.add(headers.get('x-request-id'));
    }
    expect(ids.size).toBe(5);
    expect(server.logged().map(({ requestId }) => requestId)).toEqual([...ids]);
  });

  test('that fails says its codes, and the answer the id', async () => {
    const { errors, headers } = await member.run(
      '{ accounts(first: 101) { totalCount } contacts(first: 101) { totalCount } }',
    );
    expect(errors?.map(({ extensions }) => extensions.requestId)).toContain(headers.get('x-request-id'));
    expect(server.logged()).toMatchObject([
      { level: 'debug', msg: 'read by resolvers', field: null, reason: 'wrong input' },
      { level: 'info', orgId: acme.id, status: 400, codes: ['BAD_USER_INPUT'] },
    ]);
  });

  test.each([
    ['a syntax error', '{', 400, ['BAD_USER_INPUT']],
    ['an unknown field', '{ nothing }', 400, ['BAD_USER_INPUT']],
    [
      'a cost beyond the limit',
      '{ accounts(first: 100) { nodes { contacts(first: 100) { nodes { deals(first: 100) { totalCount } } } } } }',
      400,
      ['COST_LIMIT'],
    ],
  ])('that ends with %s is logged, with its code and an id in the answer', async (_what, query, status, codes) => {
    const { errors } = await member.withHeaders({ 'x-request-id': 'early' }).run(query);
    expect(errors?.[0]?.extensions.requestId).toBe('early');
    expect(server.logged()).toMatchObject([{ requestId: 'early', orgId: null, status, codes }]);
  });

  test('without a credential is logged without an organization', async () => {
    await new Client(server.server, {}).run('{ accounts { totalCount } }');
    expect(server.logged()).toMatchObject([{ orgId: null, status: 401, codes: ['UNAUTHENTICATED'] }]);
  });

  test('for anything but the API is not logged', async () => {
    for (const path of ['/live', '/ready', '/metrics', '/nothing'])
      await server.server.fetch(new Request(`http://gateway${path}`));
    expect(server.lines).toEqual([]);
  });

  test('whose body breaks off is not a bug', async () => {
    const listener = await listen(server.server.http());
    const socket = connect(listener.port, '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"query": "',
    );
    await sleep(100);
    socket.destroy();
    await sleep(200);
    await listener.close();
    expect(server.logged().filter(({ level }) => level !== 'info')).toEqual([]);
  });
});

describe('secrets', () => {
  const query = `mutation Canary($input: AccountCreateInput!) {
    accountCreate(input: $input) { account { id documentCanary: name } userErrors { code message } }
  }`;
  const variables = {
    input: { name: 'variable-canary', phone: 'variable-canary', metadata: { token: 'variable-canary' } },
  };

  test('no token, key, document, variable, row or mail address is in any line', async () => {
    const token = await gateway.token(acme.people.member);
    const { apiKeyCreate: key } = await acme.admin.ok(
      'mutation { apiKeyCreate(input: {name: "k", scopes: ["crm:read"]}) { secret userErrors { code message } } }',
    );
    const client = (credential: string) =>
      new Client(server.server, {
        authorization: `Bearer ${credential}`,
        'user-agent': 'agent-canary',
        cookie: 'cookie-canary',
      });
    await client(token).inOrg('acme').run(query, variables);
    await client(key.secret).run('{ accounts(filter: {name: {eq: "document-canary"}}) { nodes { name } } }');
    await client(`${token}x`).run(query, variables);
    await client(`${key.secret}x`).run(query, variables);
    await gateway.sql('alter table accounts rename column phone to fone');
    const broken = await client(token).inOrg('acme').run(query, variables);
    await gateway.sql('alter table accounts rename column fone to phone');
    expect(broken.status).toBe(500);
    expect(server.logged().map(({ level }) => level)).toContain('error');
    expect(server.lines.length).toBeGreaterThanOrEqual(6);
    const secrets = [
      token,
      token.split('.')[2] ?? '',
      key.secret,
      'canary',
      acme.people.member.email,
      gateway.config.auth.secret ?? '',
    ];
    for (const secret of secrets)
      expect(server.lines.join('\n').replaceAll('"operation":"Canary"', '')).not.toContain(secret);
  });

  test('an error is written by name, code, message and stack, without what Postgres attaches to it', () => {
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line) => lines.push(line) });
    const attached = {
      code: '23514',
      detail: 'Failing row contains (canary).',
      where: 'canary',
      parameters: ['canary'],
    };
    const cause = Object.assign(new Error('inner canary'), attached);
    logger.error({ err: Object.assign(new Error('outer', { cause }), attached) }, 'unexpected error');
    logger.info({ authorization: 'canary', request: { token: 'canary', cookie: 'canary' } });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'error',
      time: expect.any(String),
      msg: 'unexpected error',
      err: { type: 'Error', code: '23514', message: 'outer', stack: expect.any(String) },
    });
    expect(lines.join()).not.toContain('canary');
  });
});

describe('the caller’s address in the audit trail', () => {
  const audited = async (client: Client) => {
    await client.ok('mutation { accountCreate(input: {name: "Audited"}) { account { id } userErrors { code } } }');
    const [row] = await gateway.sql(
      'select host(ip) as ip, request_id from audit_logs order by created_at desc, id desc limit 1',
    );
    return row;
  };

  test('is not believed from X-Forwarded-For without a proxy of ours', async () => {
    expect(await audited(member.withHeaders({ 'x-forwarded-for': '203.0.113.9' }))).toMatchObject({ ip: null });
  });

  test('is what the nearest proxy adds, not what the caller claims', async () => {
    const behind = await another(gateway, { env: { TRUST_PROXY: 'on' } });
    const client = await behind.client(acme);
    const ipOf = async (header: string) => (await audited(client.withHeaders({ 'x-forwarded-for': header })))?.ip;
    expect(await ipOf('10.9.9.9, 203.0.113.9')).toBe('203.0.113.9');
    expect(await ipOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(await ipOf('2001:db8::1')).toBe('2001:db8::1');
    for (const nonsense of ['beef', '1.2.3', "'; select 1", '1.2.3.4:80']) expect(await ipOf(nonsense)).toBeNull();
    await behind.close();
  });
});
