/**
 * The short way: what it answers is what Yoga answers, and whatever is not an ordinary success is Yoga's.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { type Listener, listen, speak } from '../support/listener.ts';

let gateway: Gateway;
let listener: Listener;
let acme: Org;
let globex: Org;
let headers: Record<string, string>;

beforeAll(async () => {
  gateway = await startGateway({ CORS_ORIGINS: 'https://app.example.com' });
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  listener = await listen(gateway.server.http());
  headers = await headersOf(acme, 'member');
  for (const name of ['Nord', 'Süd "Werk"'])
    await gateway.sql('insert into accounts (org_id, name) values ($1, $2)', [acme.id, name]);
});
afterAll(async () => {
  await listener.close();
  await gateway.close();
});

async function headersOf(org: Org, role: keyof Org['people']): Promise<Record<string, string>> {
  const token = await gateway.token(org.people[role]);
  return { authorization: `Bearer ${token}`, 'x-org': org.slug, 'content-type': 'application/json' };
}

const list =
  'query List($first: Int, $name: String = "x") { accounts(first: $first, filter: {name: {ne: $name}}) { totalCount nodes { name } } }';
const trail = '{ auditLogs(first: 1) { nodes { action } } accounts { totalCount } }';

interface Told {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const own = ['date', 'x-request-id', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];

async function told(response: Response): Promise<Told> {
  const shown = [...response.headers].filter(([name]) => !own.includes(name));
  const body = (await response.text()).replace(/"requestId":"[^"]*"/g, '"requestId":""');
  return { status: response.status, headers: Object.fromEntries(shown.sort()), body };
}

const init = (body: string, given: Record<string, string>) => ({ method: 'POST', headers: given, body });

async function known(): Promise<number> {
  const metrics = await (await fetch(listener.at('/metrics'))).text();
  return Number(/^gateway_known_reads_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}

/** What the socket and Yoga alone say to one request, and how many answers came on the short way. */
async function both(params: object, given = headers) {
  const body = JSON.stringify(params);
  const before = await known();
  const socket = await told(await fetch(listener.url, init(body, given)));
  const short = (await known()) - before;
  const yoga = await told(await gateway.server.fetch(new Request('http://gateway/graphql', init(body, given))));
  return { socket, yoga, short };
}

/** Lets a document through, so that it is known from now on. */
const learn = async (query: string, variables: object = {}, given = headers) =>
  (await fetch(listener.url, init(JSON.stringify({ query, variables }), given))).text();

describe('an answer', () => {
  test('is the same on both ways: status, headers, body', async () => {
    const variables = { first: 2, name: 'x' };
    const first = await both({ query: list, variables });
    const second = await both({ query: list, variables });
    expect([first.short, second.short]).toEqual([0, 1]);
    expect(second.socket).toEqual(second.yoga);
    expect(second.socket).toEqual(first.socket);
    expect(second.socket.body).toContain('Süd \\"Werk\\"');
  });

  test.each([
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.9',
  ])('has the content type that Yoga chooses for %s', async (accept) => {
    await learn(list, { first: 1, name: 'x' }, { ...headers, accept });
    const { socket, yoga, short } = await both(
      { query: list, variables: { first: 1, name: 'x' } },
      { ...headers, accept },
    );
    expect(short).toBe(1);
    expect(socket).toEqual(yoga);
  });

  test.each(['https://app.example.com', 'https://evil.example.com'])('tells pages of %s the same', async (origin) => {
    await learn(list);
    const { socket, yoga, short } = await both({ query: list, variables: {} }, { ...headers, origin });
    expect(short).toBe(1);
    expect(socket).toEqual(yoga);
    expect('access-control-allow-origin' in socket.headers).toBe(origin.includes('app'));
  });

  test('follows the variables, the person and the organization', async () => {
    await learn(list);
    const one = await both({ query: list, variables: { first: 1 } });
    const two = await both({ query: list, variables: { first: 2 } });
    const other = await both({ query: list }, await headersOf(globex, 'viewer'));
    expect([one.short, two.short, other.short]).toEqual([1, 1, 1]);
    for (const { socket, yoga } of [one, two, other]) expect(socket).toEqual(yoga);
    expect(one.socket.body).not.toBe(two.socket.body);
    expect(other.socket.body).toBe('{"data":{"accounts":{"totalCount":0,"nodes":[]}}}');
  });

  test('carries the request id of the caller', async () => {
    await learn(list);
    const before = await known();
    const response = await fetch(
      listener.url,
      init(JSON.stringify({ query: list }), { ...headers, 'x-request-id': 'mine' }),
    );
    expect([response.headers.get('x-request-id'), (await known()) - before]).toEqual(['mine', 1]);
  });

  test('is only of the operation that is named', async () => {
    const query = 'query A { accounts(first: 1) { totalCount } } query B { accounts(first: 1) { nodes { id } } }';
    for (const operationName of ['A', 'B', 'C', undefined]) {
      await learn(query);
      const { socket, yoga } = await both({ query, operationName });
      expect(socket).toEqual(yoga);
    }
  });
});

