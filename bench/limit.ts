/**
 * The limit: what is left when nothing is general. A bare `node:http` server, one SQL text written by hand for each
 * query, and Postgres makes the whole answer. Settings and query travel together and run as one implicit transaction,
 * as the same role and under the same row security as everywhere. It checks the same tokens.
 * Nothing that understands GraphQL is expected to reach it.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'pg';
import { Pipeline, type Statement } from '../src/db/pipeline.ts';
import { type Caller, callerFrom } from './caller.ts';
import { limitSql } from './limit-sql.ts';

const { DATABASE_URL, DATABASE_POOL_SIZE, PORT, JWT_SECRET = '', BENCH_ORGS = '' } = process.env;
const caller = callerFrom(JWT_SECRET, JSON.parse(readFileSync(BENCH_ORGS, 'utf8')));
const pool = new Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) });

const settingsSql = `select set_config('role', 'gateway', true), set_config('transaction_read_only', 'on', true),
  set_config('app.org_id', $1, true), set_config('app.user_id', $2, true), set_config('app.role', 'owner', true)`;

const settings = ({ orgId, userId }: Caller): Statement => ({
  name: 'settings',
  text: settingsSql,
  values: [orgId, userId],
});

async function run(statements: readonly Statement[]): Promise<string> {
  const client = await pool.connect();
  try {
    const pipeline = client.query(new Pipeline(statements));
    return String((await pipeline.done).at(-1)?.[0]?.body ?? '{"data":null}');
  } finally {
    client.release();
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
}

/** GET /contacts, /contacts-50, /deals, /filtered, /contact/<uuid>. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, name = '', id] = (request.url ?? '').split('/');
  const known = caller(request.headers);
  if (!known) return send(response, 401, '{}');
  const text = limitSql.get(name);
  if (!text) return send(response, 404, '{}');
  const body = await run([settings(known), { name, text, values: id ? [id] : [] }]);
  send(response, 200, body);
}

createServer((request, response) => {
  answer(request, response).catch((error: Error) => send(response, 500, JSON.stringify({ errors: [error.message] })));
}).listen(Number(PORT), '127.0.0.1');
