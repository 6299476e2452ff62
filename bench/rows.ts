/** Whether all servers answer the same rows: the same organizations are asked on each, and the answers compared. */
import { isDeepStrictEqual } from 'node:util';
import { plainRows, type Query } from './queries.ts';
import { type Askers, ask, requestsFor } from './requests.ts';
import type { Server } from './servers.ts';

/** So many organizations are compared, with one request of each query. */
const compared = 10;

/**
 * Compares the answers of all servers to the first requests of a query.
 *
 * @returns how many objects the first answer holds.
 * @throws Error that shows the first pair of answers that differ.
 */
export async function checkSameRows(servers: readonly Server[], query: Query, askers: Askers): Promise<number> {
  const answers = await Promise.all(servers.map((server) => answersOf(server, query, askers)));
  const [first, ...others] = answers;
  for (const [index, other] of others.entries()) {
    const at = other.findIndex((rows, turn) => !isDeepStrictEqual(rows, first?.[turn]));
    if (at < 0) continue;
    const shown = [first?.[at], other[at]].map((rows) => JSON.stringify(rows)?.slice(0, 2000));
    throw new Error(
      `${servers[0]?.name} and ${servers[index + 1]?.name} differ on ${query.name}:\n${shown.join('\n')}`,
    );
  }
  return countObjects(first?.[0]);
}

async function answersOf(server: Server, query: Query, askers: Askers): Promise<unknown[]> {
  const requests = requestsFor(server.name, query, askers);
  const answers: unknown[] = [];
  for (let n = 0; n < compared; n += 1) {
    const rows = plainRows(await ask(server.port, requests(n)));
    if (isEmpty(rows)) throw new Error(`${server.name} answered no rows on ${query.name}.`);
    answers.push(rows);
  }
  return answers;
}

/** How many objects with an id an answer holds. */
const countObjects = (rows: unknown): number => JSON.stringify(rows).match(/"id":/g)?.length ?? 0;

/** Servers that all answer nothing would agree. */
const isEmpty = (rows: unknown): boolean => countObjects(rows) === 0;