describe('what is no ordinary success is answered by Yoga', () => {
  const cases: [string, () => Promise<object> | object, (given: Record<string, string>) => Record<string, string>][] = [
    ['a token that is none', () => ({ query: list }), (given) => ({ ...given, authorization: 'Bearer nothing' })],
    ['no token', () => ({ query: list }), ({ authorization: _, ...given }) => given],
    ['another scheme', () => ({ query: list }), (given) => ({ ...given, authorization: 'Basic abc' })],
    ['an organization of others', () => ({ query: list }), (given) => ({ ...given, 'x-org': 'globex' })],
    ['an organization that is none', () => ({ query: list }), (given) => ({ ...given, 'x-org': 'nowhere' })],
    ['a page that is too large', () => ({ query: list, variables: { first: 101 } }), (given) => given],
    ['a variable of the wrong type', () => ({ query: list, variables: { first: 'ten' } }), (given) => given],
    ['variables that are no object', () => ({ query: list, variables: [1] }), (given) => given],
    [
      'variables nested too deep',
      () => ({ query: list, variables: { name: JSON.parse('['.repeat(60) + ']'.repeat(60)) } }),
      (given) => given,
    ],
    ['half a surrogate pair', () => ({ query: list, variables: { name: '\ud800' } }), (given) => given],
    ['a text that Postgres does not store', () => ({ query: list, variables: { name: '\u0000' } }), (given) => given],
    ['a permission that is missing', () => ({ query: trail }), (given) => given],
    ['extensions', () => ({ query: list, extensions: { persistedQuery: { version: 1 } } }), (given) => given],
    ['an unknown document', () => ({ query: '{ accounts { nothing } }' }), (given) => given],
    [
      'a mutation',
      () => ({ query: 'mutation { accountCreate(input: {name: ""}) { userErrors { code } } }' }),
      (given) => given,
    ],
    ['another kind of content', () => ({ query: list }), (given) => ({ ...given, 'content-type': 'text/plain' })],
    ['a list of operations', () => [{ query: list }], (given) => given],
  ];
  test.each(cases)('%s', async (_what, params, change) => {
    await learn(list);
    await learn(trail, {}, await headersOf(acme, 'admin'));
    const { socket, yoga, short } = await both(await params(), change(headers));
    expect(short).toBe(0);
    expect(socket).toEqual(yoga);
  });

  test('a cost beyond the limit, by variables alone', async () => {
    const query = `query ($n: Int) { accounts(first: $n) { nodes { contacts(first: $n) { nodes { deals(first: $n) { nodes { id } } } } } } }`;
    await learn(query, { n: 2 });
    expect((await both({ query, variables: { n: 2 } })).short).toBe(1);
    const { socket, yoga, short } = await both({ query, variables: { n: 100 } });
    expect(short).toBe(0);
    expect(socket).toEqual(yoga);
    expect(socket.body).toContain('COST_LIMIT');
  });

  test('a filter that goes too deep, by variables alone', async () => {
    const query = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
    const deep = (levels: number): object =>
      levels === 0 ? { name: { eq: 'x' } } : { contacts: { some: { account: deep(levels - 1) } } };
    await learn(query, { f: deep(1) });
    expect((await both({ query, variables: { f: deep(1) } })).short).toBe(1);
    const { socket, yoga, short } = await both({ query, variables: { f: deep(4) } });
    expect(short).toBe(0);
    expect(socket).toEqual(yoga);
    expect(socket.body).toContain('COST_LIMIT');
  });

  test('a field that has only a resolver is never known', async () => {
    await learn('{ viewer { role } }');
    const { socket, yoga, short } = await both({ query: '{ viewer { role } }' });
    expect([short, socket.body]).toEqual([0, '{"data":{"viewer":{"role":"MEMBER"}}}']);
    expect(socket).toEqual(yoga);
  });

  test('a member who was removed is out with the next request', async () => {
    await learn(list);
    const given = await headersOf(acme, 'viewer');
    expect((await both({ query: list }, given)).short).toBe(1);
    await gateway.sql("update org_members set status = 'removed' where org_id = $1 and user_id = $2", [
      acme.id,
      acme.people.viewer.id,
    ]);
    const { socket, yoga, short } = await both({ query: list }, given);
    expect([short, socket.status]).toEqual([0, 403]);
    expect(socket).toEqual(yoga);
  });

  test('somebody who was never here signs up by a known read', async () => {
    await learn(list);
    const token = await gateway.token({ id: '5e1f0000-0000-4000-8000-000000000001', email: 'new@people.example' });
    const { socket, yoga } = await both(
      { query: list },
      { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    );
    expect(socket.status).toBe(200);
    expect(socket).toEqual(yoga);
  });
});

describe('on the wire', () => {
  const request = (body: string, more = '') =>
    `POST /graphql HTTP/1.1\r\nhost: a\r\nauthorization: ${headers.authorization}\r\nx-org: acme\r\ncontent-type: application/json\r\n${more}\r\n${body}`;

  test('a body in chunks, an empty one and one that breaks off', async () => {
    const body = JSON.stringify({ query: list });
    await learn(list);
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(await speak(listener.port, request(chunked, 'transfer-encoding: chunked\r\n'))).toContain('200 OK');
    expect(await speak(listener.port, request('', 'content-length: 0\r\n'))).toContain('400 Bad Request');
    expect(await speak(listener.port, request('{"que', 'content-length: 500\r\n'))).toBe('');
    expect((await both({ query: list })).short).toBe(1);
  });

  test('two requests on one connection, one after the other', async () => {
    await learn(list);
    const body = JSON.stringify({ query: list });
    const one = request(body, `content-length: ${body.length}\r\n`);
    const heard = await speak(listener.port, one + one);
    expect(heard.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  test('connections end while the server drains', async () => {
    await learn(list);
    gateway.server.drain();
    const response = await fetch(listener.url, init(JSON.stringify({ query: list }), headers));
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
  });
});
