/**
 * How a transaction takes on its caller: settings that drop every right but the gateway's, then one statement that checks
 * the membership and writes the context that row security reads. The row it gives becomes the scope.
 */
import type { Role } from '../auth/permissions.ts';
import type { Caller, RequestInfo, Scope } from '../auth/scope.ts';
import type { Config } from '../config.ts';
import type { Row, Statement } from './pipeline.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A statement under a name, unless names are switched off. */
export const named = (statement: Statement & { readonly name: string }, { database }: Config): Statement =>
  database.preparedStatements ? statement : { ...statement, name: '' };

const role = "set_config('role', 'gateway', true)";
const timeouts = "set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true)";

/** Begins and sets what holds until the end, for a transaction that Prisma goes on with. */
export function beginStatements(readOnly: boolean, config: Config): Statement[] {
  const { statementMs, transactionMs } = config.timeouts;
  const begin = readOnly
    ? { name: 'gateway_begin_read', text: 'begin read only' }
    : { name: 'gateway_begin', text: 'begin' };
  // Prisma ends a transaction in good order; Postgres only one that Prisma forgot. The embedded database would end itself.
  const idle = config.database.url ? `${transactionMs + 1_000}ms` : '0';
  const settings = {
    name: 'gateway_settings',
    text: `select ${role}, ${timeouts}, set_config('idle_in_transaction_session_timeout', $2, true)`,
    values: [`${statementMs}ms`, idle],
  };
  return [named(begin, config), named(settings, config)];
}

/** The same for a transaction that consists of a single read, and is never idle. */
export const readSettings = (config: Config): Statement =>
  named(
    {
      name: 'gateway_read_settings',
      text: `select ${role}, set_config('transaction_read_only', 'on', true), ${timeouts}`,
      values: [`${config.timeouts.statementMs}ms`],
    },
    config,
  );

/**
 * Enters as the caller. In the database its errors are GW001 to GW004: no such person, disabled, not a member, bad key.
 */
export function enterStatement(caller: Caller, request: RequestInfo, config: Config): Statement {
  // Without a context row security lets nothing be seen.
  if (caller.kind === 'anyone') return named({ name: 'gateway_enter_anyone', text: 'select null as org_id' }, config);
  const from = JSON.stringify({ id: request.id, ip: request.ip, agent: request.userAgent });
  return caller.kind === 'person'
    ? named(
        {
          name: 'gateway_enter',
          text: 'select * from app.enter($1::uuid, $2, $3, $4::jsonb)',
          values: [caller.userId, caller.wantedOrg, caller.claimedOrg, from],
        },
        config,
      )
    : named(
        {
          name: 'gateway_enter_key',
          text: 'select * from app.enter_with_key($1::uuid, $2, $3, $4::jsonb)',
          values: [caller.orgId, caller.prefix, caller.hash, from],
        },
        config,
      );
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
