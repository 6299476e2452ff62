/**
 * Operations that an application sends, one behaviour each, in `golden/`; and those that GraphiQL opens with. They are
 * answered alike with and without the compiler, and the golden ones by the compiler.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examples } from '../../src/graphiql/examples/index.ts';
import { alike } from './alike.ts';
import type { Operation } from './operation.ts';
import { readsOf } from './reads.ts';
import { startTwoServers, type TwoServers } from './two-servers.ts';

const folder = join(import.meta.dirname, 'golden');
const golden = readdirSync(folder).map((file) => {
  const query = readFileSync(join(folder, file), 'utf8');
  return { name: file.replace('.graphql', ''), behaviour: /^# (.*)/.exec(query)?.[1] ?? '', query };
});

let two: TwoServers;

beforeAll(async () => {
  two = await startTwoServers();
}, 120_000);
afterAll(() => two.close());

const cursorIn = (body: string, name: string): string | undefined => new RegExp(`"${name}":"([^"]+)"`).exec(body)?.[1];

/** The operation for the next page, when its list goes on. */
function following({ query }: Operation, body: string): Operation | undefined {
  const forwards = query.includes('$after:');
  const more = body.includes(forwards ? '"hasNextPage":true' : '"hasPreviousPage":true');
  const cursor = cursorIn(body, forwards ? 'endCursor' : 'startCursor');
  if (!more || !cursor) return undefined;
  if (forwards) return { query, variables: { after: cursor } };
  return query.includes('$before:') ? { query, variables: { before: cursor } } : undefined;
}

const maxPages = 6;

/** The answers of an operation, and of its further pages. */
async function answers(query: string): Promise<string[]> {
  const bodies: string[] = [];
  let operation: Operation | undefined = { query, variables: {} };
  while (operation && bodies.length < maxPages) {
    const { body } = (await alike(two, operation)).plain;
    bodies.push(body);
    operation = following(operation, body);
  }
  return bodies;
}

describe.each(golden)('golden $name: $behaviour', ({ query }) => {
  test('is answered alike', async () => {
    const bodies = await answers(query);
    for (const body of bodies) expect(body).toMatch(/^\{"data":\{.*\}\}$/s);
    expect(new Set(bodies).size).toBe(bodies.length);
    expect(bodies.length).toBeGreaterThan(/\$(after|before):/.test(query) ? 2 : 0);
  });

  test('is compiled', async () => {
    const before = await readsOf(two.compiled);
    const { refused } = await two.ask(two.callers.owner, { query, variables: {} });
    expect(refused).toBeNull();
    expect(await readsOf(two.compiled)).toEqual({ ...before, compiler: before.compiler + 1 });
  });
});

const reading = examples.filter(({ query }) => /^query/m.test(query));

test.each(reading)('the example $name is answered alike', async ({ query, variables = {} }) => {
  const { status, body } = (await alike(two, { query, variables })).plain;
  expect([status, 'errors' in JSON.parse(body)]).toEqual([200, false]);
});
