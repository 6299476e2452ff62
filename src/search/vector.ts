/**
 * The check every vector passes before it reaches SQL, whoever made it: a client, or an embedder.
 *
 * pgvector keeps 32-bit floats and sums their squares in 32 bits for the cosine. So a vector is measured as it will be
 * stored: what overflows or vanishes there gives wrong or NaN distances, and no error.
 */
import { badInput } from '../errors.ts';

/** Says in one sentence what makes a vector unusable, or nothing when it is fine. */
export function vectorProblem(value: readonly number[], dimensions: number): string | undefined {
  if (value.length !== dimensions) return `A vector of ${dimensions} numbers is expected, not of ${value.length}.`;
  if (!value.every(Number.isFinite)) return 'A vector holds finite numbers only.';
  const squares = Math.fround(value.reduce((sum, number) => sum + Math.fround(number) ** 2, 0));
  if (squares === 0) return 'A vector of zeros has no direction to compare.';
  return Number.isFinite(squares) ? undefined : 'The numbers of a vector must stay within 32-bit floating point.';
}

/**
 * Gives the vector back when its length is right, every number finite, and not all of them zero.
 *
 * @throws GatewayError BAD_USER_INPUT with a sentence that says what is wrong.
 */
export function checkVector(value: readonly number[], dimensions: number): readonly number[] {
  const problem = vectorProblem(value, dimensions);
  if (problem) throw badInput(problem);
  return value;
}

/** Writes a vector as pgvector reads it: `[1,2]`. */
export const toVectorLiteral = (vector: readonly number[]): string => `[${vector.join(',')}]`;
