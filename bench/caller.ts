/**
 * Who sends a request to PostGraphile or to the limit: the token is checked, and the organization is looked up in a map
 * that the start filled. So neither asks the database for it, while the gateway looks for the membership there.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Org } from './database.ts';
import { verifyToken } from './token.ts';

export interface Caller {
  readonly orgId: string;
  readonly userId: string;
}

/** What is known of an organization. */
export type KnownOrg = Pick<Org, 'id' | 'slug' | 'userId'>;

/** Makes the function that tells the caller from the headers of a request; undefined means 401. */
export function callerFrom(
  secret: string,
  orgs: readonly KnownOrg[],
): (headers: IncomingHttpHeaders) => Caller | undefined {
  const bySlug = new Map(orgs.map((org) => [org.slug, org]));
  return (headers) => {
    const claims = verifyToken(headers.authorization?.slice('Bearer '.length) ?? '', secret);
    const org = bySlug.get(String(headers['x-org']));
    return claims && org?.userId === claims.sub ? { orgId: org.id, userId: org.userId } : undefined;
  };
}
