/**
 * A signed-in client of the gateway under test. Requests go through the whole server, without a socket.
 */
import { expect } from 'vitest';
import type { Gateway as Server } from '../../src/server.ts';

export interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId?: string } & Readonly<Record<string, unknown>>;
}

/** The JSON of an answer. Tests know what they asked for. */
export type Data = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly errors: readonly ResponseError[] | undefined;
}

type HeaderMap = Readonly<Record<string, string>>;

export class Client {
  readonly #server: Server;
  readonly #headers: HeaderMap;

  constructor(server: Server, headers: HeaderMap) {
    this.#server = server;
    this.#headers = headers;
  }

  /** The whole answer. */
  async run(query: string, variables: object = {}): Promise<Answer> {
    const response = await this.#server.fetch(
      new Request('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...this.#headers },
        body: JSON.stringify({ query, variables }),
      }),
    );
    const body = (await response.json()) as { data?: Data; errors?: ResponseError[] };
    return { status: response.status, headers: response.headers, data: body.data ?? {}, errors: body.errors };
  }

  /** The data of an answer without any error or refusal. */
  async ok(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.run(query, variables);
    expect(errors).toBeUndefined();
    for (const payload of Object.values<Data>(data)) expect(payload?.userErrors ?? []).toEqual([]);
    return data;
  }

  withHeaders(headers: HeaderMap): Client {
    return new Client(this.#server, { ...this.#headers, ...headers });
  }

  /** The same person, asking another server. */
  via(server: Server): Client {
    return new Client(server, this.#headers);
  }

  inOrg(org: string): Client {
    return this.withHeaders({ 'x-org': org });
  }
}
