/**
 * How a transaction takes on its caller: the role of requests, then one statement that proves that the server asked, checks
 * the membership, sets the limits and writes the sealed context that row security reads. Its row becomes the scope.
 */
import type { Role } from '../auth/permissions.ts';
import type { Caller, RequestInfo, Scope } from '../auth/scope.ts';
import type { Config } from '../config.ts';
import type { EntryProofs } from './entry-proofs.ts';
import type { Row, Statement } from './pipeline.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A statement under a name, unless names are switched off. */
export const named = (statement: Statement & { readonly name: string }, { database }: Config): Statement =>
  database.preparedStatements ? statement : { ...statement, name: '' };

/** Not `set local`, of which Postgres warns in an implicit transaction. A login that has the role's rights alone needs none. */
const roleStatements = (config: Config, { takesRole }: EntryProofs): Statement[] =>
  takesRole ? [named({ name: 'gateway_role', text: "select set_config('role', 'gateway', true)" }, config)] : [];

/** What entering needs to know of the transaction that it is in. */
export interface EnterOptions {
  readonly readOnly: boolean;
  /** Whether the caller goes on with statements of its own, and may leave the transaction idle. */
  readonly goesOn: boolean;
}

/** Prisma ends a transaction in good order; Postgres only one that Prisma forgot. The embedded database would end itself. */
const idleMs = ({ goesOn }: EnterOptions, { database, timeouts }: Config): number =>
  goesOn && database.url ? timeouts.transactionMs + 1_000 : 0;

/** Enters as the caller. In the database its errors are GW001 to GW004 (no such person, disabled, not a member, bad key), and GW011. */
async function enterStatement(
  caller: Caller,
  request: RequestInfo,
  options: EnterOptions,
  config: Config,
  proofs: EntryProofs,
): Promise<Statement> {
  const limits = [String(options.readOnly), String(config.timeouts.statementMs), String(idleMs(options, config))];
  // Without a context row security lets nothing be seen.
  if (caller.kind === 'anyone') {
    const text = 'select app.limit_transaction($1::boolean, $2::integer, $3::integer), null as org_id';
    return named({ name: 'gateway_enter_anyone', text, values: limits }, config);
  }
  const from = JSON.stringify({ id: request.id, ip: request.ip, agent: request.userAgent });
  const tail = [from, await proofs.of(caller), ...limits];
  const rest = '$5, $6::boolean, $7::integer, $8::integer';
  return caller.kind === 'person'
    ? named(
        {
          name: 'gateway_enter',
          text: `select * from app.enter($1::uuid, $2, $3, $4::json, ${rest})`,
          values: [caller.userId, caller.wantedOrg, caller.claimedOrg, ...tail],
        },
        config,
      )
    : named(
        {
          name: 'gateway_enter_key',
          text: `select * from app.enter_with_key($1::uuid, $2, $3, $4::jsonb, ${rest})`,
          values: [caller.orgId, caller.prefix, caller.hash, ...tail],
        },
        config,
      );
}

/** The statements that open a transaction that Prisma goes on with. */
export async function openingStatements(
  caller: Caller,
  request: RequestInfo,
  readOnly: boolean,
  config: Config,
  proofs: EntryProofs,
): Promise<Statement[]> {
  const begin = readOnly
    ? { name: 'gateway_begin_read', text: 'begin read only' }
    : { name: 'gateway_begin', text: 'begin' };
  const enter = await enterStatement(caller, request, { readOnly, goesOn: true }, config, proofs);
  return [named(begin, config), ...roleStatements(config, proofs), enter];
}

/** The same for a transaction that consists of a single read. */
export async function readingStatements(
  caller: Caller,
  request: RequestInfo,
  config: Config,
  proofs: EntryProofs,
): Promise<Statement[]> {
  const enter = await enterStatement(caller, request, { readOnly: true, goesOn: false }, config, proofs);
  return [...roleStatements(config, proofs), enter];
}

/** The scope that the database gave a caller. */
export function scopeOf(row: Row, caller: Caller): Scope {
  return Object.freeze({
    orgId: textOrNull(row.org_id),
    userId: textOrNull(row.user_id),
    apiKeyId: textOrNull(row.api_key_id),
    role: textOrNull(row.role) as Role | null,
    plan: textOrNull(row.plan),
    extra: strings(row.permissions),
    keyScopes: caller.kind === 'key' ? strings(row.scopes) : null,
  });
}
