/**
 * Which addresses of tenants the server may send something to, as far as the address itself says: https, a port where web
 * servers listen, and a host of the public Internet. Where a name leads is looked at when connecting: `public-fetch.ts`.
 */
import { isIP } from 'node:net';
import { bareHost, isLoopback, isPublicAddress } from '../addresses.ts';

export interface UrlRules {
  /** Whether the machine itself may be addressed too, also without encryption. Never in production. */
  readonly allowLoopback: boolean;
}

/** Names that lead somewhere only inside of a network (RFC 6761, 6762, 8375, and what is usual). */
const innerNames = ['localhost', 'local', 'localdomain', 'internal', 'intranet', 'lan', 'home', 'corp', 'private'];
const innerSuffixes = [...innerNames, 'home.arpa', 'in-addr.arpa', 'ip6.arpa', 'onion', 'alt'].map(
  (name) => `.${name}`,
);

const isPublicName = (name: string): boolean =>
  name.includes('.') && !innerSuffixes.some((suffix) => name.endsWith(suffix)) && !name.includes('..');

const isPublicHost = (host: string): boolean => (isIP(host) === 0 ? isPublicName(host) : isPublicAddress(host));

/** Whether a port is one where web servers listen: 443, or one that needs no privileges. */
const isWebPort = (port: string): boolean => port === '' || port === '443' || Number(port) >= 1024;

/**
 * What is wrong with an address that something is to be sent to, as a sentence; null when nothing is.
 *
 * @throws TypeError when the text is no URL.
 */
export function urlFault(text: string, { allowLoopback }: UrlRules): string | null {
  const { protocol, hostname, port, username, password } = new URL(text);
  if (username || password) return 'The address holds a user name or password. Leave it out.';
  if (allowLoopback && isLoopback(hostname) && ['http:', 'https:'].includes(protocol)) return null;
  if (protocol !== 'https:')
    return `The address begins with https://${allowLoopback ? ', or with http://localhost' : ''}.`;
  if (!isPublicHost(bareHost(hostname)))
    return 'The address must be public: neither this machine, nor in a private or special network, nor a name that exists only in one.';
  return isWebPort(port) ? null : 'The port of the address must be 443, or from 1024 to 65535.';
}
