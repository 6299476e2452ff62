/**
 * What is selected of a type: fields and relations, under other names, twice, in fragments, under directives.
 */
import {
  GraphQLBoolean,
  type GraphQLField,
  GraphQLNonNull,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  TypeNameMetaFieldDef,
} from 'graphql';
import { listArguments } from './arbitrary-arguments.ts';
import { valueText } from './arbitrary-value.ts';
import { type Composite, type Draft, type Fragment, type Head, type Place, Scope, type Written } from './draft.ts';
import { objectType } from './world.ts';

type Field = GraphQLField<unknown, unknown>;

const fieldsOf = (type: Composite): Field[] => Object.values(type.getFields());
const isLeaf = (field: Field): boolean => isLeafType(getNamedType(field.type));
const composite = (field: Field): Composite => getNamedType(field.type) as Composite;

/** Connections and edges lead on; they are no step of their own. */
const isPassage = ({ name }: { readonly name: string }): boolean => /(Connection|Edge)$/.test(name);
const isFlat = (type: Composite): boolean => fieldsOf(type).every(isLeaf);
const isStep = (parent: Composite, field: Field): boolean => !isPassage(parent) && !isFlat(composite(field));

const maxLevel = 11;
const mayFollow = (draft: Draft, { type, depth, level }: Place, field: Field): boolean =>
  isStep(type, field) ? depth > 0 && level + 3 < maxLevel && !draft.full : level + 1 < maxLevel;

const longName = 'a'.repeat(300);
const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__typename', '_', longName];

/** The response key of a field: its name, or another. */
function keyFor(draft: Draft, { type, scope }: Place, field: Field): string {
  const { dice } = draft;
  if (draft.aliases > 10 || !dice.chance(12)) return field.name;
  const sibling = dice.pick(fieldsOf(type)).name;
  return dice.weighted([
    [6, `${dice.pick(['a', 'b', 'c'])}${dice.number(1, 3)}`],
    [scope.shapes || sibling === 'id' ? 0 : 2, sibling],
    [1, dice.pick(scope.shapes ? hostile.filter((name) => name !== '__typename') : hostile)],
  ]);
}

/** Where several types may stand, a key that is taken for something else must not be taken again. */
function isFree({ shapes }: Scope, key: string, owner: Composite, field: Field): boolean {
  if (!shapes) return true;
  const shape = isLeaf(field) ? String(field.type) : `${owner.name}.${field.name}`;
  const known = shapes.get(key) ?? shape;
  shapes.set(key, known);
  return known === shape;
}

const listOf = (field: Field) => (field.extensions as { relatedList?: { model: string } }).relatedList;

function argumentsOf(draft: Draft, { type, rows }: Place, field: Field): Written {
  const list = listOf(field);
  if (!list) return { text: '', size: 1 };
  return draft.argumentsOf(`${type.name}.${field.name}`, () => listArguments(draft, field, list.model, rows));
}

function makeHead(draft: Draft, place: Place, field: Field, key: string): Head | undefined {
  const { type, scope } = place;
  if (!isFree(scope, key, type, field)) return undefined;
  const args = argumentsOf(draft, place, field);
  if (key !== field.name) draft.aliases++;
  const text = `${key === field.name ? key : `${key}: ${field.name}`}${args.text}`;
  const shapes = isInterfaceType(composite(field)) ? new Map<string, string>() : null;
  const head = { text, field, size: Math.max(args.size, 1), scope: new Scope(shapes) };
  scope.heads.set(key, head);
  return head;
}

const required = new GraphQLNonNull(GraphQLBoolean);

/** `@include` and `@skip`, most often so that the rest stays. */
export function directives(draft: Draft): string {
  const { dice } = draft;
  if (!dice.chance(6)) return '';
  const stays = dice.chance(65);
  const include = () => ` @include(if: ${valueText(draft, stays, required, 50)})`;
  const skip = () => ` @skip(if: ${valueText(draft, !stays, required, 50)})`;
  return dice.pick([include, skip, () => include() + skip()])();
}

/** The text of a field with what is selected of it; empty where it may not stand. */
export function headText(draft: Draft, place: Place, head: Head): string {
  const { field, size, scope, text, expected } = head;
  if (!isLeaf(field) && !mayFollow(draft, place, field)) return '';
  if (listOf(field) && !draft.mayWrite(head)) return '';
  draft.fields++;
  if (isLeaf(field)) return text + directives(draft);
  const step = isStep(place.type, field) ? 1 : 0;
  const inner: Place = {
    type: composite(field),
    scope,
    level: place.level + 1,
    depth: place.depth - step,
    rows: place.rows * size,
    expected,
  };
  return `${text}${directives(draft)} ${selection(draft, inner)}`;
}

