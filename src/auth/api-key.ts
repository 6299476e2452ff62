/**
 * API keys: `gwk_<organization>_<prefix><random><checksum>`. A key names its organization, so the row is found by
 * organization and prefix, and counts only when its stored hash is the key's. The key itself is shown once and never
 * stored.
 */
import { secretFormat } from './secret.ts';

const format = secretFormat('gwk', 8);

/** Tells an API key from a token by its first characters, without checking it. */
export const looksLikeApiKey = (text: string): boolean => text.startsWith('gwk_');

/** Makes a key for an organization; throws a TypeError when `orgId` is not a UUID. */
export function createApiKey(orgId: string): { key: string; prefix: string; hash: string } {
  const { text, prefix, hash } = format.create(orgId);
  return { key: text, prefix, hash };
}

/** Reads a key, or answers null when its shape or checksum is wrong. */
export const parseApiKey = (text: string): { orgId: string; prefix: string; hash: string } | null => format.parse(text);
