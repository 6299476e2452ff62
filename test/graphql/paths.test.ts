import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLString } from 'graphql';
import { expect, test } from 'vitest';
import { guardedNames, needName, rememberColumns } from '../../src/graphql/paths.ts';

const field = (extensions: Record<string, unknown>): GraphQLFieldConfig<unknown, unknown> => ({
  type: GraphQLString,
  extensions,
});
const permission = 'keys:read';

/** A type with a column that is shown openly and one that is not, in each way that a field speaks of a column. */
const type = new GraphQLObjectType({
  name: 'TypeOfThisTest',
  fields: {
    open: field({ pothosPrismaVariant: 'open' }),
    secret: field({ permission, pothosPrismaVariant: 'hidden' }),
    price: field({ permission, money: { cents: 'priceCents', currency: ['currency'] } }),
    author: field({ permission, reference: { model: 'Member', column: 'authorId' } }),
    isLate: field({ permission }),
    both: field({ column: 'shown' }),
    again: field({ permission, column: 'shown' }),
  },
});

test('a column that is shown by guarded fields alone needs their permission', () => {
  expect([...guardedNames(type).keys()].sort()).toEqual(
    ['again', 'author', 'authorId', 'hidden', 'isLate', 'price', 'priceCents', 'secret'].sort(),
  );
  expect(new Set(guardedNames(type).values())).toEqual(new Set([permission]));
});

test('a path asks for it', () => {
  rememberColumns('TypeOfThisTest', type);
  const asked: string[] = [];
  for (const name of ['open', 'hidden', 'shown', 'isLate', 'other'])
    needName('TypeOfThisTest', name, () => asked.push(name));
  expect(asked).toEqual(['hidden', 'isLate']);
});
