/**
 * Kinds of network addresses, by the registries of IANA for special-purpose addresses (RFC 6890) and for IPv6 global unicast.
 */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

const listOf = (subnets: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
};

const loopback = listOf(['127.0.0.0/8', '::1/128']);

/** Everything in IPv4 that is not a machine somewhere on the public Internet. */
const special4 = listOf([
  '0.0.0.0/8', // this network, unspecified
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT; cloud metadata of Alibaba
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local; cloud metadata of AWS, Azure, Google
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; cloud metadata of Oracle
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
  '168.63.129.16/32', // the platform address of Azure
]);

/** Of IPv6 only 2000::/3 is public, and in it these are not: they hold IPv4 addresses, or are no machines. */
const global6 = listOf(['2000::/3']);
const special6 = listOf([
  '2001::/23', // protocol assignments, Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
]);

/** A host of a URL in lower case, without the brackets of IPv6 and the dot at the end of a full name. */
export const bareHost = (host: string): string => {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return isIP(bare) ? bare : bare.replace(/\.$/, '');
};

/** Whether an address is of a machine on the public Internet. Whatever is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special4.check(address, 'ipv4');
  return (
    isIPv6(address) && !address.includes('%') && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
  );
}

/** Whether an address, or the name `localhost`, is the machine itself. */
export function isLoopback(host: string): boolean {
  const bare = bareHost(host);
  if (isIP(bare) === 0 || bare.includes('%')) return bare === 'localhost';
  return loopback.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6');
}
