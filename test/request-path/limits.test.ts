import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budgetMs, costOf, warmUp } from '../support/cost.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { type Listener, listen } from '../support/listener.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await warmUp(acme.member);
});
afterAll(() => gateway.close());

/** Status, code and message of an answer that must be one error and nothing else. */
async function refusal(query: string, variables: object = {}) {
  const { status, data, errors } = await acme.member.run(query, variables);
  expect(data).toEqual({});
  expect(errors).toHaveLength(1);
  return { status, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
}

describe('the body', () => {
  const limit = 1_048_576;
  let listener: Listener;
  let authorization: string;
  beforeAll(async () => {
    listener = await listen(gateway.server.http());
    authorization = `Bearer ${await gateway.token(acme.people.member)}`;
  });
  afterAll(() => listener.close());

  const bodyOf = (bytes: number) => {
    const empty = JSON.stringify({ query: '{ __typename }', extensions: { padding: '' } });
    return empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`);
  };

  /** Sends a body in pieces, with or without saying its length first. */
  const send = (body: string, headers: Record<string, string | number> = {}) =>
    new Promise<{ status: number | undefined; text: string; ms: number }>((resolve, reject) => {
      const startedAt = performance.now();
      const upload = request(listener.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization, ...headers },
      });
      upload.on('error', reject);
      upload.on('response', (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, text, ms: performance.now() - startedAt }));
      });
      for (let at = 0; at < body.length; at += 16_384) upload.write(body.slice(at, at + 16_384));
      upload.end();
    });

  test('of exactly the limit is read', async () => {
    expect(await send(bodyOf(limit), { 'content-length': limit })).toMatchObject({
      status: 200,
      text: '{"data":{"__typename":"Query"}}',
    });
    expect(await send(bodyOf(limit))).toMatchObject({ status: 200, text: '{"data":{"__typename":"Query"}}' });
  });

  test.each([
    ['that says its length', true],
    ['in chunks', false],
  ])('a tenth beyond the limit, %s, is 413', async (_how, says) => {
    const size = Math.round(limit * 1.1);
    const { status, text } = await send(bodyOf(size), says ? { 'content-length': size } : {});
    expect(status).toBe(413);
    expect(JSON.parse(text).errors[0]).toMatchObject({
      message: `The body is larger than ${limit} bytes.`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('beyond the limit is refused before it has come', async () => {
    const response = new Promise<number | undefined>((resolve) => {
      const upload = request(listener.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization, 'content-length': limit * 50 },
      });
      upload.on('error', () => {});
      upload.on('response', ({ statusCode }) => {
        resolve(statusCode);
        upload.destroy();
      });
      upload.write('{');
    });
    expect(await response).toBe(413);
  });
});

describe('hostile documents', () => {
  const nest = (open: string, middle: string, close: string, levels: number) =>
    open.repeat(levels) + middle + close.repeat(levels);
  const path = 'accounts nodes contacts nodes account contacts nodes account contacts nodes account contacts nodes';
  const deep = `${path.split(' ').join(' { ')} { id }${' }'.repeat(path.split(' ').length - 1)}`;

  test.each([
    ['5,000 nested fields', nest('{a', '{b}', '}', 5_000)],
    ['5,000 nested fields that never close', '{a'.repeat(5_000)],
    ['8,000 nested lists', `{ accounts(filter: ${nest('[', '', ']', 8_000)}) { totalCount } }`],
    ['1,900 nested lists that never close', `{ accounts(filter: ${'['.repeat(1_900)}`],
    ['8,000 nested objects', `{ accounts(filter: ${nest('{not:', '1', '}', 8_000)}) { totalCount } }`],
    ['5,000 nested inline fragments', `{${nest('...{', 'b', '}', 5_000)}}`],
    ['2,000 fields', `{${' __typename'.repeat(2_000)}}`],
    ['2,000 directives', `{ __typename ${'@skip(if: false)'.repeat(2_000)} }`],
  ])('%s are 400', async (_what, query) => {
    const spent = await costOf(async () =>
      expect(await refusal(query)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' }),
    );
    expect(spent).toBeLessThan(budgetMs);
  });

  test('the parser stops at 2,000 tokens and says so', async () => {
    expect((await refusal(`{${' __typename'.repeat(2_000)}}`)).message).toBe(
      'Syntax Error: Document contains more that 2000 tokens. Parsing aborted.',
    );
  });

  test.each([
    ['the same fields 240 times', `{ ${'accounts { nodes { id } } '.repeat(240)} }`],
    [
      'fragments that spread each other',
      `{ ...a } fragment a on Query { __typename ...b } fragment b on Query { __typename ...a }`,
    ],
    ['a fragment that spreads itself', '{ ...a } fragment a on Query { ...a }'],
    [
      'fragments that double 30 times',
      `{ ...f0 } ${Array.from({ length: 30 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f30 on Query { __typename }`,
    ],
    [
      'fragments that multiply',
      `{ ...f0 } ${Array.from({ length: 12 }, (_, i) => `fragment f${i} on Query { ${`...f${i + 1} `.repeat(8)} }`).join(' ')} fragment f12 on Query { viewer { role } }`,
    ],
    ['many unknown fields', `{ ${Array.from({ length: 900 }, (_, i) => `acount${i}`).join(' ')} }`],
    [
      'conflicting aliases',
      `{ ${Array.from({ length: 120 }, (_, i) => `x: accounts(first: ${i}) { nodes { x: id } }`).join(' ')} }`,
    ],
    [
      'inline fragments that overlap',
      `{ accounts { nodes { ${'... on Account { owner { ... on Member { id } } } '.repeat(110)} } } }`,
    ],
  ])('%s: answered with little work', async (_what, query) => {
    const spent = await costOf(async () => expect((await acme.member.run(query)).status).toBeLessThan(500));
    expect(spent).toBeLessThan(budgetMs);
  });

  test('nesting beyond the limit', async () => {
    expect(await refusal(`{ ${deep} }`)).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      message: 'The query is nested more than 12 levels deep.',
    });
  });

  test('nesting inside a fragment counts from where it is spread', async () => {
    const query = `{ accounts { nodes { ...A } } } fragment A on Account { contacts { nodes { ...C } } }
      fragment C on Contact { account { contacts { nodes { account { contacts { nodes { account { contacts { nodes { id } } } } } } } } } }`;
    expect((await refusal(query)).message).toBe('The query is nested more than 12 levels deep.');
  });

  test('30 aliases are allowed, 31 are not', async () => {
    const document = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')} }`;
    expect((await acme.member.run(document(30))).errors).toBeUndefined();
    expect(await refusal(document(31))).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      message: 'The query has more than 30 aliases.',
    });
  });

  test('a field may stand ten times in one place, not eleven times', async () => {
    expect((await acme.member.run(`{ ${'__typename '.repeat(10)} }`)).errors).toBeUndefined();
    expect((await refusal(`{ ${'__typename '.repeat(11)} }`)).message).toBe(
      'The query asks for "__typename" more than 10 times in one place. Once is enough.',
    );
  });

  test('aliases inside a fragment count each time it is spread', async () => {
    const aliases = Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ');
    expect((await refusal(`{ ...F ...F } fragment F on Query { ${aliases} }`)).message).toBe(
      'The query has more than 30 aliases.',
    );
  });

  test('a fragment named like introspection does not escape the limits', async () => {
    for (const name of ['__schema', '__type', '__typename']) {
      const query = `{ ...${name} } fragment ${name} on Query { ${deep} }`;
      expect((await refusal(query)).message).toBe('The query is nested more than 12 levels deep.');
      expect((await gateway.anonymous.run(query)).status).not.toBe(200);
    }
  });

  test.each([
    [
      'deep',
      { filter: JSON.parse(`${'{"not":'.repeat(500)}{}${'}'.repeat(500)}`) },
      'The variables are nested more than 50 levels deep.',
    ],
    [
      'many',
      { filter: { name: { in: Array.from({ length: 20_001 }, () => 'x') } } },
      'The variables hold more than 20000 values.',
    ],
    [
      'rich in conditions',
      { filter: { or: Array.from({ length: 2_001 }, () => ({})) } },
      'The variables hold more than 2000 objects.',
    ],
  ])('variables that are too %s', async (_what, variables, message) => {
    const query = 'query ($filter: AccountFilter) { accounts(filter: $filter) { totalCount } }';
    expect(await refusal(query, variables)).toEqual({ status: 400, code: 'BAD_USER_INPUT', message });
  });
});

describe('cost', () => {
  const cost = (requested: number) => ({
    status: 400,
    code: 'COST_LIMIT',
    message: `The query may give back ${requested} objects; the limit is 100000. Ask for smaller pages (first) or fewer levels.`,
  });
  const three = (first: string) =>
    `accounts(first: ${first}) { nodes { contacts(first: ${first}) { nodes { deals(first: ${first}) { nodes { id } } } } } }`;

  test('page sizes multiply along the way down', async () => {
    expect(await refusal(`{ ${three('100')} }`)).toEqual(cost(100 * (1 + 100 * (1 + 100))));
    expect((await acme.member.run(`{ ${three('46')} }`)).errors).toBeUndefined();
  });

  test('a page size counts wherever it comes from', async () => {
    const expected = cost(1_010_100);
    expect(await refusal(`query ($n: Int!) { ${three('$n')} }`, { n: 100 })).toEqual(expected);
    expect(await refusal(`query ($n: Int = 100) { ${three('$n')} }`)).toEqual(expected);
    expect(await refusal(`{ ${three('null, last: 100')} }`)).toEqual(expected);
    expect(await refusal(`{ ...A } fragment A on Query { ${three('100')} }`)).toEqual(expected);
  });

  test('without a page size the default counts', async () => {
    const four = 'accounts { nodes { contacts { nodes { deals { nodes { interactions { nodes { id } } } } } } } }';
    expect(await refusal(`{ ${four} }`)).toEqual(cost(25 * (1 + 25 * (1 + 25 * (1 + 25)))));
  });

  test('aliases add up', async () => {
    const query = Array.from(
      { length: 12 },
      (_, i) => `a${i}: accounts(first: 100) { nodes { contacts(first: 100) { nodes { id } } } }`,
    ).join(' ');
    expect(await refusal(`{ ${query} }`)).toEqual(cost(12 * 100 * 101));
  });

  test('nodes counts its ids', async () => {
    const ids = Array.from(
      { length: 100 },
      (_, i) => `account_00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
    );
    const inner = '... on Account { contacts(first: 100) { nodes { deals(first: 100) { nodes { id } } } } }';
    expect(await refusal(`query ($ids: [ID!]!) { nodes(ids: $ids) { ${inner} } }`, { ids })).toEqual(
      cost(100 * (1 + 100 * 101)),
    );
  });

  test('the numbers stand in the extensions, too', async () => {
    const { errors } = await acme.member.run(`{ ${three('100')} }`);
    expect(errors?.[0]?.extensions.cost).toEqual({ requested: 1_010_100, limit: 100_000 });
  });

  test('a page of more than 100 is an error, wherever it stands', async () => {
    expect(await refusal('{ accounts(first: 101) { totalCount } }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'A page has 0 to 100 rows; 101 were asked for.',
    });
    expect(
      (await refusal('query ($n: Int) { accounts(first: $n) { totalCount } }', { n: 2_147_483_647 })).message,
    ).toBe('A page has 0 to 100 rows; 2147483647 were asked for.');
    const nested = await acme.member.run('{ accounts { nodes { contacts(last: 101) { totalCount } } } }');
    expect(nested.errors?.[0]?.message).toBe('A page has 0 to 100 rows; 101 were asked for.');
  });
});
