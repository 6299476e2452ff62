/**
 * What a filter, an order or a cursor needs of its caller. Each step of a path asks here before anything is made of it, so
 * there is no condition and no sort key on rows or columns that the caller may not read, whichever way it came.
 */
import type { GraphQLField, GraphQLObjectType } from 'graphql';
import type { Requirement } from '../auth/permissions.ts';
import { demand, type Scope } from '../auth/scope.ts';

/** Is told of each requirement of a path: it refuses, or notes what is to be asked before the statement runs. */
export type Need = (requirement: Requirement) => void;

/** Refuses the first requirement that the caller does not meet. */
export const demandOf =
  ({ scope }: { readonly scope: Scope }): Need =>
  (requirement) =>
    demand(scope, requirement);

const ofTypes = new Map<string, Requirement>();
const ofNames = new Map<string, Requirement>();

/** Says what reading rows of a type needs. */
export const rememberType = (model: string, requirement: Requirement): void => {
  ofTypes.set(model, requirement);
};

/** The columns that a field of a row shows, and its own name: a derived filter is called as the field is. */
function namesOf({ name, extensions }: GraphQLField<unknown, unknown>): readonly string[] {
  const { column, pothosPrismaVariant, money, reference } = extensions;
  const columns = [column, pothosPrismaVariant, money?.cents, reference?.column];
  return [name, ...columns.filter((source): source is string => typeof source === 'string')];
}

/** The columns of a type that need more than its rows do: every field that shows them has a permission of its own. */
export function guardedNames(type: GraphQLObjectType): ReadonlyMap<string, Requirement> {
  const guarded = new Map<string, Requirement>();
  const fields = Object.values(type.getFields());
  for (const field of fields) {
    const own = field.extensions.permission as Requirement | undefined;
    for (const name of own ? namesOf(field) : []) if (own) guarded.set(name, own);
  }
  for (const field of fields.filter(({ extensions }) => !extensions.permission))
    for (const name of namesOf(field)) guarded.delete(name);
  return guarded;
}

/** Notes what the columns of a type need. */
export function rememberColumns(model: string, type: GraphQLObjectType): void {
  for (const [name, requirement] of guardedNames(type)) ofNames.set(`${model}.${name}`, requirement);
}

/**
 * Asks for what reading rows of a type needs.
 *
 * @throws what `need` throws.
 */
export function needType(model: string, need: Need): void {
  const requirement = ofTypes.get(model);
  if (!requirement) throw new Error(`${model} is not readable: a path through it would ask for no permission.`);
  need(requirement);
}

/** What a column, or a derived value, needs beside the permission of its type. */
export const requirementOfName = (model: string, name: string): Requirement | undefined =>
  ofNames.get(`${model}.${name}`);

/** Asks for what a column, or a derived value, needs beside the permission of its type. */
export function needName(model: string, name: string, need: Need): void {
  const requirement = requirementOfName(model, name);
  if (requirement) need(requirement);
}
