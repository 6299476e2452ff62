/** Whether all servers answer the same rows: the same organizations are asked on each, and the answers compared. */
import { isDeepStrictEqual } from 'node:util';
import type { Org } from './database.ts';
import { plainRows, type QueryName } from './queries.ts';
import { ask, requestsFor } from './requests.ts';
import type { Server } from './servers.ts';

/** So many organizations are compared, with one request of each query. */
const compared = 10;

/**
 * Compares the answers of all servers to the first requests of a query.
 *
 * @throws Error that shows the first pair of answers that differ.
 */
export async function checkSameRows(
  servers: readonly Server[],
  query: QueryName,
  { orgs, secret }: { orgs: readonly Org[]; secret: string },
): Promise<void> {
  const answers = await Promise.all(servers.map((server) => answersOf(server, query, orgs, secret)));
  const [first, ...others] = answers;
  for (const [index, other] of others.entries()) {
    const at = other.findIndex((rows, turn) => !isDeepStrictEqual(rows, first?.[turn]));
    if (at < 0) continue;
    const shown = [first?.[at], other[at]].map((rows) => JSON.stringify(rows)?.slice(0, 2000));
    throw new Error(`${servers[0]?.name} and ${servers[index + 1]?.name} differ on ${query}:\n${shown.join('\n')}`);
  }
}

async function answersOf(server: Server, query: QueryName, orgs: readonly Org[], secret: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const request of requestsFor(server.name, query, orgs, secret).slice(0, compared)) {
    const rows = plainRows(await ask(server.port, request));
    if (isEmpty(rows)) throw new Error(`${server.name} answered no rows on ${query}.`);
    answers.push(rows);
  }
  return answers;
}

/** Servers that all answer nothing would agree. */
const isEmpty = (rows: unknown): boolean => !/"id":/.test(JSON.stringify(rows));