function fieldPart(draft: Draft, place: Place, leaf: boolean): string {
  const fields = fieldsOf(place.type).filter(
    (field) => isLeaf(field) === leaf && (leaf || mayFollow(draft, place, field)),
  );
  if (fields.length === 0) return '';
  const field = draft.dice.pick(fields);
  const key = keyFor(draft, place, field);
  const head = place.scope.heads.get(key) ?? makeHead(draft, place, field, key);
  return head ? headText(draft, place, head) : '';
}

/** `__typename`, unless the key is another field's here. */
function typenamePart(draft: Draft, { scope }: Place): string {
  const own: Head = { text: '__typename', field: TypeNameMetaFieldDef, size: 1, scope: new Scope() };
  const head = scope.heads.get('__typename') ?? own;
  scope.heads.set('__typename', head);
  return head.text + directives(draft);
}

/** `... on Node` on a type that is one: there is only the id to ask for. */
function nodePart({ scope, type }: Place): string {
  const id = fieldsOf(type).find(({ name }) => name === 'id');
  if (!isObjectType(type) || !id || type.getInterfaces().length === 0) return '';
  const head = scope.heads.get('id') ?? { text: 'id', field: id, size: 1, scope: new Scope() };
  scope.heads.set('id', head);
  return head.text === 'id' ? '... on Node { id }' : '';
}

function inlinePart(draft: Draft, place: Place): string {
  if (draft.dice.chance(20)) return nodePart(place);
  const condition = draft.dice.chance(70) ? ` on ${place.type.name}` : '';
  return `...${condition}${directives(draft)} ${selection(draft, place)}`;
}

/** A fragment may stand at its own place again, or where nothing is selected yet and there is as much room. */
const fits = (place: Place, { place: own }: Fragment): boolean =>
  own.type === place.type &&
  (own.scope.heads === place.scope.heads ||
    (place.scope.heads.size === 0 &&
      !place.scope.shapes &&
      !own.scope.shapes &&
      own.depth <= place.depth &&
      own.level >= place.level &&
      own.rows >= place.rows));

function makeFragment(draft: Draft, place: Place): Fragment {
  const text = selection(draft, place);
  const fragment = { name: `F${draft.fragments.length + 1}`, text, place };
  draft.fragments.push(fragment);
  return fragment;
}

function spreadPart(draft: Draft, place: Place): string {
  const fitting = draft.fragments.filter((fragment) => fits(place, fragment));
  const known = fitting.length > 0 && draft.dice.chance(60) ? draft.dice.pick(fitting) : undefined;
  if (!known && draft.fragments.length > 5) return '';
  const fragment = known ?? makeFragment(draft, place);
  place.scope.heads = fragment.place.scope.heads;
  return `...${fragment.name}${directives(draft)}`;
}

/** What to select where a Node stands: its id, and fields of the types that are expected. */
function nodeSelectionPart(draft: Draft, place: Place): string {
  const { dice } = draft;
  const expected = place.expected ?? ['Account', 'Contact', 'Deal', 'Document'];
  if (dice.chance(30)) return dice.pick(['id', '__typename', '... on Node { id }', '... { __typename id }']);
  if (dice.chance(8)) return spreadPart(draft, place);
  const type = objectType(dice.pick(expected));
  const inner = { ...place, type, scope: place.scope.of(type.name) };
  return dice.chance(20)
    ? spreadPart(draft, inner)
    : `... on ${type.name}${directives(draft)} ${selection(draft, inner)}`;
}

function part(draft: Draft, place: Place): string {
  if (isInterfaceType(place.type)) return nodeSelectionPart(draft, place);
  const passage = isPassage(place.type);
  const leads = passage || (place.depth > 0 && !draft.full);
  const make = draft.dice.weighted<() => string>([
    [passage ? 25 : 60, () => fieldPart(draft, place, true)],
    [leads ? (passage ? 65 : 28) : 0, () => fieldPart(draft, place, false)],
    [isFlat(place.type) ? 5 : 0, () => fieldPart(draft, place, true)],
    [4, () => typenamePart(draft, place)],
    [draft.full ? 0 : 5, () => inlinePart(draft, place)],
    [draft.full ? 0 : 5, () => spreadPart(draft, place)],
  ]);
  return make();
}

/** A selection set: one to five parts. */
export function selection(draft: Draft, place: Place): string {
  const most = isPassage(place.type) ? 3 : 5;
  const parts = Array.from({ length: draft.dice.number(1, most) }, () => part(draft, place)).filter(Boolean);
  return `{ ${parts.length > 0 ? parts.join(' ') : typenamePart(draft, place)} }`;
}
