/** Whether all servers write the same: the row that was asked for, told back with the same fields, and one audit row. */
import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import type { Query } from './queries.ts';
import { type Askers, ask, type Request, requestsFor } from './requests.ts';
import type { Server } from './servers.ts';

/** So many requests are sent to each server. */
const compared = 5;

/** What a request did: the fields of the row in the answer, and what the audit trail says of it. */
interface Done {
  readonly fields: readonly string[];
  readonly audited: readonly unknown[];
}

/**
 * Sends some requests to each server and looks at what each did.
 *
 * @returns how many objects an answer holds: the row.
 * @throws Error when an answer lacks what was sent, or servers differ in the row's fields or the audit rows.
 */
export async function checkWrites(
  client: Client,
  servers: readonly Server[],
  query: Query,
  askers: Askers,
): Promise<number> {
  const all: Done[] = [];
  for (const server of servers) {
    const requests = requestsFor(server.name, query, askers);
    for (let n = 0; n < compared; n += 1) {
      const done = await write(client, server, requests(n));
      if (done.audited.length !== 1) throw new Error(`${server.name} left ${done.audited.length} audit rows.`);
      all.push(done);
    }
  }
  const other = all.find((done) => !isDeepStrictEqual(done, all[0]));
  if (other) throw new Error(`Servers differ on ${query.name}: ${JSON.stringify([all[0], other])}`);
  return 1;
}

/** Each request writes a title of its own, by which its traces are found. */
async function write(client: Client, server: Server, request: Request): Promise<Done> {
  const title = /"title":"([^"]+)"/.exec(request.body ?? '')?.[1];
  const row = rowOf(await ask(server.port, request));
  if (!title || row.title !== title) throw new Error(`${server.name} answered ${JSON.stringify(row)}, not "${title}".`);
  const sql = `select action, user_id is not null as "hasUser" from audit_logs where changes -> 'title' ->> 'after' = $1`;
  const { rows } = await client.query(sql, [title]);
  return { fields: Object.keys(row), audited: rows };
}

/** The row in a payload. */
function rowOf(data: unknown): Readonly<Record<string, unknown>> {
  const [payload] = Object.values(data as Record<string, { contact?: Record<string, unknown> }>);
  return payload?.contact ?? {};
}
