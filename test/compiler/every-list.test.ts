/**
 * Every root field that reads rows, found in the schema: with all that is plain in a row, and with one step along every
 * relation, it is one statement, and answered as the resolvers answer it. A new type is covered by itself; a field that
 * cannot be compiled has to be named here.
 */
import { type GraphQLField, getNamedType, isInterfaceType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { modelNames } from '../../src/graphql/model.ts';
import { queryFields } from '../support/schema-walk.ts';
import { compiledAlike } from './alike.ts';
import { ask, type Operation } from './operation.ts';
import { startTwoServers, type TwoServers } from './two-servers.ts';
import { lists, objectType } from './world.ts';

vi.setConfig({ hookTimeout: 120_000 });

/** Fields that have only a resolver: what they lead to may be a row of any type, is signed, or is summed up over several tables. */
const resolved: ReadonlySet<string> = new Set([
  ...['Activity', 'Approval', 'Attachment', 'AuditLog', 'ChangeEvent', 'Notification'].map((type) => `${type}.entity`),
  'Device.warranty',
  'File.downloadUrl',
  'Project.profitability',
]);

let two: TwoServers;

beforeAll(async () => {
  two = await startTwoServers();
});
afterAll(() => two.close());

const asked = (query: string): Operation => ({ query, variables: {} });

/** A field and one step along it: the id of a row, the ids and the total of a list, all of an amount or a sum. */
function step({ name, type }: GraphQLField<unknown, unknown>): string {
  const target = getNamedType(type);
  if (isLeafType(target)) return name;
  const fields = isObjectType(target) || isInterfaceType(target) ? target.getFields() : {};
  if ('nodes' in fields) return `${name} { totalCount nodes { id } }`;
  return `${name} { ${'id' in fields ? 'id' : Object.values(fields).map(step).join(' ')} }`;
}

/** A step along each field of a type that is not only for resolvers. */
const stepsOf = (type: string): string[] =>
  Object.values(objectType(type).getFields())
    .filter(({ name }) => !resolved.has(`${type}.${name}`))
    .map(step);

/** Asks both servers, and once more for the statements. */
async function readOnce(query: string) {
  const data = await compiledAlike(two, asked(query));
  const { statements, result } = await two.gateway.counting(() => ask(two.compiled, two.callers.owner, asked(query)));
  expect(JSON.parse(result.body)).toEqual({ data });
  expect(statements).toHaveLength(1);
  return data;
}

const all = [...lists].map(([model, { name }]) => [name, model] as const);

test.each(all)('%s with all that is in a row', async (name, model) => {
  const { list } = await readOnce(`{ list: ${name} { totalCount nodes { ${stepsOf(model).join(' ')} } } }`);
  expect(list.nodes).not.toEqual([]);
});

/** A document may hold so many lists beside each other. */
const atOnce = 25;

// Alone, a field has to bring every column that it needs: no other field does it by chance.
test.each(all)('%s with each field alone', async (name, model) => {
  const alone = stepsOf(model).map((selection, at) => `list${at}: ${name}(first: 4) { nodes { ${selection} } }`);
  for (let at = 0; at < alone.length; at += atOnce) await readOnce(`{ ${alone.slice(at, at + atOnce).join(' ')} }`);
});

const single = queryFields.flatMap(({ name, extensions }) =>
  typeof extensions.byId === 'string' ? [[name, extensions.byId] as const] : [],
);

test.each(single)('%s with all that is in it', async (name, model) => {
  const { list } = await compiledAlike(two, asked(`{ list: ${lists.get(model)?.name}(first: 1) { nodes { id } } }`));
  const { row } = await readOnce(`{ row: ${name}(id: "${list.nodes[0].id}") { ${stepsOf(model).join(' ')} } }`);
  expect(row.id).toBe(list.nodes[0].id);
});

test('the own organization with all that is in it', async () => {
  const [own, ...others] = queryFields.filter(({ extensions }) => extensions.own);
  expect(others).toEqual([]);
  const { row } = await readOnce(`{ row: ${own?.name} { ${stepsOf(String(own?.extensions.own)).join(' ')} } }`);
  expect(row.slug).toBe('acme');
});

test('every model is in a list and found by its id; people are members', () => {
  const without = (found: readonly string[]) => modelNames.filter((model) => !found.includes(model));
  const internal = ['NumberSeries', 'IdempotencyKey'];
  expect(without([...lists.keys()]).sort()).toEqual(['Organization', 'User', ...internal].sort());
  expect(without(single.map(([, model]) => model)).sort()).toEqual(['Organization', 'User', ...internal].sort());
});

test.each([...resolved])('%s has only a resolver', async (place) => {
  const [type = '', name = ''] = place.split('.');
  const field = objectType(type).getFields()[name];
  const query = `{ ${lists.get(type)?.name} { nodes { ${field && step(field)} } } }`;
  expect((await two.ask(two.callers.owner, asked(query))).refused).toBe(`${place} has only a resolver`);
});

/** The first page of what a polymorphic list is about, on the demo data. */
test.each([...resolved].filter((place) => place.endsWith('.entity')))(
  '%s is one statement for each type of record, however many rows there are',
  async (place) => {
    const name = lists.get(place.replace('.entity', ''))?.name;
    const query = `{ list: ${name}(first: 50) { nodes { entityType entity { id } } } }`;
    const { statements, result } = await two.gateway.counting(() => ask(two.compiled, two.callers.owner, asked(query)));
    const { nodes } = JSON.parse(result.body).data.list;
    const types = new Set(nodes.map(({ entityType }: { entityType: string }) => entityType));
    expect(nodes.length).toBeGreaterThan(types.size);
    // One for the list, and one more for the people behind rows of members.
    expect(statements.length).toBeLessThanOrEqual(1 + types.size + (types.has('org_member') ? 1 : 0));
  },
);
