/**
 * Invitation tokens: `gwi_<organization>_<random><checksum>`. The link in the mail carries the token, the invitation's
 * row only its hash.
 */
import { secretFormat } from './secret.ts';

const format = secretFormat('gwi', 0);

/** Makes a token for an organization; throws a TypeError when `orgId` is not a UUID. */
export function createInvitationToken(orgId: string): { token: string; hash: string } {
  const { text, hash } = format.create(orgId);
  return { token: text, hash };
}

/** Reads a token, or answers null when its shape or checksum is wrong. */
export function parseInvitationToken(text: string): { orgId: string; hash: string } | null {
  const parsed = format.parse(text);
  return parsed && { orgId: parsed.orgId, hash: parsed.hash };
}
