/**
 * A path through a type needs that type's permission: each step of each filter and each order of the schema, by the compiler
 * and by the resolvers, is refused to a caller who lacks just the permission of where it leads, and works for one who has it.
 */
import { type GraphQLInputObjectType, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { covering, type Permission, permissions, type Requirement } from '../src/auth/permissions.ts';
import { findReadable } from '../src/graphql/connection.ts';
import { toWhere } from '../src/graphql/filter.ts';
import type { FilterInput } from '../src/graphql/filter-conditions.ts';
import { modelField } from '../src/graphql/model.ts';
import { type OrderInput, sortKeys } from '../src/graphql/order.ts';
import { guardedNames, type Need } from '../src/graphql/paths.ts';
import { schema } from '../src/schema.ts';
import { readsOf } from './compiler/reads.ts';
import { type Client, type Gateway, type Org, startGateway } from './support/gateway.ts';

let gateway: Gateway;
let org: Org;
let owner: Client;
const lacking = new Map<Permission, Client>();

interface Edge {
  readonly by: 'filter' | 'orderBy';
  readonly from: string;
  readonly name: string;
  readonly to: string;
  readonly isList: boolean;
}

const permissionOf = (model: string): Permission => findReadable(model)?.permission as Permission;

/** The inputs of one kind, by the type they are about. */
const inputs = (kind: 'filterOf' | 'orderOf'): [string, GraphQLInputObjectType][] =>
  Object.values(schema.getTypeMap()).flatMap((type) =>
    isInputObjectType(type) && typeof type.extensions[kind] === 'string' ? [[type.extensions[kind], type]] : [],
  );

const edgesOf = (by: Edge['by'], [from, type]: [string, GraphQLInputObjectType]): Edge[] =>
  Object.values(type.getFields()).flatMap(({ extensions }) => {
    if (typeof extensions.relation !== 'string') return [];
    const { name, type: to, isList } = modelField(from, extensions.relation);
    return [{ by, from, name, to, isList }];
  });

const edges: readonly Edge[] = [
  ...inputs('filterOf').flatMap((input) => edgesOf('filter', input)),
  ...inputs('orderOf').flatMap((input) => edgesOf('orderBy', input)),
];

/** Whether a key may read a type though it has none of the scopes that open another one. */
const isApart = (model: string, other: string): boolean => !covering(permissionOf(other)).includes(permissionOf(model));

/** The edges that lead from what a permission opens to what another one does. */
const crossing = edges.filter(({ from, to }) => isApart(from, to));

const anyRow: FilterInput = { id: { isNull: false } };

/** The ways to come to a row by an edge. */
function waysOf({ name, isList }: Edge, inner: FilterInput): FilterInput[] {
  const direct = isList ? ['some', 'every', 'none'].map((quantity) => ({ [name]: { [quantity]: inner } })) : [];
  const step = direct[0] ?? { [name]: inner };
  return [step, { not: step }, { and: [anyRow, step] }, { or: [anyRow, { not: { or: [step] } }] }, ...direct.slice(1)];
}

const orderOf = ({ name }: Edge, inner: OrderInput = { id: { direction: 'ASC' } }): OrderInput[] => [{ [name]: inner }];

const titleOf = ({ by, from, name, to }: Edge) => `${from} ${by} ${name} -> ${to}`;

function collected(work: (need: (requirement: Requirement) => void) => unknown): Set<Requirement> {
  const needs = new Set<Requirement>();
  work((need) => needs.add(need));
  return needs;
}

/** The root field that lists a type. */
const listOf = (model: string): string | undefined =>
  Object.values(schema.getQueryType()?.getFields() ?? {}).find(({ extensions }) => extensions.list === model)?.name;

const printed = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return value === 'ASC' ? 'ASC' : JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${printed(inner)}`)
    .join(', ')} }`;
};

interface Ask {
  readonly query: string;
  readonly variables?: object;
}

/** The same list, its argument once as a literal and once as a variable. */
function asksOf(model: string, by: Edge['by'], value: unknown): Ask[] {
  const list = listOf(model);
  const type = by === 'filter' ? `${model}Filter` : `[${model}OrderBy!]`;
  return [
    { query: `{ ${list}(first: 1, ${by}: ${printed(value)}) { totalCount nodes { id } } }` },
    {
      query: `query ($value: ${type}) { ${list}(first: 1, ${by}: $value) { totalCount nodes { id } } }`,
      variables: { value },
    },
  ];
}

