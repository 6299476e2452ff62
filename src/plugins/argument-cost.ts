/**
 * What the arguments of a field cost, in the objects that a document may give back: each step of a filter to many rows
 * multiplies what Postgres has to look at, each step of an order to another table is a join, and long texts are read.
 * Plain conditions cost nothing. The values are not checked yet, so any shape may come.
 */
import { type GraphQLInputField, type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { GatewayError } from '../errors.ts';

const toManyFactor = 10;
const toOneFactor = 4;
const maxToMany = 3;
const maxToOne = 4;
const charactersOfOne = 100;
const maxValues = 100_000;

/** Values that were looked at in all arguments of a document: the same variable may stand in many places. */
export interface ArgumentCount {
  values: number;
}

interface Place {
  readonly count: ArgumentCount;
  readonly toMany: number;
  readonly toOne: number;
}

const refuse = (message: string): never => {
  throw new GatewayError('COST_LIMIT', message);
};

function countValue({ count }: Place): void {
  count.values++;
  if (count.values > maxValues)
    refuse(
      `The arguments hold more than ${maxValues} values, counted where each variable is used. Send fewer of them.`,
    );
}

/** One step of a filter to many rows, and all below it. */
function manyCost(value: unknown, type: GraphQLInputType, place: Place): number {
  const toMany = place.toMany + 1;
  if (toMany > maxToMany)
    refuse(
      `A filter may nest some, every and none ${maxToMany} levels deep. Read the inner rows first, and filter by their ids.`,
    );
  return toManyFactor ** toMany + valueCost(value, type, { ...place, toMany });
}

/** One step of an order to another table. */
function orderCost(value: unknown, type: GraphQLInputType, place: Place): number {
  const toOne = place.toOne + 1;
  if (toOne > maxToOne) refuse(`An order may follow ${maxToOne} relations. Sort by a nearer column.`);
  return toOneFactor ** toOne + valueCost(value, type, { ...place, toOne });
}

function fieldCost(value: unknown, field: GraphQLInputField | undefined, ofOrder: boolean, place: Place): number {
  if (field?.extensions.toMany) return manyCost(value, field.type, place);
  if (field && ofOrder && field.extensions.relation) return orderCost(value, field.type, place);
  return valueCost(value, field?.type, place);
}

function objectCost(value: object, type: GraphQLInputType | undefined, place: Place): number {
  const named = type && getNamedType(type);
  const fields = isInputObjectType(named) ? named.getFields() : {};
  const ofOrder = named?.extensions.orderOf !== undefined;
  return Object.entries(value).reduce((sum, [key, inner]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return sum + fieldCost(inner, field, ofOrder, place);
  }, 0);
}

function valueCost(value: unknown, type: GraphQLInputType | undefined, place: Place): number {
  countValue(place);
  if (typeof value === 'string') return Math.floor(value.length / charactersOfOne);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + itemCost(item, type, place), 0);
  return typeof value === 'object' && value !== null ? objectCost(value, type, place) : 0;
}

/** Numbers in a list are not counted: an embedding has thousands of them. */
const itemCost = (item: unknown, type: GraphQLInputType | undefined, place: Place): number =>
  typeof item === 'number' ? 0 : valueCost(item, type, place);

/**
 * The cost of one argument.
 *
 * @throws GatewayError COST_LIMIT for a filter or order that goes too deep, or too many values.
 */
export const argumentCost = (value: unknown, type: GraphQLInputType | undefined, count: ArgumentCount): number =>
  valueCost(value, type, { count, toMany: 0, toOne: 0 });
