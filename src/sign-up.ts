/**
 * The server's own writes around sign-in, as the service role: the first sign-in of a person, the last use of a key.
 */
import type { Caller, Scope } from './auth/scope.ts';
import type { GuardedPool } from './db/pool.ts';
import { translateError } from './db/postgres-errors.ts';
import { serviceTransaction } from './db/service.ts';
import type { Logger } from './log.ts';

/** Makes a person's user row and personal organization; does nothing when they exist. */
export const createSignUp =
  (pool: GuardedPool) =>
  async (caller: Caller): Promise<void> => {
    if (caller.kind !== 'person') return;
    const { userId, email, fullName, avatarUrl } = caller;
    try {
      await serviceTransaction(pool, (client) =>
        client.query('select app.sign_in($1, $2, $3, $4)', [userId, email, fullName, avatarUrl]),
      );
    } catch (error) {
      throw translateError(error, error instanceof Error ? error : undefined);
    }
  };

const minuteMs = 60_000;

/** Notes when a key was last used, at most once a minute, after the answer and never at its cost. */
export function createKeyUseNotes(pool: GuardedPool, logger: Logger) {
  const noted = new Map<string, number>();
  return ({ apiKeyId, orgId }: Scope): void => {
    if (!apiKeyId || Date.now() - (noted.get(apiKeyId) ?? 0) < minuteMs) return;
    if (noted.size > 10_000) noted.clear();
    noted.set(apiKeyId, Date.now());
    serviceTransaction(pool, (client) => client.query('select app.note_key_use($1, $2)', [orgId, apiKeyId])).catch(
      (error: unknown) => {
        noted.delete(apiKeyId);
        logger.warn({ err: error }, 'the use of a key was not noted');
      },
    );
  };
}
