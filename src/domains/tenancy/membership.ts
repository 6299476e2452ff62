import type { Context } from '../../context.ts';

/** A place of the caller in an organization. */
export interface Membership {
  readonly organizationId: string;
  readonly role: string;
}

/** The caller's active memberships, oldest first. From here on the rows of those organizations can be read. */
export const findMemberships = (context: Context): Promise<Membership[]> =>
  context.db.$queryRaw<Membership[]>`select m.org_id as "organizationId", m.role from app.memberships() m`;
