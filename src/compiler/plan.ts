/**
 * From an operation and the schema's own extensions to a tree of what is to be read. No SQL yet.
 *
 * Takes an operation, the variables that decide its shape, and what each field declares of itself; gives a tree, and the
 * permissions that its fields ask for. A field that declares nothing has only its resolver: then nothing is planned.
 */
import {
  type FieldNode,
  type GraphQLObjectType,
  getNamedType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { findReadable } from '../graphql/connection.ts';
import { parseGlobalId } from '../graphql/ids.ts';
import { modelField } from '../graphql/model.ts';
import type { ListArgs } from '../graphql/page.ts';
import { argument, argumentsOf } from './arguments.ts';
import type { Given } from './parts.ts';
import type {
  ConnectionField,
  ConnectionPlan,
  EdgeField,
  FieldPlan,
  MoneyField,
  ObjectPlan,
  PageInfoField,
  QueryPlan,
  RootField,
} from './plan-tree.ts';
import { type FieldOf, fieldsOf, type Planning, refuse } from './planning.ts';
import { setsOf } from './selection.ts';

const typename = ({ key, type }: FieldOf) => ({ kind: 'typename', key, name: type.name }) as const;

/** The object type behind a field. */
function objectType(field: FieldOf): GraphQLObjectType {
  const type = getNamedType(field.definition.type);
  return isObjectType(type) ? type : refuse(field, 'leads to several types');
}

const objectBehind = (planning: Planning, field: FieldOf): ObjectPlan =>
  planObject(planning, objectType(field), setsOf(field.nodes));

/** What is read of one row of a type. */
function planObject(planning: Planning, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ObjectPlan {
  const model = type.extensions.pothosPrismaModel as string | undefined;
  if (!model) throw new Error(`${type.name} is not the type of a row.`);
  return planFields(planning, model, type, sets);
}

function planFields(
  planning: Planning,
  model: string,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ObjectPlan {
  const fields = fieldsOf(planning, type, sets);
  return { model, fields: fields.map((field) => planField(planning, model, field)) };
}

function planField(planning: Planning, model: string, field: FieldOf): FieldPlan {
  const { key, name, definition } = field;
  const { globalId, column, pothosPrismaVariant, derived, money, ofRow } = definition.extensions;
  if (name === '__typename') return typename(field);
  if (globalId) return { kind: 'id', key };
  if (derived) return { kind: 'derived', key, json: derived };
  if (ofRow) return { kind: 'ofRow', key, object: planFields(planning, model, objectType(field), setsOf(field.nodes)) };
  if (money) return { kind: 'money', key, columns: money, fields: planMoney(planning, field) };
  const source = (column ?? pothosPrismaVariant) as string | undefined;
  if (typeof source !== 'string') return planLink(planning, model, field);
  return {
    kind: 'column',
    key,
    place: field.place,
    type: definition.type,
    field: modelField(model, source),
  };
}

function planLink(planning: Planning, model: string, field: FieldOf): FieldPlan {
  const { key, definition } = field;
  const { reference, relatedList, pothosPrismaRelationField } = definition.extensions;
  const required = isNonNullType(definition.type);
  if (reference) return { kind: 'row', key, link: { reference }, required, object: objectBehind(planning, field) };
  if (relatedList) {
    const { relation } = relatedList as { relation: string };
    const related = modelField(model, relation);
    return { kind: 'list', key, relation: related, connection: planConnection(planning, field, related.type) };
  }
  const relation = pothosPrismaRelationField as { name: string; isList: boolean } | undefined;
  if (!relation || relation.isList) return refuse(field, 'has only a resolver');
  const link = { relation: modelField(model, relation.name) };
  return { kind: 'row', key, link, required, object: objectBehind(planning, field) };
}

const planMoney = (planning: Planning, field: FieldOf): MoneyField[] =>
  fieldsOf(planning, objectType(field), setsOf(field.nodes)).map(({ key, name }) => ({
    key,
    name: name as MoneyField['name'],
  }));

function planConnection(planning: Planning, field: FieldOf, model: string): ConnectionPlan {
  const readable = findReadable(model);
  if (!readable) throw new Error(`${model} is not readable.`);
  return {
    model,
    defaultOrder: readable.defaultOrder,
    args: argumentsOf<ListArgs>(field),
    fields: fieldsOf(planning, objectType(field), setsOf(field.nodes)).map((inner) =>
      planConnectionField(planning, inner),
    ),
  };
}

function planConnectionField(planning: Planning, field: FieldOf): ConnectionField {
  const { key, name } = field;
  const behind = () => fieldsOf(planning, objectType(field), setsOf(field.nodes));
  switch (name) {
    case '__typename':
      return typename(field);
    case 'totalCount':
      return { kind: 'totalCount', key };
    case 'nodes':
      return { kind: 'nodes', key, object: objectBehind(planning, field) };
    case 'edges':
      return { kind: 'edges', key, fields: behind().map((inner) => planEdgeField(planning, inner)) };
    case 'pageInfo':
      return {
        kind: 'pageInfo',
        key,
        fields: behind().map((inner) => ({ key: inner.key, name: inner.name as PageInfoField['name'] })),
      };
    default:
      return refuse(field, 'is unknown in a connection');
  }
}

function planEdgeField(planning: Planning, field: FieldOf): EdgeField {
  if (field.name === '__typename') return typename(field);
  if (field.name === 'cursor') return { kind: 'cursor', key: field.key };
  return { kind: 'node', key: field.key, object: objectBehind(planning, field) };
}

/** The object of a type as `node` and `nodes` give it, and what reading it needs. */
function planNode(planning: Planning, type: string, nodes: readonly FieldNode[]): ObjectPlan | null {
  const found = findReadable(type);
  const objectOf = planning.schema.getType(type);
  if (!found || !isObjectType(objectOf)) return null;
  planning.requirements.add(found.permission);
  return planObject(planning, objectOf, setsOf(nodes));
}

const typesOf = (ids: readonly string[]): string[] => [
  ...new Set(ids.flatMap((id) => parseGlobalId(String(id))?.type ?? [])),
];

/** The types of ids are part of the shape of an operation, so they are known while planning. */
function planGlobalIds(planning: Planning, field: FieldOf, many: boolean): RootField {
  const { key, nodes } = field;
  const known = <T>(given: Given<T>): T => ('now' in given ? given.now : given.late(planning.variables));
  if (many) {
    const ids = argument<readonly string[]>(field, 'ids');
    const objects = typesOf(known(ids)).flatMap((type) => planNode(planning, type, nodes) ?? []);
    return { kind: 'nodes', key, ids, objects };
  }
  const id = argument<string>(field, 'id');
  const [type] = typesOf([known(id)]);
  return { kind: 'node', key, id, object: type ? planNode(planning, type, nodes) : null };
}

function planRootField(planning: Planning, field: FieldOf): RootField {
  const { key, name, definition } = field;
  const { list, byId, own, globalIds } = definition.extensions;
  if (name === '__typename') return typename(field);
  if (typeof list === 'string') return { kind: 'list', key, connection: planConnection(planning, field, list) };
  if (byId) return { kind: 'byId', key, id: argument<string>(field, 'id'), object: objectBehind(planning, field) };
  if (own) return { kind: 'own', key, object: objectBehind(planning, field) };
  return globalIds ? planGlobalIds(planning, field, globalIds === 'many') : refuse(field, 'has only a resolver');
}

/**
 * Plans a query.
 *
 * @throws NotCompiled naming the first field that has only a resolver; GatewayError or GraphQLError for a wrong argument.
 */
export function planQuery(planning: Planning, { selectionSet }: OperationDefinitionNode): QueryPlan {
  const type = planning.schema.getQueryType();
  if (!type) throw new Error('The schema has no queries.');
  return { fields: fieldsOf(planning, type, [selectionSet]).map((field) => planRootField(planning, field)) };
}
