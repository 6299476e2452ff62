/**
 * The variables of an operation, read by their types. As `getVariableValues` of graphql-js does it, but for what is said of
 * mistakes: the place and the rule, never the values, and no more than a few.
 */
import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';
import { maxErrors } from '../errors.ts';

type Values = Readonly<Record<string, unknown>>;

export type Coerced =
  | { readonly coerced: Record<string, unknown>; readonly errors?: undefined }
  | { readonly errors: readonly GraphQLError[]; readonly coerced?: undefined };

export interface CoerceOptions {
  /** Whether mistakes may suggest names of the schema. */
  readonly suggest: boolean;
}

/** Thrown to stop looking for further mistakes. */
class Enough extends Error {}

function at(name: string, path: readonly (string | number)[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  return path.length > 0 ? ` at "${name}${steps.join('')}"` : '';
}

/** Reads the variables of an operation. */
export function coerceVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Values,
  { suggest }: CoerceOptions,
): Coerced {
  const errors: GraphQLError[] = [];
  const coerced: Record<string, unknown> = Object.create(null);
  const note = (node: VariableDefinitionNode, message: string) => {
    errors.push(new GraphQLError(message, { nodes: node }));
    if (errors.length >= maxErrors) throw new Enough();
  };

  function readOne(node: VariableDefinitionNode): void {
    const name = node.variable.name.value;
    const type = typeFromAST(schema, node.type);
    const isGiven = Object.hasOwn(given, name);
    if (!isInputType(type)) note(node, `Variable "$${name}" is not of an input type.`);
    else if (!isGiven && node.defaultValue) coerced[name] = valueFromAST(node.defaultValue, type);
    else if (isNonNullType(type) && (!isGiven || given[name] === null))
      note(node, `Variable "$${name}" of type "${String(type)}" is required.`);
    else if (isGiven)
      coerced[name] = coerceInputValue(
        given[name],
        type,
        (path, _value, { message }) =>
          note(node, `Variable "$${name}" got an invalid value${at(name, path)}; ${message}`),
        !suggest,
      );
  }

  try {
    for (const node of definitions) readOne(node);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return errors.length > 0 ? { errors } : { coerced };
}
