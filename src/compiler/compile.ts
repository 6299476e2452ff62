/**
 * Compiles reads: a query whose fields all declare where their values come from becomes one SQL statement that makes the
 * text of the answer. Whatever else is asked, wrong input included, is left to the resolvers.
 */
import { type DocumentNode, GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Requirement } from '../auth/permissions.ts';
import { GatewayError } from '../errors.ts';
import type { OpenCursor } from '../graphql/sealed-cursors.ts';
import { coerceVariables } from '../graphql/variables.ts';
import { createCache, type Remembered } from './cache.ts';
import { isFixed, type Parts, type Variables, type Written, write } from './parts.ts';
import { planQuery } from './plan.ts';
import { NotCompiled, type Planning } from './planning.ts';
import { querySql } from './sql.ts';

/** A request, as the server has parsed and validated it. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** Not coerced yet. */
  readonly variables?: Variables | null | undefined;
}

/** A read that is ready to be sent. */
export interface CompiledRead {
  /** One row with one column `answer`: the whole JSON text. */
  readonly statement: Written;
  /** What the caller must be allowed, all of it, for the answer to be given out. */
  readonly requirements: ReadonlySet<Requirement>;
  /** Whether the text must be parsed and printed again: JSON and floating-point columns, which Postgres prints in other words. */
  readonly reprint: boolean;
}

/** Why an operation is left to the resolvers. */
export interface Refused {
  /** The field that is at fault, or null when it is an argument or a variable. */
  readonly field: string | null;
  readonly reason: string;
}

/** @param open opens the cursors of the caller; without it there are none. */
export type Compile = (operation: Operation, open?: OpenCursor) => CompiledRead | Refused;

interface Compiled {
  readonly parts: Parts;
  /** Written down already, when no variable takes part. */
  readonly written: Written | null;
  readonly requirements: ReadonlySet<Requirement>;
  readonly reprint: boolean;
}

const noCursors: OpenCursor = () => null;
/** About what a compiled read takes in memory: its texts, and something for each closure. */
const bytesOf = (result: Compiled | Refused): number =>
  isRefused(result)
    ? 200
    : result.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 500), 200) +
      (result.written?.text.length ?? 0);

/** Leaves everything to the resolvers. */
export const compileNothing: Compile = () => ({ field: null, reason: 'compiled reads are switched off' });

export const isRefused = (result: object): result is Refused => 'reason' in result;

const union = (fixed: ReadonlySet<Requirement>, late: ReadonlySet<Requirement>): ReadonlySet<Requirement> =>
  [...late].every((need) => fixed.has(need)) ? fixed : new Set([...fixed, ...late]);

/** What the resolvers will say better: a field that is theirs, or input that is wrong. Anything else is a mistake of ours. */
function refusalOf(error: unknown): Refused {
  if (error instanceof NotCompiled) return { field: error.field, reason: error.message };
  if (error instanceof GatewayError || error instanceof GraphQLError) return { field: null, reason: 'wrong input' };
  throw error;
}

function attempt<T extends object>(work: () => T): T | Refused {
  try {
    return work();
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * Makes the compiler of a schema.
 *
 * @returns a function that gives a read, or says why there is none. It is fast for a document that it has seen: what hangs on
 *   variables alone is made anew.
 */
export function createCompiler(schema: GraphQLSchema): Compile {
  const cache = createCache<Compiled | Refused>(schema, bytesOf);

  function compiled({ operation, fragments }: Remembered, variables: Variables): Compiled {
    const planning: Planning = { schema, fragments, variables, requirements: new Set() };
    const { parts, reprint } = querySql(planQuery(planning, operation));
    const written = isFixed(parts) ? write(parts, { variables: {}, open: noCursors }) : null;
    return { parts, written, requirements: planning.requirements, reprint };
  }

  return ({ document, operationName, variables: given }, open = noCursors) => {
    const remembered = cache.operation(document, operationName);
    if (remembered?.operation.operation !== OperationTypeNode.QUERY) return { field: null, reason: 'no query' };
    const definitions = remembered.operation.variableDefinitions ?? [];
    const { coerced } = coerceVariables(schema, definitions, given ?? {}, { suggest: false });
    if (!coerced) return { field: null, reason: 'wrong variables' };
    const found = cache.result(remembered, coerced, () => attempt(() => compiled(remembered, coerced)));
    if (isRefused(found)) return found;
    const { parts, written, requirements, reprint } = found;
    return attempt(() => {
      const statement = written ?? write(parts, { variables: coerced, open });
      return { statement, requirements: union(requirements, statement.needs), reprint };
    });
  };
}
