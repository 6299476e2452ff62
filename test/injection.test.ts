/**
 * Texts that would break out of SQL, in every place of the schema that takes a text, an id or JSON: none is a bug, none
 * stands in the text of a statement, and nothing of another organization comes back. Driven by the schema.
 */
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeRows, type Row, readTables } from './support/catalog.ts';
import { type Gateway, type Org, startGateway } from './support/gateway.ts';
import { documentOf, modelOfMutation, mutationFields, queryFields, sampleInput } from './support/schema-walk.ts';
import { beginnings, listenToWire, type Sent } from './support/wire.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Stands in every hostile text, so that it is recognized wherever it turns up. */
const marker = 'inj3ct';
const corpus = [
  `${marker}'"`,
  `${marker}\\'`,
  `'; set role postgres; --${marker}`,
  `${marker}') or true --`,
  `"; drop table accounts; --${marker}`,
  `${marker}$1$$`,
  `%_${marker}%`,
  `{"${marker}": null}`,
  `${marker}\u0000`,
  `${marker} 🎉 é \u202e ﷽ \ud800`,
  marker + 'x'.repeat(10_000),
  `${marker}\n\r\t\b`,
  `'||(select set_config('app.org_id','','false'))||'${marker}`,
];

let gateway: Gateway;
let acme: Org;
let rows: ReadonlyMap<string, Row>;
let wire: { readonly sent: Sent[]; readonly stop: () => void };
const faults: string[] = [];
let reached = 0;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  const globex = await gateway.organization('globex');
  const tables = await readTables(gateway.sql);
  rows = await makeRows(gateway.sql, tables, acme.id, 'acmecanary');
  await makeRows(gateway.sql, tables, globex.id, 'globexcanary');
  wire = listenToWire(gateway.database.pool);
});
afterAll(async () => {
  wire.stop();
  await gateway.close();
});

/** Asks, and notes what must never be: a bug, somebody else's data, the text inside a statement, a statement outside of a transaction. */
async function ask(document: string, variables: object): Promise<void> {
  wire.sent.length = 0;
  const { status, data, errors } = await acme.owner.run(document, variables);
  const place = `${document.slice(0, 90)} ${JSON.stringify(variables).slice(0, 200)}`;
  const text = JSON.stringify([data, errors]);
  if (status >= 500 || text.includes('INTERNAL')) faults.push(`${status} ${place} ${text.slice(0, 300)}`);
  if (text.includes('globexcanary')) faults.push(`globex: ${place}`);
  if (wire.sent.some((statement) => statement.text.includes(marker))) faults.push(`in the statement: ${place}`);
  if (wire.sent.length > 0 && beginnings(wire.sent)[0] !== 0)
    faults.push(`outside: ${place} ${wire.sent[0]?.text ?? ''}`);
  if (JSON.stringify(wire.sent.map(({ values }) => values)).includes(marker)) reached++;
}

const texts = ['String', 'ID', 'JSON', 'EmailAddress', 'URL'];
const isText = (type: GraphQLInputType): boolean => texts.includes(getNamedType(type).name);
const isList = (type: GraphQLInputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** A hostile text as a value of a type: alone, in a list, or inside JSON. */
function hostile(type: GraphQLInputType, text: string): unknown {
  const value =
    { JSON: { [text]: [text] }, URL: `https://a.example/${text}`, EmailAddress: `${text}@a.example` }[
      getNamedType(type).name
    ] ?? text;
  return isList(type) ? [value] : value;
}

type Condition = { readonly filter: object };

/** Every operator of a filter that takes a text, as a filter of its own. */
function conditions(filter: GraphQLInputObjectType, text: string): Condition[] {
  return Object.values(filter.getFields()).flatMap((column) => {
    const operators = getNamedType(column.type);
    if (!isInputObjectType(operators) || ['and', 'or', 'not'].includes(column.name) || column.extensions.relation)
      return [];
    return Object.values(operators.getFields())
      .filter(({ name, type }) => isText(type) && name !== 'path')
      .flatMap(({ name, type }) => {
        const value = hostile(type, text);
        const path = operators.getFields().path
          ? [{ [name]: value }, { path: [text], [name]: value }]
          : [{ [name]: value }];
        return path.map((condition) => ({ filter: { [column.name]: condition } }));
      });
  });
}

const lists = queryFields.filter(({ extensions }) => extensions.list);

/** Every place gets some of the texts, and every text some of the places: all of them went through the same code. */
const share = 3;
const textsAt = (place: number): string[] => corpus.filter((_, index) => (index + place) % share === 0);

for (const text of corpus) {
  test(`in filters of lists, all operators at once: ${JSON.stringify(text.slice(0, 50))}`, async () => {
    for (const [place, field] of lists.entries()) {
      if (!textsAt(place).includes(text)) continue;
      const filter = getNamedType(field.args.find(({ name }) => name === 'filter')?.type);
      if (!isInputObjectType(filter)) continue;
      const document = documentOf('query', field, '{ totalCount nodes { id } }', ['filter']);
      const all = conditions(filter, text).map((condition) => condition.filter);
      // One that is refused for its form hides those beside it.
      const refused = all.filter((condition) => /^\{"(id|\w+Id)":/.test(JSON.stringify(condition)));
      const others = all.filter((condition) => !refused.includes(condition));
      for (const condition of refused.slice(0, 4)) await ask(document, { filter: condition });
      if (others.length > 0)
        await ask(document, { filter: { or: others.length > 1 ? others : [...others, ...others] } });
    }
  });
}

test('in every cursor, id and other text argument of every query', async () => {
  for (const [place, field] of queryFields.entries()) {
    for (const { name, type } of field.args) {
      if (!isText(type)) continue;
      const needed = field.args.filter((arg) => arg.name === name || isNonNullType(arg.type)).map((arg) => arg.name);
      const selection = isInputObjectType(getNamedType(field.type)) ? '' : '{ __typename }';
      for (const text of textsAt(place))
        await ask(documentOf('query', field, selection, needed), { [name]: hostile(type, text) });
    }
  }
});

test('in every text, id and JSON of the input of every mutation', async () => {
  for (const field of mutationFields) {
    const [arg] = field.args;
    const input = getNamedType(arg?.type);
    if (!arg || !isInputObjectType(input)) continue;
    const document = documentOf('mutation', field, '{ userErrors { code message path } }', [arg.name]);
    for (const [place, { name, type }] of Object.values(input.getFields()).entries()) {
      if (!isText(type)) continue;
      for (const text of textsAt(place))
        await ask(document, {
          [arg.name]: { ...sampleInput(input, modelOfMutation(field), rows), [name]: hostile(type, text) },
        });
    }
  }
});

test('in the header that names the organization, and in a name of an operation', async () => {
  for (const text of corpus.filter((candidate) => /^[\x20-\x7e]*$/.test(candidate))) {
    const { status, errors } = await acme.owner.inOrg(text).run('{ viewer { role } }');
    if (status !== 403 || errors?.[0]?.extensions.code !== 'FORBIDDEN') faults.push(`${status} X-Org ${text}`);
  }
});

test('nothing of it was a bug, stood in a statement, or brought something of another organization', () => {
  expect(faults).toEqual([]);
  expect(reached).toBeGreaterThan(1_000);
});
