/**
 * What the variables of a request may be. The tokens of a document are counted by the parser; values that come beside it
 * are looked at here, before anything walks down into them: how deep, how many, and whether their texts are Unicode. A
 * loop, not a recursion: the depth is what is in doubt.
 */
import { badInput } from '../errors.ts';

const maxDepth = 50;
const maxValues = 20_000;
/** In a filter each object is a condition, and some thousand conditions keep the server busy for a second. */
const maxObjects = 2_000;

const childrenOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const namesIn = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);

/** Keys count, too. Numbers in a list do not: an embedding has thousands of them. */
const sizeOf = (value: unknown): number => (typeof value === 'number' ? 0 : 1) + namesIn(value).length;

/** JSON can say half a surrogate pair, which is no character and which no database stores. */
const isBroken = (value: unknown): boolean => typeof value === 'string' && !value.isWellFormed();

/**
 * Looks at the variables of a request.
 *
 * @throws GatewayError BAD_USER_INPUT when they are nested too deep, hold too many values, or a text that is not Unicode.
 */
export function checkVariables(variables: unknown): void {
  let level: readonly unknown[] = [variables];
  let values = 0;
  let objects = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw badInput(`The variables are nested more than ${maxDepth} levels deep.`);
    values += level.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    if (values > maxValues) throw badInput(`The variables hold more than ${maxValues} values.`);
    objects += level.filter(isObject).length;
    if (objects > maxObjects) throw badInput(`The variables hold more than ${maxObjects} objects.`);
    if (level.some(isBroken) || level.flatMap(namesIn).some(isBroken)) {
      throw badInput('The variables hold a text that is not Unicode: half of a surrogate pair.');
    }
    level = level.flatMap(childrenOf);
  }
}
