/** Any mutation and any list, in the words of a test. */
import { expect } from 'vitest';
import { schema } from '../../../src/schema.ts';
import type { Client, Data } from '../../support/gateway.ts';

const inputType = (mutation: string): string => String(schema.getMutationType()?.getFields()[mutation]?.args[0]?.type);

const document = (mutation: string, fields: string): string =>
  `mutation ($input: ${inputType(mutation)}) { payload: ${mutation}(input: $input) { ${fields} userErrors { code message path currentVersion } } }`;

/** The payload of a mutation; fails the test if it was refused. */
export const send = async (client: Client, mutation: string, input: object, fields: string): Promise<Data> =>
  (await client.ok(document(mutation, fields), { input })).payload;

/** The one user error of a mutation that was refused: code, path and message. */
export async function refusal(client: Client, mutation: string, input: object): Promise<readonly unknown[]> {
  const { data, errors } = await client.run(document(mutation, ''), { input });
  expect(errors).toBeUndefined();
  expect(data.payload.userErrors).toHaveLength(1);
  const [{ code, path, message }] = data.payload.userErrors;
  return [code, path, message];
}

/** The one top-level error of a document: status, code and message. */
export async function failure(client: Client, query: string, variables: object = {}): Promise<readonly unknown[]> {
  const { status, errors = [] } = await client.run(query, variables);
  expect(errors).toHaveLength(1);
  return [status, errors[0]?.extensions.code, errors[0]?.message];
}

/** The one top-level error of a mutation: status, code and message. */
export const failedMutation = (client: Client, mutation: string, input: object) =>
  failure(client, document(mutation, ''), { input });

/** The answer to a caller who lacks a permission; status 200 where the rest of the answer stands. */
export const lacks = (permission: string, role: string, status = 403) => [
  status,
  'FORBIDDEN',
  `This needs the permission ${permission} (role ${role} or above).`,
];

/** The nodes of a list. */
export const nodes = async (client: Client, list: string, args: string, fields: string): Promise<Data[]> =>
  (await client.ok(`{ list: ${list}${args && `(${args})`} { nodes { ${fields} } } }`)).list.nodes;

/** One field of every row, page by page, read to the end by `after`, or from the end by `before`. */
export async function pages(
  client: Client,
  list: string,
  field: string,
  size: number,
  direction: 'first' | 'last',
  args = '',
): Promise<Data[][]> {
  const [cursor, more, edge] =
    direction === 'first' ? ['after', 'hasNextPage', 'endCursor'] : ['before', 'hasPreviousPage', 'startCursor'];
  const found: Data[][] = [];
  for (let at: string | null = null; found.length < 100; ) {
    const place: string = at ? `, ${cursor}: ${JSON.stringify(at)}` : '';
    const { list: page } = await client.ok(
      `{ list: ${list}(${direction}: ${size}${place} ${args}) { nodes { ${field} } pageInfo { ${more} ${edge} } } }`,
    );
    found.push(page.nodes.map((node: Data) => node[field]));
    if (!page.pageInfo[more]) return found;
    at = page.pageInfo[edge];
  }
  throw new Error('The pages do not end.');
}

/** An id that is nobody's. */
export const nowhere = '0197f000-0000-7000-8000-000000000000';
