/**
 * What planning goes by: the operation around it, the fields of an object with their definitions, and the way to give up.
 */
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Requirement } from '../auth/permissions.ts';
import { requirementsOf } from '../graphql/finish.ts';
import { type Surroundings, selectFields } from './selection.ts';

/** The planning of one operation. */
export interface Planning extends Surroundings {
  /** What the caller must be allowed, noted on the way. */
  readonly requirements: Set<Requirement>;
}

/** Thrown when an operation is left to the resolvers. */
export class NotCompiled extends Error {
  readonly field: string;

  constructor(field: string, reason: string) {
    super(reason);
    this.name = 'NotCompiled';
    this.field = field;
  }
}

/** A selected field with its definition. */
export interface FieldOf {
  readonly key: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly type: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** `Type.field`, for whoever asks why. */
  readonly place: string;
}

/** Leaves the operation to the resolvers because of a field. */
export const refuse = ({ place }: Pick<FieldOf, 'place'>, reason: string): never => {
  throw new NotCompiled(place, reason);
};

/** The fields that are selected of an object; what they ask of the caller is noted. */
export function fieldsOf(planning: Planning, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): FieldOf[] {
  const definitions = type.getFields();
  return [...selectFields(type, sets, planning)].map(([key, nodes]) => {
    const name = nodes[0]?.name.value ?? '';
    const place = `${type.name}.${name}`;
    const definition = name === '__typename' ? TypeNameMetaFieldDef : definitions[name];
    if (!definition) throw new NotCompiled(place, 'is no field of a row');
    for (const requirement of requirementsOf(definition)) planning.requirements.add(requirement);
    return { key, name, nodes, type, definition, place };
  });
}
