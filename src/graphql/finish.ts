/**
 * The last step of building the schema: permissions are put in front of resolvers, and the words of the Prisma model on
 * input fields that have none. A developer's mistake (a root field without a permission, anything without a description)
 * fails here, not on a request.
 */
import {
  assertValidSchema,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { Requirement } from '../auth/permissions.ts';
import { demand } from '../auth/scope.ts';
import type { Context } from '../context.ts';
import { findReadable } from './connection.ts';
import { fieldDescription } from './model.ts';
import { rememberColumns } from './paths.ts';
import { plainInput } from './plain-input.ts';

const readRequirement = (type: { name: string }): Requirement | undefined => findReadable(type.name)?.permission;

/** What a field asks of its caller: its own permission, else that of the type it leads to. */
export function requirementOf(field: GraphQLField<unknown, unknown>): Requirement | undefined {
  return (field.extensions.permission as Requirement | undefined) ?? readRequirement(getNamedType(field.type));
}

/** Everything that a field asks of its caller. */
export function requirementsOf(field: GraphQLField<unknown, unknown>): readonly Requirement[] {
  const own = requirementOf(field);
  return [...(own ? [own] : []), ...(field.extensions.besides ?? [])];
}

function guard(type: GraphQLObjectType, field: GraphQLField<unknown, Context>, isRoot: boolean): void {
  const all = requirementsOf(field as GraphQLField<unknown, unknown>);
  if (isRoot && all.length === 0) throw new Error(`${type.name}.${field.name} names no permission.`);
  const requirements = all.filter((requirement) => requirement !== readRequirement(type));
  if (requirements.length === 0) return;
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info) => {
    for (const requirement of requirements) demand(context.scope, requirement);
    return resolve(source, args, context, info);
  };
}

/** `ContactCreateInput` speaks of the columns of Contact. */
function describeInput(type: GraphQLInputObjectType): void {
  const model = /^(\w+?)(Create|Update)Input$/.exec(type.name)?.[1];
  if (!model) return;
  for (const field of Object.values(type.getFields())) field.description ??= fieldDescription(model, field.name);
}

function assertDescribed(type: GraphQLObjectType | GraphQLInputObjectType): void {
  if (!type.description) throw new Error(`${type.name} has no description.`);
  for (const field of Object.values(type.getFields())) {
    if (!field.description) throw new Error(`${type.name}.${field.name} has no description.`);
    for (const arg of 'args' in field ? field.args : [])
      if (!arg.description) throw new Error(`${type.name}.${field.name}(${arg.name}:) has no description.`);
  }
}

/** Finishes a schema in place, and returns it. */
export function finishSchema(schema: GraphQLSchema): GraphQLSchema {
  assertValidSchema(schema);
  plainInput(schema);
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isInputObjectType(type)) describeInput(type);
    if (isObjectType(type) || isInputObjectType(type)) assertDescribed(type);
    if (!isObjectType(type)) continue;
    const model = type.extensions.pothosPrismaModel;
    if (typeof model === 'string') rememberColumns(model, type);
    for (const field of Object.values(type.getFields())) guard(type, field, roots.includes(type));
  }
  return schema;
}
