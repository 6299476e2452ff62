/**
 * Remembers for a few seconds which tokens were good: a page sends the same one with each of its requests, and checking a
 * signature costs as much as a small query. Nothing is remembered of a refusal, nor past a token's end; who is let into
 * which organization is asked of the database each time.
 */
import type { TokenClaims } from './token.ts';

type Verify = (token: string) => Promise<TokenClaims>;

const maxTokens = 2_000;
const rememberMs = 10_000;

/** Wraps a verifier with a small memory. */
export function rememberTokens(verify: Verify): Verify {
  const known = new Map<string, { readonly claims: TokenClaims; readonly until: number }>();
  return async (token) => {
    const found = known.get(token);
    if (found && Date.now() < found.until) return found.claims;
    const claims = await verify(token);
    if (known.size >= maxTokens) known.clear();
    known.set(token, { claims, until: Math.min(Date.now() + rememberMs, claims.expiresAt.getTime()) });
    return claims;
  };
}
