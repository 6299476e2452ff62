import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashingModel, hashText } from '../../../src/search/hashing-embedder.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

/** The stored vector as numbers; pgvector keeps 32-bit floats. */
const floats = (vector: readonly number[]): number[] => vector.map((number) => Math.fround(number));
const stored = async (table: string, id: string) => {
  const [row] = await gateway.sql(
    `select embedding::text as vector, embedding_model as model, embedded_at, version, updated_at from ${table} where id = $1`,
    [uuidOf(id)],
  );
  return {
    vector: row?.vector ? floats(JSON.parse(String(row.vector))) : null,
    model: row?.model,
    version: row?.version,
    at: row?.embedded_at,
  };
};
const audited = async (id: string) =>
  (
    await gateway.sql('select action, changes from audit_logs where entity_id = $1 order by created_at, id', [
      uuidOf(id),
    ])
  ).map(({ action, changes }) => [action, Object.keys(changes as object).sort()]);

const cases = [
  {
    type: 'Document',
    update: 'documentUpdate',
    table: 'documents',
    entity: 'document',
    dimensions: 768,
    input: { title: 'Terms', body: 'Pay soon' },
    text: 'Terms\nPay soon',
    other: { sourceUri: 'x' },
    change: { body: 'Pay late' },
    after: 'Terms\nPay late',
    changed: 'body',
  },
  {
    type: 'ClientIntelligence',
    update: 'clientIntelligenceUpdate',
    table: 'client_intelligence',
    entity: 'client_intelligence',
    dimensions: 1536,
    input: { clientName: 'Hooli', summary: 'Slow' },
    text: 'Hooli\nSlow',
    other: { dealHistory: { won: 1 } },
    change: { summary: null },
    after: 'Hooli',
    changed: 'summary',
  },
  {
    type: 'OrgBrainEntry',
    update: 'orgBrainEntryUpdate',
    table: 'org_brain',
    entity: 'org_brain',
    dimensions: 1536,
    input: { contentType: 'tone', contentText: 'Be plain' },
    text: 'Be plain',
    other: { source: 'x' },
    change: { contentText: 'Be brief' },
    after: 'Be brief',
    changed: 'content_text',
  },
];

describe.each(cases)(
  '$type',
  ({ type, update, table, entity, dimensions, input, text, other, change, after, changed }) => {
    test('a new row gets the embedding of its text, at version 1 and with one audit entry', async () => {
      const id = await make(acme.member, type, {
        ...input,
        ...(type === 'ClientIntelligence' ? { clientName: 'Hooli' } : {}),
      });
      expect(await stored(table, id)).toEqual({
        vector: floats(hashText(text, dimensions)),
        model: hashingModel,
        version: 1,
        at: expect.any(Date),
      });
      expect((await audited(id)).map(([action]) => action)).toEqual([`${entity}.created`]);
      await acme.member.ok(
        `mutation ($id: ID!) { ${update.replace('Update', 'Delete')}(input: { id: $id }) { userErrors { code } } }`,
        { id },
      );
    });

    test('another text gives another embedding: one version and one audit entry more', async () => {
      const id = await make(acme.member, type, input);
      expect(await write(acme.member, update, { id, ...change }, 'version embeddingModel')).toEqual({
        version: 2,
        embeddingModel: hashingModel,
      });
      expect(await stored(table, id)).toMatchObject({ vector: floats(hashText(after, dimensions)), version: 2 });
      expect((await audited(id)).slice(1)).toEqual([[`${entity}.updated`, [changed]]]);
      await gateway.sql(`delete from ${table} where id = $1`, [uuidOf(id)]);
    });

    test('a change of anything else leaves the embedding alone', async () => {
      const id = await make(acme.member, type, input);
      await gateway.sql(`update ${table} set embedding_model = 'older' where id = $1`, [uuidOf(id)]);
      await write(acme.member, update, { id, ...other });
      await write(acme.member, update, { id, ...input });
      expect(await stored(table, id)).toMatchObject({
        vector: floats(hashText(text, dimensions)),
        model: 'older',
        version: 3,
      });
      await gateway.sql(`delete from ${table} where id = $1`, [uuidOf(id)]);
    });
  },
);

test('every column but the generated ones and those of the embedding counts as a change', async () => {
  const rows = await gateway.sql(`select relname as table, array(select attname::text from pg_attribute
      where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '' and not attnum = any(tgattr::int2[])
      order by attname) as free
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where tgname = 'touch' and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'embedding') order by relname`);
  const free = ['embedded_at', 'embedding', 'embedding_model'];
  expect(rows).toEqual(
    ['client_intelligence', 'documents', 'interactions', 'org_brain'].map((table) => ({ table, free })),
  );
});

test('the vector itself is not readable', async () => {
  const { errors = [] } = await acme.viewer.run('{ documents { nodes { embedding } } }');
  expect(errors.map(({ message }) => message)).toEqual([
    'Cannot query field "embedding" on type "Document". Did you mean "embeddedAt"?',
  ]);
});

describe('with an embedding service', () => {
  let service: Server;
  let served: Gateway;
  let globex: Org;
  const asked: unknown[] = [];
  let isUp = true;

  beforeAll(async () => {
    service = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[]; dimensions: number };
      asked.push(body);
      response.statusCode = isUp ? 200 : 500;
      response.end(
        JSON.stringify({
          data: body.input.map((text, index) => ({ index, embedding: hashText(text, body.dimensions) })),
        }),
      );
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    served = await startGateway({
      EMBEDDING_URL: `http://127.0.0.1:${port}/v1/embeddings`,
      EMBEDDING_MODEL: 'test-model',
    });
    globex = await served.organization('globex');
  });
  afterAll(async () => {
    await served.close();
    service.close();
  });

  test('it is asked once for each text, with the dimensions of the column', async () => {
    const id = await make(globex.member, 'Document', { title: 'Terms', body: 'Pay soon' });
    await write(globex.member, 'documentUpdate', { id, mimeType: 'text/html' });
    expect(asked).toEqual([{ model: 'test-model', input: ['Terms\nPay soon'], dimensions: 768 }]);
    expect(await served.sql('select embedding_model from documents')).toEqual([{ embedding_model: 'test-model' }]);
  });

  test('while it is down nothing is saved, and the request says so', async () => {
    const id = await make(globex.member, 'OrgBrainEntry', { contentType: 'tone', contentText: 'Before' });
    isUp = false;
    const down = ['UNAVAILABLE', 'The embedding service answered with status 500.'];
    expect(await failure(globex.member, 'orgBrainEntryCreate', { contentType: 'tone', contentText: 'New' })).toEqual(
      down,
    );
    expect(await failure(globex.member, 'orgBrainEntryUpdate', { id, contentText: 'After' })).toEqual(down);
    expect(await write(globex.member, 'orgBrainEntryUpdate', { id, source: 'a book' }, 'version')).toEqual({
      version: 2,
    });
    expect(await served.sql('select content_text, source from org_brain')).toEqual([
      { content_text: 'Before', source: 'a book' },
    ]);
    const { errors = [] } = await globex.viewer.run('{ searchOrgBrain(text: "x") { exact } }');
    expect(errors.map(({ extensions, message }) => [extensions.code, message])).toEqual([down]);
  });
});
