/**
 * Makes an operation smaller for as long as something holds of it: selections, arguments, directives and parts of values
 * are left out, fragments are written out in place.
 */
import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql';
import { schema } from '../../src/schema.ts';
import type { Operation } from './operation.ts';

const leavable: readonly string[] = [
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.ARGUMENT,
  Kind.DIRECTIVE,
  Kind.OBJECT_FIELD,
];

type Ancestor = ASTNode | readonly ASTNode[] | undefined;

const isItem = (parent: Ancestor, ancestors: readonly Ancestor[]): boolean => {
  const owner = ancestors.at(-1);
  return Array.isArray(parent) && owner !== undefined && 'kind' in owner && owner.kind === Kind.LIST;
};

/** The document without its n-th part, outer parts first; null when there are not so many. */
function without(document: DocumentNode, which: number): DocumentNode | null {
  let seen = -1;
  const result: DocumentNode = visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      const counts = leavable.includes(node.kind) || isItem(parent as Ancestor, ancestors as Ancestor[]);
      return counts && ++seen === which ? null : undefined;
    },
  });
  return seen >= which ? result : null;
}

const isFragment = ({ kind }: ASTNode): boolean => kind === Kind.INLINE_FRAGMENT || kind === Kind.FRAGMENT_SPREAD;

/** The document with what its n-th fragment selects written in its place; null when there are not so many. */
function unfolded(document: DocumentNode, which: number): DocumentNode | null {
  let seen = -1;
  const definition = (name: string) =>
    document.definitions.find(
      (node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name,
    );
  const inside = (node: SelectionNode): readonly SelectionNode[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return definition(node.name.value)?.selectionSet.selections ?? [];
    return node.selectionSet?.selections ?? [];
  };
  const result: DocumentNode = visit(document, {
    SelectionSet: (node: SelectionSetNode) => ({
      ...node,
      selections: node.selections.flatMap((item) => (isFragment(item) && ++seen === which ? inside(item) : [item])),
    }),
  });
  return seen >= which ? result : null;
}

/** The names that are spread, or the variables that are used: where one is declared, it is not. */
function namesOf(document: DocumentNode, kind: Kind.FRAGMENT_SPREAD | Kind.VARIABLE): Set<string> {
  const names = new Set<string>();
  visit(document, {
    enter(node, _key, parent) {
      const declared = parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
      if (node.kind === kind && !declared) names.add(node.name.value);
    },
  });
  return names;
}

/** Drops the fragments that nobody spreads any more, and the variables that nobody uses. */
function tidied(document: DocumentNode): DocumentNode {
  const spread = namesOf(document, Kind.FRAGMENT_SPREAD);
  const left = document.definitions.filter(
    (node) => node.kind !== Kind.FRAGMENT_DEFINITION || spread.has(node.name.value),
  );
  if (left.length < document.definitions.length) return tidied({ ...document, definitions: left });
  const used = namesOf(document, Kind.VARIABLE);
  return visit(document, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null),
  });
}

/** The operation of a document, when the document is one: a selection set may have become empty. */
function operationOf(document: DocumentNode, operation: Operation, mustBeValid: boolean): Operation | null {
  try {
    const tidy = tidied(document);
    const query = print(tidy);
    if (mustBeValid && validate(schema, parse(query)).length > 0) return null;
    const used = namesOf(tidy, Kind.VARIABLE);
    const variables = Object.entries(operation.variables).filter(([name]) => used.has(name));
    return { ...operation, query, variables: Object.fromEntries(variables) };
  } catch {
    return null;
  }
}

/** A value without its n-th key or item; null when there are not so many. */
function valueWithout(value: unknown, which: number): unknown {
  let seen = -1;
  const walk = (at: unknown): unknown => {
    if (Array.isArray(at)) return at.flatMap((item) => (++seen === which ? [] : [walk(item)]));
    if (typeof at !== 'object' || at === null) return at;
    const entries = Object.entries(at).flatMap(([key, item]) => (++seen === which ? [] : [[key, walk(item)]]));
    return Object.fromEntries(entries);
  };
  const result = walk(value);
  return seen >= which ? result : null;
}

/** The n-th way to make an operation smaller; `undefined` when it leads nowhere, null when there are not so many. */
type Step = (operation: Operation, which: number) => Operation | null | undefined;

const changed =
  (change: typeof without): Step =>
  (operation, which) => {
    const document = parse(operation.query, { noLocation: true });
    const result = change(document, which);
    if (!result) return null;
    const candidate = operationOf(result, operation, validate(schema, document).length === 0);
    return candidate && candidate.query.length < operation.query.length ? candidate : undefined;
  };

const withFewerVariables: Step = (operation, which) => {
  const variables = valueWithout(operation.variables, which);
  return variables ? { ...operation, variables: variables as Operation['variables'] } : null;
};

const steps: readonly Step[] = [changed(without), changed(unfolded), withFewerVariables];

type Holds = (operation: Operation) => Promise<boolean>;

/** Takes every step of a kind that still holds. */
async function pass(operation: Operation, step: Step, holds: Holds): Promise<Operation> {
  let best = operation;
  for (let which = 0; ; ) {
    const candidate = step(best, which);
    if (candidate === null) return best;
    if (candidate && (await holds(candidate))) best = candidate;
    else which++;
  }
}

/** The operation as the printer writes it, with which the smaller ones are compared; as it is when that makes a difference. */
async function reprinted(operation: Operation, holds: Holds): Promise<Operation> {
  const printed = { ...operation, query: print(parse(operation.query)) };
  return (await holds(printed)) ? printed : operation;
}

const maxPasses = 5;

/** The smallest operation of which `holds` still holds. */
export async function shrink(operation: Operation, holds: Holds): Promise<Operation> {
  let best = await reprinted(operation, holds);
  for (let passes = 0; passes < maxPasses; passes++) {
    const before = best;
    for (const step of steps) best = await pass(best, step, holds);
    if (best === before) break;
  }
  return best;
}