/** Asks by the compiler and by the resolvers, and gives what each was refused for. */
async function refusals(client: Client, { query, variables }: Ask): Promise<unknown[]> {
  const answers = [gateway.server, gateway.resolvers].map((server) => client.via(server).run(query, variables));
  return (await Promise.all(answers)).map(({ errors }) => errors?.map(({ extensions }) => extensions));
}

const refused = (permission: Permission) => {
  const error = expect.objectContaining({ code: 'FORBIDDEN', permission });
  return [[error], [error]];
};

async function keyWithout(permission: Permission): Promise<Client> {
  const scopes = (Object.keys(permissions) as Permission[]).filter((scope) => !covering(permission).includes(scope));
  const mutation =
    'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { message } } }';
  const { apiKeyCreate } = await owner.ok(mutation, { input: { name: `No ${permission}`, role: 'ADMIN', scopes } });
  return gateway.withKey(apiKeyCreate.secret);
}

beforeAll(async () => {
  gateway = await startGateway();
  org = await gateway.organization('acme');
  owner = org.owner;
  for (const permission of new Set(edges.map(({ to }) => permissionOf(to))))
    lacking.set(permission, await keyWithout(permission));
}, 60_000);
afterAll(() => gateway.close());

const keyLacking = (permission: Permission): Client => lacking.get(permission) ?? owner;

test('the schema has paths, and each leads to a type with a permission', () => {
  expect(crossing.length).toBeGreaterThan(50);
  expect(edges.filter(({ to }) => !(permissionOf(to) in permissions))).toEqual([]);
});

test('each step of a path asks for the permission of where it leads, in whatever it stands', () => {
  for (const edge of edges) {
    const both = new Set([permissionOf(edge.from), permissionOf(edge.to)]);
    const ways =
      edge.by === 'filter'
        ? waysOf(edge, anyRow).map((way) => collected((need) => toWhere(edge.from, way, need)))
        : [collected((need) => sortKeys(edge.from, orderOf(edge), need))];
    for (const needs of ways) expect([titleOf(edge), needs]).toEqual([titleOf(edge), both]);
  }
});

test('a column whose fields all ask for a permission of their own asks for it too', () => {
  for (const [model, input] of [...inputs('filterOf'), ...inputs('orderOf')]) {
    const type = schema.getType(model);
    for (const [name, own] of isObjectType(type) ? guardedNames(type) : []) {
      if (!Object.hasOwn(input.getFields(), name)) continue;
      const ask = input.extensions.filterOf
        ? toWhere
        : (on: string, by: OrderInput, need: Need) => sortKeys(on, [by], need);
      const needs = collected((need) => {
        try {
          ask(model, { [name]: {} }, need);
        } catch {
          // What is asked of the column is wrong, but only after its permission.
        }
      });
      expect([model, name, [...needs]]).toEqual([model, name, expect.arrayContaining([own])]);
    }
  }
});

test('two steps ask for the permissions of both', () => {
  let pairs = 0;
  for (const first of edges)
    for (const second of edges.filter(({ by, from }) => by === first.by && from === first.to)) {
      const all = new Set([first.from, first.to, second.to].map(permissionOf));
      const inner = waysOf(second, anyRow)[pairs % 4] ?? anyRow;
      const needs = collected((need) =>
        first.by === 'filter'
          ? toWhere(first.from, waysOf(first, inner)[pairs % 3] ?? {}, need)
          : sortKeys(first.from, orderOf(first, orderOf(second)[0]), need),
      );
      expect([titleOf(first), titleOf(second), needs]).toEqual([titleOf(first), titleOf(second), all]);
      pairs++;
    }
  expect(pairs).toBeGreaterThan(200);
});

