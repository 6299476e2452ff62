/**
 * What scalars and enums say of a wrong value: what they expect, never the value, which may be a secret in the wrong field.
 * Texts are held to a length before a pattern looks at them.
 */
import {
  type ConstValueNode,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLSchema,
  isEnumType,
  isIntrospectionType,
  isLeafType,
  Kind,
  type ValueNode,
} from 'graphql';

/** What the scalars of libraries expect; ours say it themselves. */
const expectations: Readonly<Record<string, string>> = {
  Int: 'a whole number between -2147483648 and 2147483647',
  Float: 'a number',
  String: 'a text',
  Boolean: 'true or false',
  ID: 'a text or a whole number',
  URL: 'an address that begins with http:// or https://',
  Date: 'a day, for example 2026-03-01',
  DateTime: 'a moment with its offset, for example 2026-03-01T12:00:00Z',
  JSON: 'a JSON value',
};

/** Scalars without a pattern take a text of any length: what becomes of it is bounded by its column. */
const unbounded = ['String', 'JSON', 'Vector'];
const longest: Readonly<Record<string, number>> = { EmailAddress: 320, URL: 8_192, ID: 1_000 };
const usualLength = 100;

const mostValues = 20;

function expectationOf(type: GraphQLLeafType): string {
  if (type.name === 'EmailAddress') return 'Value is not a valid email address, such as ada@example.com.';
  if (!isEnumType(type)) return `${type.name} expects ${expectations[type.name] ?? 'another value'}.`;
  const names = type.getValues().map(({ name }) => name);
  const more = names.length > mostValues ? ', …' : '';
  return `${type.name} expects one of ${names.slice(0, mostValues).join(', ')}${more}.`;
}

const isOurs = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions.code === 'BAD_USER_INPUT';

function checkLength(type: GraphQLLeafType, text: unknown): void {
  if (typeof text !== 'string' || isEnumType(type) || unbounded.includes(type.name)) return;
  const most = longest[type.name] ?? usualLength;
  if (text.length > most)
    throw new GraphQLError(`${type.name} expects at most ${most} characters.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
}

/** Reads a value; what goes wrong is said in our words, at the place in the document if there is one. */
function read<T>(type: GraphQLLeafType, text: unknown, node: ValueNode | null, parse: () => T): T {
  try {
    checkLength(type, text);
    const value = parse();
    if (value !== undefined) return value;
  } catch (error) {
    if (isOurs(error)) throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
  }
  throw new GraphQLError(expectationOf(type), { nodes: node });
}

const textOf = (node: ValueNode): unknown =>
  node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : undefined;

function speakPlainly(type: GraphQLLeafType): void {
  const parseValue = type.parseValue.bind(type);
  const parseLiteral = type.parseLiteral.bind(type);
  type.parseValue = (value: unknown) => read(type, value, null, () => parseValue(value as never));
  type.parseLiteral = (node: ConstValueNode, variables?: unknown) =>
    read(type, textOf(node), node, () => parseLiteral(node, variables as never));
}

/** Makes all scalars and enums of a schema say what they expect instead of what they got. */
export function plainInput(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()))
    if (isLeafType(type) && !isIntrospectionType(type)) speakPlainly(type);
}
