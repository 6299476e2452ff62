import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budgetMs, costOf, warmUp } from '../support/cost.ts';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  await warmUp(acme.member);
});
afterAll(() => gateway.close());

describe('introspection', () => {
  test('the usual query is answered', async () => {
    const { __schema } = await acme.member.ok(getIntrospectionQuery());
    expect(__schema.queryType.name).toBe('Query');
  });

  test.each([
    ['deep', '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }'],
    [
      'wide',
      `{ __schema { ${Array.from({ length: 29 }, (_, i) => `t${i}: types { fields { args { type { fields { name } } } } }`).join(' ')} } }`,
    ],
    [
      'repeated by fragments',
      '{ ...A } fragment A on Query { __schema { types { fields { type { fields { args { type { fields { name } } } } } } } } }',
    ],
  ])('a %s one is refused with little work', async (_what, query) => {
    const spent = await costOf(async () => expect((await acme.member.run(query)).status).toBe(400));
    expect(spent).toBeLessThan(budgetMs);
  });
});

describe('in production', () => {
  let production: Gateway;
  const env = {
    NODE_ENV: 'production',
    JWT_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
    JWT_ISSUER: 'tests',
    JWT_AUDIENCE: 'tests',
  };
  beforeAll(async () => {
    production = await startGateway(env);
  });
  afterAll(() => production.close());

  test('who is not signed in learns nothing of the schema', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Query") { name } }',
      '{ nothing }',
      '{',
      '{ __typename viewer { id } }',
    ]) {
      const { status, errors } = await production.anonymous.run(query);
      expect([status, errors?.map(({ message }) => message)]).toEqual([
        401,
        ['Sign in: send a token as "Authorization: Bearer <token>".'],
      ]);
    }
    expect((await production.anonymous.run('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  test('who is signed in may introspect, and gets no suggestions', async () => {
    const person = await production.person();
    expect((await person.ok('{ __type(name: "Query") { name } }')).__type.name).toBe('Query');
    const messages = async (query: string, variables: object = {}) =>
      (await person.run(query, variables)).errors?.map(({ message }) => message);
    expect(await messages('{ acounts { totalCount } }')).toEqual(['Cannot query field "acounts" on type "Query".']);
    expect(await messages('{ accounts(frist: 1) { totalCount } }')).toEqual([
      'Unknown argument "frist" on field "Query.accounts".',
    ]);
    expect(await messages('query ($f: AccountFiltr) { accounts(filter: $f) { totalCount } }')).toEqual([
      'Unknown type "AccountFiltr".',
    ]);
    const wrong = await messages('query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }', {
      f: { nam: {} },
    });
    expect(wrong?.join()).not.toContain('Did you mean');
  });

  test('no page is served', async () => {
    for (const path of ['/', '/graphiql', '/graphql']) {
      const response = await production.server.fetch(
        new Request(`http://gateway${path}`, { headers: { accept: 'text/html' } }),
      );
      expect(response.headers.get('content-type') ?? '').not.toContain('text/html');
    }
  });
});
