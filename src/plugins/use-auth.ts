/**
 * From a credential to a caller, before the document is even parsed: who is not known learns nothing of the schema. Which
 * organization the caller may enter is the database's to say, when the transaction opens.
 */
import type { Plugin } from 'graphql-yoga';
import { looksLikeApiKey, parseApiKey } from '../auth/api-key.ts';
import type { Caller } from '../auth/scope.ts';
import type { TokenClaims } from '../auth/token.ts';
import { forbidden, unauthenticated } from '../errors.ts';
import { requestState } from '../request.ts';
import type { PublicPart } from './public-part.ts';

export interface AuthOptions {
  readonly verifyToken: (token: string) => Promise<TokenClaims>;
  /** What requests without a credential may ask for. */
  readonly publicPart: PublicPart;
  /** Whether requests without a credential may introspect the schema. Never in production. */
  readonly anonymousIntrospection: boolean;
}

function keyCaller(text: string, wantedOrg: string | null): Caller {
  const key = parseApiKey(text);
  if (!key) throw unauthenticated('This API key is malformed.');
  if (wantedOrg && wantedOrg.toLowerCase() !== key.orgId) {
    throw forbidden('An API key works in its own organization only: leave X-Org out.');
  }
  return { kind: 'key', ...key };
}

/** What a request says of its caller: the `Authorization` header and the organization of `X-Org`. */
export interface Credentials {
  readonly authorization: string | null | undefined;
  readonly org: string | null | undefined;
}

/**
 * The caller of a request; null without credentials.
 *
 * @throws GatewayError UNAUTHENTICATED or FORBIDDEN for credentials that are not good.
 */
export async function callerOf(
  { authorization, org }: Credentials,
  verifyToken: AuthOptions['verifyToken'],
): Promise<Caller | null> {
  if (!authorization) return null;
  const [scheme = '', credential = ''] = authorization.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'bearer' || !credential)
    throw unauthenticated('Send the token as "Authorization: Bearer <token>".');
  const wantedOrg = org?.trim().slice(0, 100) || null;
  if (looksLikeApiKey(credential)) return keyCaller(credential, wantedOrg);
  const { expiresAt: _end, orgId: claimedOrg, ...person } = await verifyToken(credential);
  return { kind: 'person', ...person, wantedOrg, claimedOrg };
}

export function useAuth({ verifyToken, publicPart, anonymousIntrospection }: AuthOptions): Plugin {
  return {
    async onParams({ request, params }) {
      const state = requestState(request);
      const { headers } = request;
      const credentials = { authorization: headers.get('authorization'), org: headers.get('x-org') };
      state.caller = await callerOf(credentials, verifyToken);
      if (state.caller || anonymousIntrospection || publicPart.holdsText(params.query)) return;
      throw unauthenticated('Sign in: send a token as "Authorization: Bearer <token>".');
    },
  };
}
