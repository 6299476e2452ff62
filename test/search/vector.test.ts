import { expect, test } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { checkVector, toVectorLiteral } from '../../src/search/vector.ts';

const refusal = (value: readonly number[], dimensions: number) => {
  try {
    checkVector(value, dimensions);
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, message: error.message };
    throw error;
  }
  return undefined;
};

test('a vector of the right length is given back unchanged', () => {
  const vector = [1, 0, -0.5];
  expect(checkVector(vector, 3)).toBe(vector);
});

test.each([
  [[1, 2], 'A vector of 3 numbers is expected, not of 2.'],
  [[], 'A vector of 3 numbers is expected, not of 0.'],
  [[1, Number.NaN, 3], 'A vector holds finite numbers only.'],
  [[1, 2, Number.NEGATIVE_INFINITY], 'A vector holds finite numbers only.'],
  [[0, -0, 0], 'A vector of zeros has no direction to compare.'],
  [[1e-30, 0, 0], 'A vector of zeros has no direction to compare.'],
  [[1e30, 0, 0], 'The numbers of a vector must stay within 32-bit floating point.'],
  [[1e300, 0, 0], 'The numbers of a vector must stay within 32-bit floating point.'],
])('%j is refused as bad input', (value, message) => {
  expect(refusal(value, 3)).toEqual({ code: 'BAD_USER_INPUT', message });
});

test('the literal is what pgvector reads', () => {
  expect(toVectorLiteral([1, 2])).toBe('[1,2]');
  expect(toVectorLiteral([-0.25, 1e-7, 0])).toBe('[-0.25,1e-7,0]');
});
