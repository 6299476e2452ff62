/**
 * How large the variables of a request may be. The tokens of a document are counted by the parser; values that come beside
 * it are counted here, before anything walks down into them. A loop, not a recursion: the depth is what is in doubt.
 */
import { badInput } from '../errors.ts';

const maxDepth = 50;
const maxValues = 20_000;

const childrenOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** Numbers in a list are not counted: an embedding has thousands of them. */
const isCounted = (value: unknown): boolean => typeof value !== 'number';

/**
 * Looks at the variables of a request.
 *
 * @throws GatewayError BAD_USER_INPUT when they are nested too deep, or hold too many values.
 */
export function checkValue(variables: unknown): void {
  let level = childrenOf(variables);
  let values = 0;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) throw badInput(`The variables are nested more than ${maxDepth} levels deep.`);
    values += level.filter(isCounted).length;
    if (values > maxValues) throw badInput(`The variables hold more than ${maxValues} values.`);
    level = level.flatMap(childrenOf);
  }
}
