/**
 * What is remembered of a document: its operations, and a compiled read for each shape that its variables give it.
 *
 * The shape is what changes the text beyond arguments: variables of @skip and @include, and the types in global ids. Operations
 * are forgotten with their document, which `document-cache.ts` keeps. Compiled reads of all documents share one memory,
 * bounded in bytes, in which those stay that come again and again.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { FrequencyCache } from '../frequency-cache.ts';
import { fragmentsOf } from '../graphql/fragments.ts';
import { parseGlobalId } from '../graphql/ids.ts';
import type { Variables } from './parts.ts';

/** A variable that decides the shape: by its value, or by the types of the ids in it. */
interface ShapeVariable {
  readonly name: string;
  readonly byType: boolean;
}

/** One operation of a document. */
export interface Remembered {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly shape: readonly ShapeVariable[];
  /** Tells operations apart. */
  readonly id: number;
}

const memory = { entries: 4_000, bytes: 16_000_000, entryBytes: 1_000_000, uses: 2 };
/** A shape that takes more to say is not worth remembering. */
const maxShapeLength = 1_000;

/** The fields that say of themselves that they find rows by global ids. */
function globalIdFields(schema: GraphQLSchema): ReadonlySet<string> {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  return new Set(fields.filter(({ extensions }) => extensions.globalIds).map(({ name }) => name));
}

/** The variables below directives, and below the arguments of fields that take global ids. */
function shapeVariables(document: DocumentNode, takeGlobalIds: ReadonlySet<string>): ShapeVariable[] {
  const found: ShapeVariable[] = [];
  const noteAll = (byType: boolean) => ({
    Variable: ({ name }: { name: { value: string } }) => {
      found.push({ name: name.value, byType });
    },
  });
  visit(document, {
    Directive: (node) => {
      visit(node, noteAll(false));
    },
    Field: ({ name, arguments: args = [] }) => {
      if (takeGlobalIds.has(name.value)) for (const argument of args) visit(argument, noteAll(true));
    },
  });
  return found;
}

const typesOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(typesOf) : (parseGlobalId(String(value))?.type ?? null);

const keyOf = (shape: readonly ShapeVariable[], variables: Variables): string =>
  shape.length === 0
    ? ''
    : JSON.stringify(shape.map(({ name, byType }) => (byType ? typesOf(variables[name]) : variables[name])));

/** Makes an empty cache for the documents of a schema. */
export function createCache<Result>(schema: GraphQLSchema, bytesOf: (result: Result) => number) {
  const takeGlobalIds = globalIdFields(schema);
  const documents = new WeakMap<DocumentNode, Map<string, Remembered>>();
  const results = new FrequencyCache<Result>(memory);
  let count = 0;

  return {
    /** The operation that a request names, or undefined when there is no such one. */
    operation(document: DocumentNode, name: string | null | undefined): Remembered | undefined {
      const operations = documents.get(document) ?? new Map<string, Remembered>();
      documents.set(document, operations);
      const known = operations.get(name ?? '');
      const operation = known ? undefined : getOperationAST(document, name);
      if (!operation) return known;
      const made = {
        operation,
        fragments: fragmentsOf(document),
        shape: shapeVariables(document, takeGlobalIds),
        id: ++count,
      };
      operations.set(name ?? '', made);
      return made;
    },

    /** What was made for this shape of the operation, made now if it is new. */
    result({ shape, id }: Remembered, variables: Variables, make: () => Result): Result {
      const key = `${id}:${keyOf(shape, variables)}`;
      if (key.length > maxShapeLength) return make();
      const known = results.get(key);
      if (known) return known;
      const made = make();
      results.offer(key, made, bytesOf(made));
      return made;
    },
  };
}
