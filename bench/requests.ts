/**
 * What is sent: for each server and query a list of HTTP requests that rotates over all organizations, each with the
 * token of its owner.
 */
import type { Org } from './database.ts';
import { type QueryName, queries, variablesFor } from './queries.ts';
import type { ServerName } from './servers.ts';
import { audience, issuer, signToken } from './token.ts';

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent in a GET. */
  readonly body?: string;
}

const tokenSeconds = 7200;

/** Signs a token for the owner of each organization and writes the requests of one server for one query. */
export function requestsFor(server: ServerName, query: QueryName, orgs: readonly Org[], secret: string): Request[] {
  const signed = orgs.map((org) => ({ org, token: tokenFor(org, secret) }));
  const turns = isPerContact(query) ? (orgs[0]?.contactIds.length ?? 0) : 1;
  return Array.from({ length: turns }, (_, turn) =>
    signed.map(({ org, token }) => requestFor(server, query, org, token, org.contactIds[turn] ?? '')),
  ).flat();
}

const isPerContact = (query: QueryName): boolean => 'perContact' in queries[query];

function tokenFor(org: Org, secret: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const { userId: sub, email } = org;
  return signToken({ sub, email, iss: issuer, aud: audience, iat, exp: iat + tokenSeconds }, secret);
}

function requestFor(server: ServerName, query: QueryName, org: Org, token: string, contactId: string): Request {
  const headers = { authorization: `Bearer ${token}`, 'x-org': org.slug, accept: 'application/json' };
  if (server === 'limit') return { path: isPerContact(query) ? `/${query}/${contactId}` : `/${query}`, headers };
  const variables = isPerContact(query) ? variablesFor(server, org, contactId) : undefined;
  const body = JSON.stringify({ query: queries[query][server], variables });
  return { path: '/graphql', headers: { ...headers, 'content-type': 'application/json' }, body };
}

/** Writes a request as the bytes of HTTP/1.1. */
export function toBytes({ path, headers, body }: Request): Buffer {
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
