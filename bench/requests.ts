/**
 * What is sent: for each server and query a row of HTTP requests that rotates over all organizations, each with the
 * token of its owner.
 */
import type { Org } from './database.ts';
import type { Query } from './queries.ts';
import type { ServerName } from './servers.ts';
import { audience, issuer, signToken } from './token.ts';

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent in a GET. */
  readonly body?: string;
}

/** Gives the request that is sent as number n, from 0; there is no last one. */
export type Requests = (n: number) => Request;

/** Who may ask: the owners of the organizations, with tokens that this secret signs. */
export interface Askers {
  readonly orgs: readonly Org[];
  readonly secret: string;
}

const tokenSeconds = 7200;

/** Signs a token for the owner of each organization, and gives the requests of one server for one query. */
export function requestsFor(server: ServerName, query: Query, { orgs, secret }: Askers): Requests {
  const signed = orgs.map((org) => ({ org, token: tokenFor(org, secret) }));
  const at = (n: number): Request => {
    const { org, token } = rotate(signed, n);
    return requestFor(server, query, org, token, Math.floor(n / signed.length));
  };
  const { turns = 1 } = query;
  if (turns === Number.POSITIVE_INFINITY) return at;
  const list = Array.from({ length: turns * signed.length }, (_, n) => at(n));
  return (n) => rotate(list, n);
}

/**
 * Takes item n of a list that begins again after its end.
 *
 * @throws Error when the list is empty.
 */
export function rotate<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length];
  if (item === undefined) throw new Error('There is nothing to send.');
  return item;
}

function tokenFor(org: Org, secret: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const { userId: sub, email } = org;
  return signToken({ sub, email, iss: issuer, aud: audience, iat, exp: iat + tokenSeconds }, secret);
}

function requestFor(server: ServerName, query: Query, org: Org, token: string, turn: number): Request {
  const headers = { authorization: `Bearer ${token}`, 'x-org': org.slug, accept: 'application/json' };
  const variables = query.variables?.(server, org, turn);
  if (server === 'limit') return { path: `/${[query.name, ...Object.values(variables ?? {})].join('/')}`, headers };
  const document = server === 'postgraphile' ? query.postgraphile : query.gateway;
  const body = JSON.stringify({ query: document, variables });
  return { path: '/graphql', headers: { ...headers, 'content-type': 'application/json' }, body };
}

const written = new WeakMap<Request, Buffer>();

/** Writes a request as the bytes of HTTP/1.1, once: a request that is sent again costs the load generator nothing. */
export function toBytes(request: Request): Buffer {
  const bytes = written.get(request) ?? write(request);
  written.set(request, bytes);
  return bytes;
}

function write({ path, headers, body }: Request): Buffer {
  const all = { host: '127.0.0.1', ...headers, ...(body && { 'content-length': String(Buffer.byteLength(body)) }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${body ? 'POST' : 'GET'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
}

/**
 * Sends one request and gives the `data` of the answer.
 *
 * @throws Error with the answer when it is not 200 or holds errors.
 */
export async function ask(port: number, { path, headers, body }: Request): Promise<unknown> {
  const url = `http://127.0.0.1:${port}${path}`;
  const response = await fetch(url, { method: body ? 'POST' : 'GET', headers, body });
  const text = await response.text();
  const answer = response.ok ? JSON.parse(text) : undefined;
  if (answer?.data && !answer.errors) return answer.data;
  throw new Error(`${response.status} ${text.slice(0, 1000)}`);
}
