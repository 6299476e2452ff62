/** Every code, wherever in a request it comes from: over a schema that throws what it is told to. */
import { GraphQLError } from 'graphql';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { expect, test } from 'vitest';
import { type ErrorCode, errorStatus, GatewayError, UserError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';
import { useErrors } from '../../src/plugins/use-errors.ts';
import { useRequestId } from '../../src/plugins/use-request-id.ts';
import type { Answer } from '../support/client.ts';

const lines: string[] = [];
const logger = createLogger('info', { write: (line) => lines.push(line) });
let thrown: unknown;
const schema = createSchema({
  typeDefs: 'type Query { fails: Int! other: Int also: Int }',
  resolvers: {
    Query: {
      fails: () => {
        throw thrown;
      },
      other: () => 1,
      also: () => {
        throw thrown;
      },
    },
  },
});
const plugins = [useRequestId({ trustProxy: false }), useErrors({ logger })] as Plugin[];
const yoga = createYoga({ schema, plugins, maskedErrors: false, logging: false });
const ask = async (query: string, accept: string) => {
  const response = await yoga.fetch('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
};
const accepts = ['application/graphql-response+json', 'application/json'] as const;

test.each(Object.entries(errorStatus))('%s is %i', async (code, status) => {
  const lenient = status === 400 ? 200 : status;
  for (const kind of [new GatewayError(code as ErrorCode, 'Said.'), new UserError(code as ErrorCode, 'Said.')]) {
    thrown = kind;
    expect((await ask('{ fails }', accepts[0])).status).toBe(status);
    const { status: given, body, headers } = await ask('{ fails }', accepts[1]);
    expect([given, body.errors?.[0]?.message, body.errors?.[0]?.extensions.code]).toEqual([lenient, 'Said.', code]);
    expect(headers.get('retry-after')).toBe(status === 503 || status === 429 ? '1' : null);
    expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    const beside = await ask('{ other also }', accepts[0]);
    expect([beside.status, beside.body.data]).toEqual([200, { other: 1, also: null }]);
  }
});

test.each([
  ['an Error', new Error('secret words')],
  ['a text', 'secret words'],
  ['an object', { message: 'secret words' }],
  ['nothing', undefined],
  ['an error with errors', new AggregateError([new Error('secret words')], 'secret words')],
  ['an error that says it was not expected', new GraphQLError('secret words', { extensions: { unexpected: true } })],
])('%s is masked and logged once', async (_what, value) => {
  thrown = value;
  lines.length = 0;
  const { status, body } = await ask('{ fails }', accepts[1]);
  expect([status, body.errors?.[0]?.extensions.code]).toEqual([500, 'INTERNAL']);
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(lines).toHaveLength(1);
});
