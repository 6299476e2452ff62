/**
 * The text format that API keys and invitation tokens share: tag, organization, random part, checksum. The organization
 * stands in the text because the row is looked up inside one tenant, and the checksum lets a mistyped or made-up text be
 * refused without a query. What must stay true: only the hash is ever stored, and the random part has 160 bits.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const orgLength = 22;
const randomLength = 27;
const checksumLength = 6;

const encode = (value: bigint, length: number): string => {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = alphabet.charAt(Number(rest % 62n)) + digits;
  return digits.padStart(length, '0');
};

const decode = (digits: string): bigint =>
  [...digits].reduce((value, digit) => value * 62n + BigInt(alphabet.indexOf(digit)), 0n);

const checksum = (text: string): string => encode(BigInt(crc32(text)), checksumLength);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const encodeUuid = (id: string): string => {
  const hex = id.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new TypeError('A secret is made for an organization id, which is a UUID.');
  return encode(BigInt(`0x${hex}`), orgLength);
};

const decodeUuid = (digits: string): string | null => {
  const hex = decode(digits).toString(16).padStart(32, '0');
  if (hex.length > 32) return null;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/**
 * Describes one kind of secret: `tag_`, 22 characters of organization, `_`, a public prefix of `prefixLength` characters,
 * 27 characters of 160 random bits, 6 characters of CRC-32 over everything before. All base62, digits first, then
 * capitals. The hash is SHA-256 over the whole text, in hex.
 */
export function secretFormat(tag: string, prefixLength: number) {
  const rest = `[0-9A-Za-z]{${randomLength + checksumLength}}`;
  const shape = new RegExp(`^${tag}_([0-9A-Za-z]{${orgLength}})_([0-9A-Za-z]{${prefixLength}})${rest}$`);

  /** Makes a new secret; throws a TypeError when `orgId` is not a UUID. */
  const create = (orgId: string) => {
    const prefix = Array.from({ length: prefixLength }, () => alphabet.charAt(randomInt(62))).join('');
    const random = encode(BigInt(`0x${randomBytes(20).toString('hex')}`), randomLength);
    const body = `${tag}_${encodeUuid(orgId)}_${prefix}${random}`;
    const text = body + checksum(body);
    return { text, prefix, hash: sha256(text) };
  };

  /** Reads a secret, or answers null when shape, checksum or organization is wrong. */
  const parse = (text: string) => {
    const [, org = '', prefix = ''] = shape.exec(text) ?? [];
    if (!org || checksum(text.slice(0, -checksumLength)) !== text.slice(-checksumLength)) return null;
    const orgId = decodeUuid(org);
    return orgId === null ? null : { orgId, prefix, hash: sha256(text) };
  };

  return { create, parse };
}
