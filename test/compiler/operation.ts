/**
 * An operation as it goes to a server, and the difference between two answers to it.
 */
import type { Gateway as Server } from '../../src/server.ts';

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
}

/** Who asks, by the headers of the request. */
export interface Caller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The slug of the organization whose rows the caller knows of. */
  readonly org: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly type: string | null;
  /** The text of the body, without what is of the request alone: its id, and signatures, of which no two are the same. */
  readonly body: string;
  /** The request's id, by which the log speaks of it. */
  readonly id: string;
}

/** The answer of a server, as text. */
export async function ask(server: Server, { headers }: Caller, operation: Operation): Promise<RawAnswer> {
  const response = await server.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
      body: JSON.stringify(operation),
    }),
  );
  const id = response.headers.get('x-request-id') ?? '';
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: text.replaceAll(`"requestId":"${id}"`, '"requestId":""').replaceAll(/\/files\/[\w.-]+/g, '/files/signed'),
    id,
  };
}

export const hasErrors = ({ status, body }: RawAnswer): boolean => status !== 200 || 'errors' in JSON.parse(body);
