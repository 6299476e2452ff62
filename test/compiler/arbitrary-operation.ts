/**
 * Operations at random, made of the schema itself: root fields with arguments out of what is known of the rows, and whatever
 * may be selected of them. Most are answered with data; now and then something in them is wrong.
 */
import type fc from 'fast-check';
import type { GraphQLField } from 'graphql';
import { permissions } from '../../src/auth/permissions.ts';
import { findReadable } from '../../src/graphql/connection.ts';
import { schema } from '../../src/schema.ts';
import { queryFields } from '../support/schema-walk.ts';
import { argumentsText, idFor, listArguments } from './arbitrary-arguments.ts';
import { directives, headText } from './arbitrary-selection.ts';
import type { Callers } from './callers.ts';
import { dealt } from './dice.ts';
import { type Composite, Draft, type Head, type Place, Scope } from './draft.ts';
import type { Caller, Operation } from './operation.ts';
import { lists, type World } from './world.ts';

export interface Asked {
  readonly caller: Caller;
  readonly operation: Operation;
}

type Field = GraphQLField<unknown, unknown>;

const extension = (field: Field, name: string): string => String(field.extensions[name]);
const fieldsWith = (name: string): Field[] => queryFields.filter(({ extensions }) => name in extensions);

/** Types that only some roles may read are asked for less often. */
const isForEveryone = (field: Field): boolean =>
  (permissions as Readonly<Record<string, string | undefined>>)[extension(field, 'permission')] === 'viewer';

const rootLists = fieldsWith('list');
const rootRows = fieldsWith('byId');
const common = (fields: readonly Field[]): Field[] => fields.filter(isForEveryone);
const named = (name: string): Field => {
  const field = queryFields.find((field) => field.name === name);
  if (!field) throw new Error(`There is no root field ${name}.`);
  return field;
};
const nodeModels = [...lists.keys()].filter((model) => findReadable(model));

/** A root field, before anything is written of it. */
interface Root {
  readonly field: Field;
  readonly write?: () => Pick<Head, 'size' | 'expected'> & { readonly args: string };
}

function listRoot(draft: Draft, field: Field): Root {
  const write = () => {
    const { text, size } = listArguments(draft, field, extension(field, 'list'), null);
    return { args: text, size };
  };
  return { field, write };
}

function rowRoot(draft: Draft, field: Field): Root {
  const id = idFor(draft, extension(field, 'byId'), true);
  return { field, write: () => ({ args: argumentsText(draft, field, { id }), size: 1 }) };
}

function nodeRoot(draft: Draft): Root {
  const field = named('node');
  const model = draft.dice.pick(nodeModels);
  const write = () => ({
    args: argumentsText(draft, field, { id: idFor(draft, model, false) }),
    size: 1,
    expected: [model, model, draft.dice.pick(nodeModels)],
  });
  return { field, write };
}

function nodesRoot(draft: Draft): Root {
  const { dice } = draft;
  const field = named('nodes');
  const expected = dice.some(nodeModels, 3);
  const ids = Array.from({ length: dice.number(0, 6) }, () => idFor(draft, dice.pick(expected), false));
  const repeated = ids.length > 0 && dice.chance(10) ? [...ids, dice.pick(ids)] : ids;
  return { field, write: () => ({ args: argumentsText(draft, field, { ids: repeated }), size: ids.length, expected }) };
}

/** Root fields that nobody compiles: the rest of their operation is read beside them. */
const plainRoots = ['viewer', 'clientCrmStatuses'];

function root(draft: Draft): Root {
  const { dice } = draft;
  const make = dice.weighted<() => Root>([
    [40, () => listRoot(draft, dice.pick(common(rootLists)))],
    [4, () => listRoot(draft, dice.pick(rootLists))],
    [18, () => rowRoot(draft, dice.pick(common(rootRows)))],
    [2, () => rowRoot(draft, dice.pick(rootRows))],
    [8, () => nodeRoot(draft)],
    [8, () => nodesRoot(draft)],
    [4, () => ({ field: named('organization') })],
    [1, () => ({ field: named(dice.pick(plainRoots)) })],
  ]);
  return make();
}

function rootHead({ field, write }: Root, key: string): Head {
  const { args, size, expected } = write?.() ?? { args: '', size: 1 };
  const text = `${key === field.name ? '' : `${key}: `}${field.name}${args}`;
  return { text, field, size: Math.max(size, 1), scope: new Scope(expected ? new Map() : null), expected };
}

/** A root field under its name or another; a key that is taken is the field that took it. */
function rootPart(draft: Draft, place: Place): string {
  const { dice } = draft;
  if (draft.full) return '';
  const wanted = root(draft);
  const { heads } = place.scope;
  const key = dice.chance(30) ? dice.pick(['one', 'two', 'three', '__proto__', 'constructor']) : wanted.field.name;
  const head = heads.get(key) ?? rootHead(wanted, key);
  heads.set(key, head);
  const part = headText(draft, place, head);
  return dice.chance(4) ? `... on Query${directives(draft)} { ${part} }` : part;
}

const introspection = '__type(name: "Contact") { name fields { name } }';

function rootSelection(draft: Draft): string {
  const type = schema.getQueryType() as Composite;
  const count = draft.dice.weighted([
    [12, 1],
    [5, 2],
    [2, 3],
    [1, 4],
  ]);
  const depth = draft.dice.number(2, 4);
  const scope = new Scope();
  const parts = Array.from({ length: count }, () => rootPart(draft, { type, scope, level: 1, depth, rows: 1 }));
  if (draft.dice.chance(3)) parts.push('__typename');
  if (draft.dice.number(1, 200) === 1) parts.push(introspection);
  return `{ ${draft.dice.shuffled(parts).join(' ')} }`;
}

/** The whole document: perhaps without a name, perhaps with a second operation that nobody asks for. */
function finish(draft: Draft, selections: string): Operation {
  const { dice, definitions, variables } = draft;
  const other = dice.chance(2);
  const name = other || dice.chance(50) ? ' Asked' : '';
  const head = definitions.length > 0 ? `(${dice.shuffled(definitions).join(', ')})` : '';
  const asked = name || head || dice.chance(50) ? `query${name}${head} ${selections}` : selections;
  const fragments = draft.fragments.map(({ name, text, place }) => `fragment ${name} on ${place.type.name} ${text}`);
  const texts = [asked, ...fragments, ...(other ? ['query Other { __typename }'] : [])];
  return {
    query: dice.shuffled(texts).join('\n'),
    variables,
    ...(other || (name && dice.chance(30)) ? { operationName: 'Asked' } : {}),
  };
}

/** An operation, and who asks for it. */
export const arbitraryOperation = (world: World, callers: Callers['all']): fc.Arbitrary<Asked> =>
  dealt((dice) => {
    const caller = dice.weighted(callers);
    const draft = new Draft(dice, world, caller.org);
    const operation = finish(draft, rootSelection(draft));
    if (dice.chance(80)) return { caller, operation };
    return { caller: { ...caller, headers: { ...caller.headers, accept: 'application/json' } }, operation };
  });
