import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf, warmUp } from './support/cost.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';
import { hostileKinds, Picks } from './support/hostile-bodies.ts';

/** What one request may take of the processor, and the most that an answer with errors has. */
const budgetMs = 250;
const maxErrorBytes = 65_536;

const bodyLimit = 1_048_576;
const total = 2_000;
/** Small bodies many times, large ones some times, one of each kind at the limit. */
const sizes = [40, 200, 1_000, 4_000, 16_000] as const;

const env = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
  JWT_ISSUER: 'tests',
  JWT_AUDIENCE: 'tests',
  FILES_SECRET: 'a-secret-of-the-tests-files-that-is-long',
  CREDENTIALS_KEY: 'a-key-of-the-tests-that-is-long-enough-too',
};

type Headers = Readonly<Record<string, string>>;

interface Asked {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

async function ask(gateway: Gateway, body: string, headers: Headers): Promise<Asked> {
  let answer = { status: 0, text: '' };
  const ms = await costOf(async () => {
    const response = await gateway.server.fetch(
      new Request('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
        body,
      }),
    );
    answer = { status: response.status, text: await response.text() };
  });
  return { ...answer, ms };
}

/** The better of two tries: what else the process does at a time, such as collecting garbage, is not the request's. */
async function askTwice(gateway: Gateway, body: string, headers: Headers): Promise<Asked> {
  const first = await ask(gateway, body, headers);
  if (first.ms < budgetMs) return first;
  const second = await ask(gateway, body, headers);
  return second.ms < first.ms ? second : first;
}

/** What is wrong with an answer. */
function faultsOf({ status, text, ms }: Asked): string[] {
  const isError = status !== 200 || text.startsWith('{"errors"');
  return [
    ...(ms < budgetMs ? [] : [`${Math.round(ms)} ms`]),
    ...(status < 500 && !text.includes('"INTERNAL"') ? [] : [`status ${status}: ${text.slice(0, 200)}`]),
    ...(isError && Buffer.byteLength(text) > maxErrorBytes ? [`${text.length} characters`] : []),
    ...(text.includes('hunter2') ? ['a secret'] : []),
  ];
}

describe.each([
  ['in development', {}],
  ['in production', env],
])('%s', (mode, settings) => {
  let gateway: Gateway;
  let acme: Org;
  let signedIn: Headers;
  beforeAll(async () => {
    gateway = await startGateway(settings);
    acme = await gateway.organization('acme');
    signedIn = { authorization: `Bearer ${await gateway.token(acme.people.member)}`, 'x-org': 'acme' };
    await warmUp(acme.member);
    await ask(gateway, '{"query":"{ __schema { types { name } } }"}', signedIn);
  });
  afterAll(() => gateway.close());

  test(`${total / 2} hostile bodies are answered with little work`, async () => {
    const dice = new Picks(mode.length);
    const faults: string[] = [];
    for (let index = 0; index < total / 2; index++) {
      const [kind, make] = hostileKinds[index % hostileKinds.length] as (typeof hostileKinds)[number];
      const size = dice.pick(sizes);
      const headers = index % 3 === 0 ? {} : signedIn;
      const asked = await askTwice(gateway, make(dice, size), headers);
      for (const fault of faultsOf(asked)) faults.push(`${kind} of ${size}: ${fault}`);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  test.each(hostileKinds)('at the limit: %s', async (_kind, make) => {
    const dice = new Picks(7);
    let size = bodyLimit - 1_000;
    let body = make(dice, size);
    while (Buffer.byteLength(body) > bodyLimit) {
      size = Math.floor(size * 0.8);
      body = make(dice, size);
    }
    expect(faultsOf(await askTwice(gateway, body, signedIn))).toEqual([]);
    expect(faultsOf(await askTwice(gateway, body, {}))).toEqual([]);
  });
});
