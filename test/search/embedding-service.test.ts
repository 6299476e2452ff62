import { createServer, type RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Another, another } from '../support/another.ts';
import { type Data, type Gateway, type Org, startGateway } from '../support/gateway.ts';
import { type Listener, listen } from '../support/listener.ts';
import { failure, make, refusal, write } from '../support/write.ts';

let gateway: Gateway;
let acme: Org;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => gateway.close());

interface Served {
  readonly service: Listener;
  /** How many times the service was asked. */
  readonly asked: () => number;
  readonly server: Another;
}

/** Gives each text a vector of ones, of the length that was asked for. */
const ones: RequestListener = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { input, dimensions } = JSON.parse(Buffer.concat(chunks).toString());
  response.end(JSON.stringify({ data: input.map(() => ({ embedding: new Array(dimensions).fill(1) })) }));
};

/** Another server on the same database, with an embedding service. */
async function served(answer: RequestListener = ones): Promise<Served> {
  let count = 0;
  const service = await listen(
    createServer((request, response) => {
      count++;
      answer(request, response);
    }),
  );
  const env = { EMBEDDING_URL: service.at('/embed'), EMBEDDING_MODEL: 'ones', EMBEDDING_TIMEOUT_MS: '200' };
  const server = await another(gateway, { env });
  open.push(service, server);
  return { service, asked: () => count, server };
}

const document = { title: 'Roof', body: 'It leaks' };
const saved = () => gateway.sql('select * from documents order by id');

test('a search finds only what was embedded by the model of the server that is asked', async () => {
  const { server } = await served();
  const client = await server.client(acme);
  const [online, offline] = [await make(client, 'Document', document), await make(acme.member, 'Document', document)];
  const query = '{ searchDocuments(text: "roof") { model exact nodes { id embeddingModel } } }';
  const found = (id: string, model: string) => ({ model, exact: true, nodes: [{ id, embeddingModel: model }] });
  expect((await client.ok(query)).searchDocuments).toEqual(found(online, 'ones'));
  expect((await acme.viewer.ok(query)).searchDocuments).toEqual(found(offline, 'lexical-hash-v1'));
  const byVector = `query ($vector: Vector!, $model: String) { searchDocuments(vector: $vector, model: $model) { nodes { id } } }`;
  const vector = new Array(768).fill(2);
  const ids = async (model?: string) =>
    (await acme.viewer.ok(byVector, { vector, model })).searchDocuments.nodes.map(({ id }: Data) => id);
  expect([await ids('ones'), await ids(), await ids('other')]).toEqual([[online], [offline], []]);
});

test('another text is embedded by the model of the day', async () => {
  const id = await make(acme.member, 'Document', document);
  const client = await (await served()).server.client(acme);
  expect(await write(client, 'documentUpdate', { id, sourceUri: 'x' }, 'embeddingModel')).toEqual({
    embeddingModel: 'lexical-hash-v1',
  });
  expect(await write(client, 'documentUpdate', { id, title: 'Cellar' }, 'embeddingModel')).toEqual({
    embeddingModel: 'ones',
  });
});

test('a service that cannot be reached ends the search, and the other fields of the query answer', async () => {
  const { service, server } = await served();
  await service.close();
  const client = await server.client(acme);
  const { errors } = await client.run('{ searchDocuments(text: "roof") { exact } }');
  expect(errors).toMatchObject([
    {
      message: 'The embedding service cannot be reached.',
      extensions: { code: 'UNAVAILABLE' },
      path: ['searchDocuments'],
    },
  ]);
  const vector = new Array(768).fill(1);
  const { searchDocuments } = await client.ok(
    'query ($vector: Vector!) { searchDocuments(vector: $vector) { model } }',
    { vector },
  );
  expect(searchDocuments).toEqual({ model: 'ones' });
});

test('a service that cannot be reached keeps nobody from changing what is not embedded', async () => {
  const id = await make(acme.member, 'Document', document);
  const { service, server } = await served();
  await service.close();
  expect(await write(await server.client(acme), 'documentUpdate', { id, mimeType: 'text/html' }, 'mimeType')).toEqual({
    mimeType: 'text/html',
  });
});

test('an unusable answer is UNAVAILABLE, and nothing is saved', async () => {
  const { server } = await served((_, response) => response.end('{"data":[{"embedding":[1,2,3]}]}'));
  const before = await saved();
  const message = 'The embedding service gave an answer that cannot be used.';
  expect(await failure(await server.client(acme), 'documentCreate', document)).toEqual(['UNAVAILABLE', message]);
  expect(await saved()).toEqual(before);
});

test('the service is not asked for a row that cannot be changed', async () => {
  const id = await make(acme.member, 'Document', document);
  await write(acme.member, 'documentDelete', { id });
  const { asked, server } = await served();
  const client = await server.client(acme);
  const deleted = { code: 'CONFLICT', message: 'It is deleted. Restore it first.', path: ['id'], currentVersion: 2 };
  expect(await refusal(client, 'documentUpdate', { id, body: 'C' })).toEqual([deleted]);
  const stale = 'Somebody changed it: the current version is 2, not 1.';
  expect(await refusal(client, 'documentUpdate', { id, body: 'C', expectedVersion: 1 })).toEqual([
    { code: 'CONFLICT', message: stale, path: ['expectedVersion'], currentVersion: 2 },
  ]);
  expect(asked()).toBe(0);
});

test('a service that never answers ends a mutation as UNAVAILABLE, and nothing is saved', async () => {
  const { server } = await served(() => {});
  const before = await saved();
  const [code] = await failure(await server.client(acme), 'documentCreate', document);
  expect(code).toBe('UNAVAILABLE');
  expect(await saved()).toEqual(before);
});
