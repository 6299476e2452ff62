import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { GatewayError } from '../../src/errors.ts';
import { createEmbedder } from '../../src/search/embedder.ts';
import { createHttpEmbedder } from '../../src/search/http-embedder.ts';

type Asked = { method?: string; authorization?: string; body: { model: string; input: string[]; dimensions: number } };
type Step = (request: Asked, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/embeddings`;
}

async function readBody(request: IncomingMessage): Promise<Asked['body']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** A service that plays one step for each request, the last one for ever, and the requests that it got. */
async function service(...steps: Step[]) {
  const asked: Asked[] = [];
  const url = await listen(async (request, response) => {
    const { method, headers } = request;
    const step = steps[Math.min(asked.length, steps.length - 1)];
    const entry = { method, authorization: headers.authorization, body: await readBody(request) };
    asked.push(entry);
    step?.(entry, response);
  });
  return { asked, embedder: createHttpEmbedder({ url, apiKey: 'key-secret', model: 'm-1', timeoutMs: 300 }) };
}

const say =
  (status: number, body: string, headers: Record<string, string> = {}): Step =>
  (_, response) =>
    response.writeHead(status, headers).end(body);
const data = (...items: unknown[]) => say(200, JSON.stringify({ data: items }));
/** Answers properly: text number n of the request becomes [n, length of the text]. */
const good: Step = ({ body }, response) =>
  response.end(JSON.stringify({ data: body.input.map((text, index) => ({ index, embedding: [index, text.length] })) }));
const silent: Step = () => {};
const hangUp: Step = (_, response) => response.destroy();

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof GatewayError ? { code: error.code, message: error.message } : error),
  );

test('the request carries model, texts, dimensions and key', async () => {
  const { asked, embedder } = await service(good);
  expect(embedder.model).toBe('m-1');
  expect(await embedder.embed(['a', 'bcd'], 2)).toEqual([
    [0, 1],
    [1, 3],
  ]);
  expect(asked).toEqual([
    { method: 'POST', authorization: 'Bearer key-secret', body: { model: 'm-1', input: ['a', 'bcd'], dimensions: 2 } },
  ]);
});

test('without a key no authorization is sent', async () => {
  let authorization: string | undefined = 'unset';
  const url = await listen((request, response) => {
    authorization = request.headers.authorization;
    response.end(JSON.stringify({ data: [{ embedding: [1] }] }));
  });
  const config = readConfig({ EMBEDDING_URL: url, EMBEDDING_MODEL: 'm-2' }).embedder;
  const embedder = createEmbedder(config);
  expect(embedder.model).toBe('m-2');
  expect(await embedder.embed(['a'], 1)).toEqual([[1]]);
  expect(authorization).toBeUndefined();
});

test('without an address the embedder is the offline one', async () => {
  expect(createEmbedder(readConfig({}).embedder).model).toBe('lexical-hash-v1');
});

test('no texts, no request', async () => {
  const { asked, embedder } = await service(good);
  expect(await embedder.embed([], 2)).toEqual([]);
  expect(asked).toEqual([]);
});

test('many texts go in batches of 64 and come back in order', async () => {
  const { asked, embedder } = await service(good);
  const texts = Array.from({ length: 130 }, (_, index) => 'x'.repeat(index + 1));
  const vectors = await embedder.embed(texts, 2);
  expect(asked.map(({ body }) => body.input.length)).toEqual([64, 64, 2]);
  expect(vectors.map(([, length]) => length)).toEqual(texts.map((text) => text.length));
});

test('answers are put in order by their index', async () => {
  const { embedder } = await service(data({ index: 1, embedding: [2] }, { index: 0, embedding: [1] }));
  expect(await embedder.embed(['a', 'b'], 1)).toEqual([[1], [2]]);
});

test.each([500, 502, 503, 408, 429])('status %i is tried again', async (status) => {
  const { asked, embedder } = await service(say(status, 'body-secret'), good);
  expect(await embedder.embed(['abc'], 2)).toEqual([[0, 3]]);
  expect(asked).toHaveLength(2);
});

test('a broken connection and a time-out are tried again', async () => {
  const { asked, embedder } = await service(hangUp, silent, good);
  expect(await embedder.embed(['abc'], 2)).toEqual([[0, 3]]);
  expect(asked).toHaveLength(3);
});

test('after three tries it is unavailable, without the body or the key', async () => {
  const { asked, embedder } = await service(say(500, 'body-secret key-secret'));
  expect(await refusal(embedder.embed(['a'], 2))).toEqual({
    code: 'UNAVAILABLE',
    message: 'The embedding service answered with status 500.',
  });
  expect(asked).toHaveLength(3);
});

test('a service that never answers is unavailable after three time-outs', async () => {
  const { asked, embedder } = await service(silent);
  const start = performance.now();
  const message = 'The embedding service did not answer in time.';
  expect(await refusal(embedder.embed(['a'], 2))).toEqual({ code: 'UNAVAILABLE', message });
  expect(asked).toHaveLength(3);
  expect(performance.now() - start).toBeGreaterThan(880);
});

test('a body that stops half way is a time-out too', async () => {
  const half: Step = (_, response) => response.writeHead(200, { 'content-length': '100' }).write('{"data":');
  const { asked, embedder } = await service(half, good);
  expect(await embedder.embed(['abc'], 2)).toEqual([[0, 3]]);
  expect(asked).toHaveLength(2);
});

test('a closed port is unavailable', async () => {
  const url = await listen(() => {});
  await new Promise((resolve) => servers.pop()?.close(resolve));
  const options = { url, apiKey: undefined, model: 'm', timeoutMs: 300 };
  const message = 'The embedding service cannot be reached.';
  expect(await refusal(createHttpEmbedder(options).embed(['a'], 2))).toEqual({ code: 'UNAVAILABLE', message });
});

test('Retry-After is waited for', async () => {
  const times: number[] = [];
  const limited: Step = (_, response) => {
    times.push(performance.now());
    response.writeHead(429, { 'retry-after': '1' }).end();
  };
  const answer: Step = (asked, response) => {
    times.push(performance.now());
    good(asked, response);
  };
  const steps = [limited, answer];
  const patient = await listen(async (request, response) => {
    const body = await readBody(request);
    steps.shift()?.({ body }, response);
  });
  const embedder = createHttpEmbedder({ url: patient, apiKey: undefined, model: 'm', timeoutMs: 1_500 });
  expect(await embedder.embed(['abc'], 2)).toEqual([[0, 3]]);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(995);
});

test.each(['1', new Date(Date.now() + 3_600_000).toUTCString()])(
  'a Retry-After beyond the time-out (%s) ends the tries',
  async (header) => {
    const { asked, embedder } = await service(say(429, '', { 'retry-after': header }), good);
    const message = 'The embedding service answered with status 429.';
    expect(await refusal(embedder.embed(['a'], 2))).toEqual({ code: 'UNAVAILABLE', message });
    expect(asked).toHaveLength(1);
  },
);

test.each([400, 401, 404, 307])('status %i is final', async (status) => {
  const { asked, embedder } = await service(say(status, '', { location: '/elsewhere' }), good);
  const message = `The embedding service answered with status ${status}.`;
  expect(await refusal(embedder.embed(['a'], 2))).toEqual({ code: 'UNAVAILABLE', message });
  expect(asked).toHaveLength(1);
});

test.each<[string, Step]>([
  ['one vector too few', data({ index: 0, embedding: [1, 2] })],
  ['one vector too many', data({ embedding: [1, 2] }, { embedding: [1, 2] }, { embedding: [1, 2] })],
  ['the same index twice', data({ index: 0, embedding: [1, 2] }, { index: 0, embedding: [1, 2] })],
  ['a vector of another length', data({ embedding: [1, 2] }, { embedding: [1, 2, 3] })],
  ['NaN as text', data({ embedding: [1, 2] }, { embedding: [1, 'NaN'] })],
  ['NaN as JSON has none', say(200, '{"data":[{"embedding":[1,2]},{"embedding":[1,NaN]}]}')],
  ['a null in a vector', data({ embedding: [1, 2] }, { embedding: [1, null] })],
  ['an infinite number', say(200, '{"data":[{"embedding":[1,2]},{"embedding":[1,1e999]}]}')],
  ['a vector of zeros', data({ embedding: [1, 2] }, { embedding: [0, 0] })],
  ['no vectors', say(200, '{}')],
  ['no JSON', say(200, 'body-secret')],
])('an answer with %s cannot be used and is not asked for again', async (_, step) => {
  const { asked, embedder } = await service(step);
  expect(await refusal(embedder.embed(['a', 'b'], 2))).toEqual({
    code: 'UNAVAILABLE',
    message: 'The embedding service gave an answer that cannot be used.',
  });
  expect(asked).toHaveLength(1);
});
