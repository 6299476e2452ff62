/**
 * Two organizations with the same data, at the level of the API: for every place of the schema that takes an id, an id of
 * the other organization gets exactly what an id of nothing gets, and nothing of the other is ever in an answer. Driven by
 * the schema; a new type or mutation is covered by itself.
 */
import { randomUUID } from 'node:crypto';
import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  getNamedType,
  isInputObjectType,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { modelNames, snakeCase } from '../src/graphql/model.ts';
import { makeRows, type Row, readTables } from './support/catalog.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';
import {
  documentOf,
  idPaths,
  keyOf,
  modelOfMutation,
  modelsOf,
  mutationFields,
  place,
  queryFields,
  type Step,
  sampleInput,
  sampleOf,
  selectionOf,
} from './support/schema-walk.ts';

vi.setConfig({ testTimeout: 120_000 });

let gateway: Gateway;
let acme: Org;
let globex: Org;
let ofAcme: ReadonlyMap<string, Row>;
let ofGlobex: ReadonlyMap<string, Row>;
let untouched: string;
const secrets: string[] = [];
const leaks: string[] = [];

const rowsOfGlobex = async (): Promise<string> => {
  const tables = (await readTables(gateway.sql)).filter(({ ofTenant }) => ofTenant);
  const texts = await Promise.all(
    tables.map(({ name }) =>
      gateway.sql(`select xmin::text || t::text as row from ${name} t where org_id = $1 order by 1`, [globex.id]),
    ),
  );
  return JSON.stringify([
    texts,
    await gateway.sql('select xmin::text || t::text as row from organizations t where id = $1', [globex.id]),
  ]);
};

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  const tables = await readTables(gateway.sql);
  ofAcme = await makeRows(gateway.sql, tables, acme.id, 'acmecanary');
  ofGlobex = await makeRows(gateway.sql, tables, globex.id, 'globexcanary');
  const people = Object.values(globex.people).map(({ id }) => id);
  secrets.push('globexcanary', globex.id, ...people, ...[...ofGlobex.values()].map((row) => String(row.id)));
  untouched = await rowsOfGlobex();
});
afterAll(() => gateway.close());

/** Asks as the owner of acme, and notes whatever of globex comes back that was not sent along. */
async function ask(document: string, variables: object): Promise<string> {
  const { status, data, errors } = await acme.owner.run(document, variables);
  const text = JSON.stringify({
    status,
    data,
    errors: errors?.map(({ message, path, extensions: { requestId: _, ...rest } }) => ({ message, path, rest })),
  });
  const sent = JSON.stringify(variables);
  for (const secret of secrets)
    if (text.includes(secret) && !sent.includes(secret)) leaks.push(`${secret}: ${document.slice(0, 80)}`);
  if (status >= 500) leaks.push(`${status}: ${document.slice(0, 120)} ${sent.slice(0, 200)} ${text.slice(0, 300)}`);
  return text;
}

type Asking = (id: string) => Promise<string>;

/** What an id of globex, one of nothing and one's own are answered, each with the id itself left out. */
async function compare(model: string, form: (uuid: string) => string, asking: Asking) {
  const about = async (uuid: string): Promise<string> => (await asking(form(uuid))).replaceAll(uuid, '<id>');
  const [theirs, own] = [keyOf(model, ofGlobex), keyOf(model, ofAcme)];
  if (!theirs || !own) return { same: true, reached: false };
  const nothing = await about(randomUUID());
  const answer = await about(theirs);
  const same = answer === nothing;
  return { same, reached: (await about(own)) !== nothing, answer: same ? '' : `${answer}\n  ${nothing}` };
}

const forms = (model: string) => [(uuid: string) => uuid, (uuid: string) => `${snakeCase(model)}_${uuid}`];

test('every query that takes an id: one of the other is one of nothing', async () => {
  const told: string[] = [];
  let reached = 0;
  for (const field of queryFields) {
    for (const path of field.args.flatMap(idPaths)) {
      const models = modelsOf(String(path[0]), field.extensions.byId as string | undefined);
      const required = field.args
        .filter(({ name, type }) => name === path[0] || String(type).endsWith('!'))
        .map(({ name }) => name);
      const document = documentOf('query', field, selectionOf(field.type, 1), required);
      for (const model of models) {
        for (const form of forms(model)) {
          const asking = (id: string) => {
            const variables = {};
            place(variables, path, id);
            return ask(document, variables);
          };
          const result = await compare(model, form, asking);
          if (!result.same) told.push(`${field.name} ${model}: ${result.answer ?? ''}`);
          if (result.reached) reached++;
        }
      }
    }
  }
  expect(told).toEqual([]);
  expect(reached).toBeGreaterThan(70);
});

const lists = queryFields.filter(({ extensions }) => extensions.list);

test('every list: all rows of its own, none of the other, whatever is selected', async () => {
  const empty: string[] = [];
  for (const field of lists) {
    const model = String(field.extensions.list);
    await ask(documentOf('query', field, selectionOf(field.type, 1), []), {});
    const own = keyOf(model, ofAcme) ?? randomUUID();
    const filter = { id: { eq: own } };
    const text = await ask(documentOf('query', field, selectionOf(field.type, 1), ['filter']), { filter });
    if (text.split(own).length < 3) empty.push(field.name);
  }
  expect(empty).toEqual(['systemSettings']);
  expect(lists.length).toBeGreaterThanOrEqual(24);
});

