/**
 * The scalars, from graphql-scalars where it has them. Numbers that a JavaScript number cannot hold are strings in JSON.
 */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDate, GraphQLDateTime, GraphQLEmailAddress, GraphQLJSON, GraphQLURL } from 'graphql-scalars';
import type { Prisma } from '../db/generated/prisma/client.ts';
import { addDuration } from './duration.ts';

/** What the builder needs to know: the JavaScript side of each scalar. */
export type Scalars = {
  ID: { Input: string; Output: string };
  BigInt: { Input: bigint; Output: bigint | string };
  Date: { Input: Date; Output: Date };
  DateOrDuration: { Input: Date; Output: Date };
  DateTime: { Input: Date; Output: Date };
  DateTimeOrDuration: { Input: Date; Output: Date };
  Decimal: { Input: string; Output: Prisma.Decimal | string };
  EmailAddress: { Input: string; Output: string };
  JSON: { Input: Prisma.InputJsonValue; Output: unknown };
  URL: { Input: string; Output: string };
  Vector: { Input: readonly number[]; Output: readonly number[] };
};

const refuse = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
};

const bigIntRange = [-(2n ** 63n), 2n ** 63n - 1n] as const;

function parseBigInt(value: unknown): bigint {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!/^-?\d{1,19}$/.test(text) || (typeof value === 'number' && !Number.isSafeInteger(value))) {
    return refuse(`BigInt expects a whole number as a string, for example "1250".`);
  }
  const number = BigInt(text);
  return number < bigIntRange[0] || number > bigIntRange[1] ? refuse('This BigInt does not fit in 64 bits.') : number;
}

function parseDecimal(value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^-?\d{1,18}(\.\d{1,9})?$/.test(text) ? text : refuse('Decimal expects digits, for example "12.500".');
}

const literal = (parse: (value: unknown) => unknown) => (node: { kind: string; value?: unknown }) =>
  node.kind === Kind.INT || node.kind === Kind.STRING || node.kind === Kind.FLOAT
    ? parse(node.value)
    : refuse('Expected a string or a number.');

const BigIntScalar = new GraphQLScalarType({
  name: 'BigInt',
  description: 'A whole number of up to 64 bits, as a string in JSON.',
  serialize: String,
  parseValue: parseBigInt,
  parseLiteral: literal(parseBigInt),
});

const DecimalScalar = new GraphQLScalarType({
  name: 'Decimal',
  description: 'An exact decimal number, as a string in JSON.',
  serialize: String,
  parseValue: parseDecimal,
  parseLiteral: literal(parseDecimal),
});

const relative = (scalar: GraphQLScalarType<Date, unknown>, name: string, whole: string) => {
  const parse = (value: unknown): Date =>
    typeof value === 'string' && /^[-+]?P/.test(value) ? addDuration(new Date(), value) : scalar.parseValue(value);
  return new GraphQLScalarType({
    name,
    description: `${whole}, or an ISO 8601 duration relative to now: \`-P2W\` is two weeks ago.`,
    serialize: scalar.serialize,
    parseValue: parse,
    parseLiteral: (node) => (node.kind === Kind.STRING ? parse(node.value) : refuse(`${name} expects a string.`)),
  });
};

const parseVector = (value: unknown): readonly number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')
    ? value
    : refuse('Vector expects a list of numbers.');

const VectorScalar = new GraphQLScalarType({
  name: 'Vector',
  description: 'An embedding: a list of finite numbers, as long as the column has dimensions.',
  parseValue: parseVector,
  parseLiteral(node) {
    if (node.kind !== Kind.LIST) return refuse('Vector expects a list of numbers.');
    return node.values.map((item) =>
      item.kind === Kind.INT || item.kind === Kind.FLOAT
        ? Number(item.value)
        : refuse('Vector expects a list of numbers.'),
    );
  },
});

const { parseValue: parseUrl, parseLiteral: parseUrlLiteral, ...urlConfig } = GraphQLURL.toConfig();

/** Whoever shows an address makes a link of it: no other protocol may get in. */
function webAddress(url: unknown): string {
  const text = String(url);
  return /^https?:/.test(text) ? text : refuse('URL expects an address that begins with http:// or https://.');
}

const URLScalar = new GraphQLScalarType({
  ...urlConfig,
  serialize: String,
  parseValue: (value) => webAddress(parseUrl?.(value)),
  parseLiteral: (node, variables) => webAddress(parseUrlLiteral?.(node, variables)),
});

/** What is stored is shown: only what comes in is checked. */
const EmailAddressScalar = new GraphQLScalarType({ ...GraphQLEmailAddress.toConfig(), serialize: String });

/** Every scalar besides GraphQL's own, by name. */
export const scalars = {
  BigInt: BigIntScalar,
  Date: GraphQLDate,
  DateOrDuration: relative(GraphQLDate, 'DateOrDuration', 'A day (`2026-03-01`)'),
  DateTime: GraphQLDateTime,
  DateTimeOrDuration: relative(GraphQLDateTime, 'DateTimeOrDuration', 'A moment (`2026-03-01T12:00:00Z`)'),
  Decimal: DecimalScalar,
  EmailAddress: EmailAddressScalar,
  JSON: GraphQLJSON,
  URL: URLScalar,
  Vector: VectorScalar,
} as const;