describe('asked of the server', () => {
  const asked = crossing
    .filter(({ from }) => listOf(from))
    .flatMap((edge, index) => {
      const ways = edge.by === 'filter' ? waysOf(edge, anyRow) : [orderOf(edge)];
      return asksOf(edge.from, edge.by, ways[index % ways.length]).map((ask) => ({ edge, ask }));
    });

  test('a key that lacks the permission of where a path leads is refused, naming it', async () => {
    for (const { edge, ask } of asked) {
      const permission = permissionOf(edge.to);
      const title = `${titleOf(edge)} ${ask.query}`;
      expect([title, await refusals(keyLacking(permission), ask)]).toEqual([title, refused(permission)]);
    }
  }, 60_000);

  test('no statement of the resolvers runs for what is refused', async () => {
    for (const { edge, ask } of asked.filter((_, index) => index % 10 === 0)) {
      const client = keyLacking(permissionOf(edge.to)).via(gateway.resolvers);
      expect((await gateway.counting(() => client.run(ask.query, ask.variables))).statements).toEqual([]);
    }
  });

  test('a viewer is refused what only admins read', async () => {
    const forAdmins = asked.filter(
      ({ edge }) =>
        permissions[permissionOf(edge.to)] !== 'viewer' && permissions[permissionOf(edge.from)] === 'viewer',
    );
    for (const { edge, ask } of forAdmins)
      expect([ask, await refusals(org.viewer, ask)]).toEqual([ask, refused(permissionOf(edge.to))]);
    expect(forAdmins.length).toBeGreaterThan(0);
  });

  test('whoever has the permission is answered, by the compiler where it is on', async () => {
    const before = await readsOf(gateway.server);
    for (const { ask } of asked) expect([ask, await refusals(owner, ask)]).toEqual([ask, [undefined, undefined]]);
    const after = await readsOf(gateway.server);
    expect(after.compiler - before.compiler).toBe(asked.length);
  }, 60_000);

  test('two levels deep, and one that is open does not open the next', async () => {
    const pairs = crossing.flatMap((second) =>
      edges
        .filter(({ by, from, to }) => by === second.by && to === second.from && listOf(from))
        .filter(({ from }) => isApart(from, second.to))
        .slice(0, 1)
        .map((first) => [first, second] as const),
    );
    for (const [index, [first, second]] of pairs.entries()) {
      const ways = waysOf(first, waysOf(second, anyRow)[index % 4] ?? {});
      const value = first.by === 'filter' ? ways[index % ways.length] : orderOf(first, orderOf(second)[0]);
      const [ask] = asksOf(first.from, first.by, value).slice(index % 2);
      if (!ask) continue;
      const permission = permissionOf(second.to);
      expect([ask, await refusals(keyLacking(permission), ask)]).toEqual([ask, refused(permission)]);
    }
    expect(pairs.length).toBeGreaterThan(20);
  }, 60_000);

  test('lists inside of rows, and searches, are no other way in', async () => {
    const edgeFrom = (model: string, reader: string) =>
      crossing.find(({ by, from, to }) => by === 'filter' && from === model && isApart(reader, to));
    let count = 0;
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const { relatedList, search } = field.extensions as { relatedList?: { model: string }; search?: string };
        const [listed, list] = [search ?? relatedList?.model, listOf(type.name)];
        const edge = listed && (search || list) ? edgeFrom(listed, search ?? type.name) : undefined;
        if (!edge) continue;
        const filter = printed(waysOf(edge, anyRow)[0]);
        const query = search
          ? `{ ${field.name}(text: "x", filter: ${filter}) { nodes { id } } }`
          : `{ ${list}(first: 1) { nodes { ${field.name}(first: 1, filter: ${filter}) { totalCount } } } }`;
        const permission = permissionOf(edge.to);
        expect([query, await refusals(keyLacking(permission), { query })]).toEqual([query, refused(permission)]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(20);
  }, 60_000);
});

test('whatever can be filtered or sorted by can be read by the same caller, or asks for what reading it needs', () => {
  const unseen = [...inputs('filterOf'), ...inputs('orderOf')].flatMap(([model, input]) => {
    const type = schema.getType(model);
    const shown = new Set(
      Object.values(isObjectType(type) ? type.getFields() : {}).flatMap(({ name, extensions }) => {
        const { column, pothosPrismaVariant, money, globalId } = extensions;
        return [name, column, pothosPrismaVariant, money?.cents, money?.currency.join('.'), globalId ? 'id' : name];
      }),
    );
    return Object.values(input.getFields()).flatMap(({ name, extensions: { column } }) =>
      column === undefined || shown.has(name) || shown.has(column) || /Id$/.test(name) ? [] : [`${input.name}.${name}`],
    );
  });
  expect(unseen).toEqual([]);
});
