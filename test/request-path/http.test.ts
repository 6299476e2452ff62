import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { type Listener, listen, speak } from '../support/listener.ts';

let gateway: Gateway;
let acme: Org;
let listener: Listener;
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  listener = await listen(gateway.server.http());
  authorization = `Bearer ${await gateway.token(acme.people.member)}`;
});
afterAll(async () => {
  await listener.close();
  await gateway.close();
});

const json = 'application/json';
const graphql = 'application/graphql-response+json';
const create = 'mutation { accountCreate(input: {name: "Sneaked in"}) { account { id } } }';

const send = (init: RequestInit & { path?: string }, headers: Record<string, string> = {}) =>
  fetch(listener.at(init.path ?? '/graphql'), {
    ...init,
    headers: { authorization, 'x-org': 'acme', accept: graphql, ...headers },
  });

const post = (body: string, headers: Record<string, string> = {}) =>
  send({ method: 'POST', body }, { 'content-type': json, ...headers });

async function answerOf(response: Response) {
  const body = (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: Record<string, unknown> }[];
  };
  return {
    status: response.status,
    data: body.data,
    message: body.errors?.[0]?.message,
    code: body.errors?.[0]?.extensions.code,
  };
}

const sneakedIn = () => gateway.sql("select 1 from accounts where name = 'Sneaked in'");

