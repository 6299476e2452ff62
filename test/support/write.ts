/** Writing through the API, in the words of a test. */
import { expect } from 'vitest';
import { schema } from '../../src/schema.ts';
import type { Client, Data } from './gateway.ts';

export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly currentVersion: number | null;
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The type of a mutation's input and the name of the row in its payload, as the schema has them. */
function shapeOf(mutation: string): readonly [input: string, row: string] {
  const field = schema.getMutationType()?.getFields()[mutation];
  return [String(field?.args[0]?.type), lower(String(field?.extensions.returns))];
}

const document = (mutation: string, selection: string): string => {
  const [input, row] = shapeOf(mutation);
  return `mutation ($input: ${input}) {
    payload: ${mutation}(input: $input) { row: ${row} { ${selection} } userErrors { code message path currentVersion } }
  }`;
};

/** The row that a mutation gave back; fails the test if it was refused. */
export async function write(client: Client, mutation: string, input: object, selection = 'id'): Promise<Data> {
  const { payload } = await client.ok(document(mutation, selection), { input });
  return payload.row;
}

/** Makes a row, and gives its id. */
export const make = async (client: Client, type: string, input: object): Promise<string> =>
  (await write(client, `${lower(type)}Create`, input)).id;

/** The `userErrors` of a mutation that was refused. */
export async function refusal(client: Client, mutation: string, input: object): Promise<readonly UserError[]> {
  const { data, errors } = await client.run(document(mutation, 'id'), { input });
  expect(errors).toBeUndefined();
  expect(data.payload.row).toBeNull();
  return data.payload.userErrors;
}

/** The `userErrors` of a mutation that met a row in another state than it needs. */
export const conflict = (message: string, path: string, currentVersion: number | null): readonly UserError[] => [
  { code: 'CONFLICT', message, path: [path], currentVersion },
];

/** The one top-level error of a mutation: its code and message. */
export async function failure(
  client: Client,
  mutation: string,
  input: object,
): Promise<readonly [code: string, message: string]> {
  const { errors = [] } = await client.run(document(mutation, 'id'), { input });
  expect(errors).toHaveLength(1);
  return [errors[0]?.extensions.code ?? '', errors[0]?.message ?? ''];
}

/** The one top-level error of a query: its code and message. */
export async function queryFailure(
  client: Client,
  query: string,
  variables: object = {},
): Promise<readonly [code: string, message: string]> {
  const { errors = [] } = await client.run(query, variables);
  expect(errors).toHaveLength(1);
  return [errors[0]?.extensions.code ?? '', errors[0]?.message ?? ''];
}

/** The UUID of a global id. */
export const uuidOf = (id: string): string => id.slice(-36);