/** The filter of a list: `id`, and the ids of every relation. */
function idFilters(
  field: (typeof lists)[number],
): { readonly model: string; readonly filterOf: (id: string) => object }[] {
  const filter = getNamedType(field.args.find(({ name }) => name === 'filter')?.type);
  if (!isInputObjectType(filter)) return [];
  const relations = Object.values(filter.getFields()).filter(({ extensions }) => extensions.relation);
  const modelOf = ({ type }: GraphQLInputField): string => getNamedType(type).name.replace(/(List)?Filter$/, '');
  const own = { model: String(field.extensions.list), filterOf: (id: string): object => ({ id: { in: [id] } }) };
  const others = relations.map((relation) => {
    const quantified = getNamedType(relation.type).name.endsWith('ListFilter');
    return {
      model: modelOf(relation),
      filterOf: (id: string): object => ({
        [relation.name]: quantified ? { some: { id: { eq: id } } } : { id: { eq: id } },
      }),
    };
  });
  return [own, ...others];
}

test('every filter by an id, its own or that of a relation: one of the other is one of nothing', async () => {
  const told: string[] = [];
  let reached = 0;
  for (const field of lists) {
    const document = documentOf('query', field, '{ totalCount nodes { id } }', ['filter']);
    for (const { model, filterOf } of idFilters(field)) {
      const result = await compare(
        model,
        (uuid) => uuid,
        (id) => ask(document, { filter: filterOf(id) }),
      );
      if (!result.same) told.push(`${field.name} ${model}: ${result.answer ?? ''}`);
      if (result.reached) reached++;
    }
  }
  expect(told).toEqual([]);
  expect(reached).toBeGreaterThan(60);
});

test('every text filter: what only the other holds is not found', async () => {
  const found: string[] = [];
  for (const field of lists) {
    const filter = getNamedType(field.args.find(({ name }) => name === 'filter')?.type);
    if (!isInputObjectType(filter)) continue;
    const columns = Object.values(filter.getFields())
      .filter(({ type }) => String(type) === 'StringFilter')
      .map(({ name }) => name);
    if (columns.length === 0) continue;
    const or = columns.map((name) => ({ [name]: { contains: 'globexcanary' } }));
    const text = await ask(documentOf('query', field, '{ totalCount }', ['filter']), { filter: { or } });
    if (!text.includes('"totalCount":0')) found.push(`${field.name}: ${text}`);
  }
  expect(found).toEqual([]);
});

interface Place {
  readonly field: (typeof mutationFields)[number];
  readonly arg: string;
  readonly input: GraphQLInputObjectType;
  readonly path: readonly Step[];
}

/** Every place in the input of a mutation that takes an id. */
const places: readonly Place[] = mutationFields.flatMap((field) => {
  const [arg] = field.args;
  const input = getNamedType(arg?.type);
  if (!arg || !isInputObjectType(input)) return [];
  return Object.values(input.getFields())
    .flatMap(idPaths)
    .map((path) => ({ field, arg: arg.name, input, path }));
});

/** Asks with an id in that place, with everything else of one's own. A version that is never right keeps the row that is meant. */
function askingAt({ field, arg, input, path }: Place): Asking {
  const own = modelOfMutation(field);
  const document = documentOf('mutation', field, '{ __typename userErrors { code message path currentVersion } }', [
    arg,
  ]);
  const fields = input.getFields();
  return (id) => {
    const values = sampleInput(input, own, ofAcme);
    const outer = fields[String(path[0])];
    if (path.length > 1 && outer) values[outer.name] = sampleOf(outer.type, outer.name, own, ofAcme);
    if (fields.expectedVersion && path[0] === 'id') values.expectedVersion = 999_999;
    place(values, path, id);
    return ask(document, { [arg]: values });
  };
}

/** An id that the client makes for a new row. */
const isNewId = ({ input, path }: Place): boolean =>
  path[0] === 'id' && !isRequiredInputField(input.getFields().id as GraphQLInputField);

async function compareAll(some: readonly Place[]) {
  const told: string[] = [];
  const missed: string[] = [];
  let reached = 0;
  for (const at of some) {
    const name = String(at.path.findLast((step) => typeof step === 'string'));
    for (const model of modelsOf(name, modelOfMutation(at.field))) {
      const result = await compare(model, (uuid) => uuid, askingAt(at));
      const where = `${at.field.name} ${at.path.join('.')} ${model}`;
      if (!result.same) told.push(`${where}: ${result.answer ?? ''}`);
      if (result.reached) reached++;
      else missed.push(where);
    }
  }
  return { told, missed, reached };
}

test('every mutation that takes an id, anywhere in its input: one of the other is one of nothing', async () => {
  const { told, missed, reached } = await compareAll(places.filter((at) => !isNewId(at)));
  expect(told).toEqual([]);
  expect(reached).toBeGreaterThan(100);
  expect(missed.length).toBeLessThan(reached / 10);
});

test('a new row may have an id that the other uses too: nobody learns that it does', async () => {
  const { told } = await compareAll(places.filter((at) => isNewId(at) && at.field.name !== 'organizationCreate'));
  expect(told).toEqual([]);
});

test('no answer held anything of the other, and none was a bug', () => {
  expect(modelNames.length).toBeGreaterThan(20);
  expect(leaks).toEqual([]);
});

test('after all this, no row of the other has changed', async () => {
  expect(await rowsOfGlobex()).toBe(untouched);
});