describe('content types', () => {
  test.each([json, `${json}; charset=utf-8`, 'Application/JSON ;charset=utf-8', graphql])(
    '%s is read',
    async (type) => {
      const response = await post('{"query": "{ __typename }"}', { 'content-type': type });
      expect(await answerOf(response)).toMatchObject({ status: 200, data: { __typename: 'Query' } });
    },
  );

  test.each([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(create)}`],
    [
      'multipart/form-data; boundary=b',
      `--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: create })}\r\n--b--`,
    ],
    ['text/plain', JSON.stringify({ query: create })],
    ['application/graphql', create],
    ['application/graphql+json', JSON.stringify({ query: create })],
  ])('%s is refused with 415 and runs nothing', async (type, body) => {
    expect(await answerOf(await post(body, { 'content-type': type }))).toMatchObject({
      status: 415,
      data: undefined,
      code: 'BAD_USER_INPUT',
      message: 'Send the request as application/json.',
    });
    expect(await sneakedIn()).toEqual([]);
  });

  test('a body without a type is refused', async () => {
    const response = await send({ method: 'POST', body: new Uint8Array(Buffer.from('{"query": "{ __typename }"}')) });
    expect(response.status).toBe(415);
  });

  test('a GET request with the type of a form is refused', async () => {
    const response = await send({ path: '/graphql?query={__typename}' }, { 'content-type': 'text/plain' });
    expect(await answerOf(response)).toMatchObject({
      status: 415,
      message: 'A GET request has no body: leave Content-Type out.',
    });
  });

  test('a compressed body is refused unread', async () => {
    expect(await answerOf(await post('{}', { 'content-encoding': 'gzip' }))).toMatchObject({
      status: 415,
      message: 'Send the body uncompressed.',
    });
  });
});

describe('methods', () => {
  test('GET runs queries', async () => {
    const response = await send({
      path: `/graphql?query=${encodeURIComponent('query ($n: Int) { accounts(first: $n) { nodes { name } } }')}&variables={"n":3}`,
    });
    expect(await answerOf(response)).toMatchObject({ status: 200, data: { accounts: { nodes: [] } } });
  });

  test('GET never runs a mutation', async () => {
    const response = await send({ path: `/graphql?query=${encodeURIComponent(create)}` });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await answerOf(response)).toMatchObject({ status: 405, code: 'BAD_USER_INPUT' });
    expect(await sneakedIn()).toEqual([]);
  });

  test('GET never runs the mutation among several operations', async () => {
    const document = `query Read { __typename } ${create.replace('mutation', 'mutation Write')}`;
    const response = await send({ path: `/graphql?operationName=Write&query=${encodeURIComponent(document)}` });
    expect(response.status).toBe(405);
    expect(await sneakedIn()).toEqual([]);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s is 405', async (method) => {
    const response = await send({ method });
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(response.status).toBe(405);
  });

  test('subscriptions are not offered', async () => {
    const answer = await answerOf(await post(JSON.stringify({ query: 'subscription { __typename }' })));
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });
});

describe('what a body may be', () => {
  test.each([
    ['not JSON', '{"query": ', 'The body is not JSON.'],
    ['empty', '', 'The body is not JSON.'],
    ['a list', '[{"query": "{ __typename }"}]', 'Batching is not offered: send one operation, as a JSON object.'],
    ['a text', '"{ __typename }"', 'The body is not a JSON object.'],
    ['null', 'null', 'The body is not a JSON object.'],
    ['without a query', '{}', 'Must provide query string.'],
    ['with a query that is a number', '{"query": 1}', 'Expected "query" param to be a string, but given number.'],
    [
      'with variables that are a list',
      '{"query": "{ __typename }", "variables": []}',
      'Expected "variables" param to be empty or an object, but given array.',
    ],
  ])('%s is 400', async (_what, body, message) => {
    expect(await answerOf(await post(body))).toEqual({ status: 400, data: undefined, code: 'BAD_USER_INPUT', message });
  });

  test('variables of a GET request that are not JSON are 400', async () => {
    const response = await send({ path: '/graphql?query={__typename}&variables={' });
    expect(await answerOf(response)).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      message: 'variables is not JSON.',
    });
  });
});

describe('statuses by what the client accepts', () => {
  const cases: [string, string, Record<string, string>, number, number][] = [
    ['a syntax error', '{', {}, 400, 200],
    ['an unknown field', '{ nothing }', {}, 400, 200],
    ['a wrong argument', '{ accounts(first: 101) { totalCount } }', {}, 400, 200],
    ['a wrong token', '{ __typename }', { authorization: 'Bearer nonsense' }, 401, 401],
    ['a foreign organization', '{ accounts { totalCount } }', { 'x-org': 'globex' }, 403, 403],
    ['a field error beside data', '{ node(id: "nonsense") { id } accounts { totalCount } }', {}, 200, 200],
  ];

  test.each(cases)('%s', async (_what, query, headers, status, statusOfJson) => {
    const strict = await post(JSON.stringify({ query }), headers);
    const lenient = await post(JSON.stringify({ query }), { ...headers, accept: json });
    expect([strict.status, lenient.status]).toEqual([status, statusOfJson]);
    expect(strict.headers.get('content-type')).toBe(`${graphql}; charset=utf-8`);
    expect(lenient.headers.get('content-type')).toBe(`${json}; charset=utf-8`);
  });

  test('who accepts neither is 406', async () => {
    expect((await post('{"query": "{ __typename }"}', { accept: 'text/html' })).status).toBe(406);
  });
});

describe('headers', () => {
  test('no answer may be kept by anybody else', async () => {
    const { headers } = await post('{"query": "{ accounts { totalCount } }"}');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('vary')).toContain('Authorization, X-Org');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.has('access-control-allow-origin')).toBe(false);
    expect(headers.has('set-cookie')).toBe(false);
  });

  test('without CORS_ORIGINS no site is allowed', async () => {
    const response = await send(
      { method: 'OPTIONS' },
      { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    );
    expect(response.status).toBe(204);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('other sites, with CORS_ORIGINS', () => {
  let open: Gateway;
  beforeAll(async () => {
    open = await startGateway({ CORS_ORIGINS: 'https://app.example.com, https://desk.example.com' });
  });
  afterAll(() => open.close());

  const ask = (origin: string, method: string) =>
    open.server.fetch(
      new Request('http://gateway/graphql', { method, headers: { origin, 'access-control-request-method': 'POST' } }),
    );

  test('a listed one may ask, with a token and without cookies', async () => {
    const { status, headers } = await ask('https://desk.example.com', 'OPTIONS');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://desk.example.com');
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')).toBe(
      'Authorization, Content-Type, X-Org, X-Request-Id, Idempotency-Key',
    );
    expect(headers.has('access-control-allow-credentials')).toBe(false);
    expect(headers.get('vary')).toContain('Origin');
  });

  test.each(['https://evil.example', 'null', 'https://app.example.com.evil.example'])('%s may not', async (origin) => {
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await ask(origin, method);
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('vary')).toContain('Origin');
    }
  });
});

describe('addresses', () => {
  const stack = /node_modules|at .*\.(js|ts):\d/;

  test.each(['/graphql/', '/x/graphql', '/health', '/%2e%2e/etc/passwd'])('%s is not found', async (path) => {
    expect((await fetch(listener.at(path), { headers: { authorization } })).status).toBe(404);
  });

  test.each(['Host: [', 'Host: a b', 'Host: evil.example/x'])(
    'a request that says "%s" gets no stack',
    async (host) => {
      const heard = await speak(
        listener.port,
        `GET /graphql?query={__typename} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(heard).toMatch(/^HTTP\/1\.1 (400|404|401|200) /);
      expect(heard).not.toMatch(stack);
    },
  );

  test('a method that fetch does not know gets no stack', async () => {
    const heard = await speak(listener.port, 'TRACE /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(heard).toMatch(/^HTTP\/1\.1 405 /);
    expect(heard).not.toMatch(stack);
  });
});
