import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { demoTokens } from '../src/demo.ts';
import { areas, examples, opening } from '../src/graphiql/examples/index.ts';
import { schema } from '../src/schema.ts';
import { createGateway } from '../src/server.ts';
import { startDemo } from './support/demo.ts';
import type { Client, Gateway } from './support/gateway.ts';

let gateway: Gateway;
let ada: Client;

beforeAll(async () => {
  gateway = await startDemo();
  const [person] = await demoTokens(gateway.config);
  ada = gateway.withToken(person?.token ?? '').inOrg('acme');
});
afterAll(() => gateway.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  gateway.server.fetch(new Request(`http://localhost${path}`, { headers }));

/** The settings that the page starts GraphiQL with. */
async function settingsOf(response: Response) {
  const [, json = ''] = /id="settings">(.*?)<\/script>/s.exec(await response.text()) ?? [];
  return JSON.parse(json) as { endpoint: string; headers: string; examples: { title: string; query: string }[] };
}

/** Who the headers of a page sign in, and where. */
async function signedInAt(path: string) {
  const headers = JSON.parse((await settingsOf(await get(path))).headers) as Record<string, string>;
  const [, claims = ''] = headers.Authorization?.split('.') ?? [];
  return { email: JSON.parse(Buffer.from(claims, 'base64url').toString()).email as string, org: headers['X-Org'] };
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** The parts of an answer, one and two levels deep, that hold nothing. */
const emptyParts = (data: Readonly<Record<string, object | null>>): string[] =>
  Object.entries(data).flatMap(([key, value]) => [
    ...(isEmpty(value) ? [key] : []),
    ...Object.entries(Array.isArray(value) ? {} : (value ?? {}))
      .filter(([inner, part]) => inner !== 'userErrors' && isEmpty(part))
      .map(([inner]) => `${key}.${inner}`),
  ]);

describe('examples', () => {
  test.each(examples)('$name is valid, and named as its tab is', ({ name, query }) => {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(query).toMatch(new RegExp(`^(#.*\\n)+(query|mutation) ${name}\\b`));
  });

  test.each(examples)('$name finds something in the demo data', async ({ query, variables }) => {
    expect(emptyParts(await ada.ok(query, variables))).toEqual([]);
  });

  test('of another organization a record does not exist', async () => {
    const { query, variables } = examples.find(({ name }) => name === 'Node') ?? { query: '' };
    const { nodes } = await ada.ok(query, variables);
    expect(nodes.map((node: unknown) => node !== null)).toEqual([true, true, false]);
  });
});

describe('the page', () => {
  test('signs in the first of the demo people, in their organization', async () => {
    expect(await signedInAt('/graphiql')).toEqual({ email: 'owner@acme.example', org: 'acme' });
  });

  test('signs in the person and organization of its address', async () => {
    const path = '/graphiql?as=viewer@globex.example&org=initech';
    expect(await signedInAt(path)).toEqual({ email: 'viewer@globex.example', org: 'initech' });
  });

  test('signs in the first for a person who is not of the demo', async () => {
    expect(await signedInAt('/graphiql?as=root@elsewhere.example')).toEqual({
      email: 'owner@acme.example',
      org: 'acme',
    });
  });

  test('has all examples, and offers them area by area', async () => {
    const page = await get('/graphiql');
    const html = await page.clone().text();
    const settings = await settingsOf(page);
    expect(settings.endpoint).toBe('/graphql');
    expect(settings.examples.map(({ query }) => query)).toEqual(examples.map(({ query }) => query));
    expect([...html.matchAll(/<optgroup label="([^"]*)"/g)].map(([, name]) => name)).toEqual(
      areas.map(({ name }) => name),
    );
    for (const { name } of examples) expect(html).toContain(`<option value="${name}">${name}</option>`);
  });

  test('opens with examples that there are', () => {
    expect(examples.map(({ name }) => name)).toEqual(expect.arrayContaining([...opening]));
  });

  test('cannot be broken out of by its address', async () => {
    const html = await (await get('/graphiql?as=%3Cscript%3E&org=%22%3E%3Cscript%3Ealert(1)%3C/script%3E')).text();
    expect(html).not.toContain('alert(1)');
    expect(html.match(/<script/g)).toHaveLength(3);
  });

  test('is not kept, not framed, and reaches no other address', async () => {
    const { headers } = await get('/graphiql');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  test('refers to nothing but its own files, which are all there', async () => {
    const html = await (await get('/graphiql')).text();
    const addresses = [...html.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, address = '']) => address);
    expect(addresses).toEqual(
      ['icon.svg', 'graphiql.css', 'page.css', 'graphiql.js', 'page.js'].map((name) => `/graphiql/${name}`),
    );
    for (const address of addresses) expect((await get(address)).status).toBe(200);
  });

  test.each(['editor-worker.js', 'graphql-worker.js', 'json-worker.js'])('has the worker %s', async (name) => {
    const { status, headers } = await get(`/graphiql/${name}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  });

  test('sends a file again only when it has changed', async () => {
    const etag = (await get('/graphiql/page.js')).headers.get('etag') ?? '';
    expect((await get('/graphiql/page.js', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/graphiql/page.js', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('is where the root leads', async () => {
    const { status, headers } = await get('/');
    expect([status, headers.get('location')]).toEqual([302, '/graphiql']);
  });
});

describe('in production', () => {
  const inProduction = (env: Readonly<Record<string, string>>) => {
    const secrets = { JWT_SECRET: 'a secret of the test, long enough for it', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' };
    const config = readConfig({ NODE_ENV: 'production', LOG_LEVEL: 'silent', ...secrets, ...env });
    return createGateway(config, gateway.database);
  };

  test.each(['/', '/graphiql', '/graphiql/page.js'])('%s is not there', async (path) => {
    const server = inProduction({});
    expect((await server.fetch(new Request(`http://gateway${path}`))).status).toBe(404);
    await server.close();
  });

  test('it can be had by asking for it, without anybody signed in', async () => {
    const server = inProduction({ GRAPHIQL: 'on' });
    const response = await server.fetch(new Request('http://gateway/graphiql?as=owner@acme.example'));
    expect((await settingsOf(response)).headers).toBe('{\n  "Authorization": "Bearer ",\n  "X-Org": ""\n}');
    await server.close();
  });
});
