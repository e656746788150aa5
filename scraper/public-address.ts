/** Which IP addresses belong to the internet, and which to a machine or a network that a site has no business to name. */
import { BlockList, isIP } from 'node:net';

/** What is not the public internet, after https://www.iana.org/assignments/iana-ipv4-special-registry. */
const reserved4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);
const loopback4 = blockList('ipv4', [['127.0.0.0', 8]]);

/** Of IPv6 only this is given out to anybody, and of it not these: they carry or stand for other addresses. */
const global6 = blockList('ipv6', [['2000::', 3]]);
const reserved6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

/** IPv4 inside IPv6, as an IPv6 socket (`::ffff:`) and as a translating network (`64:ff9b::`) write it. */
const carriers = [blockList('ipv6', [['::ffff:0:0', 96]]), blockList('ipv6', [['64:ff9b::', 96]])];

/**
 * The address itself, with an IPv4 address taken out of its IPv6 clothes. Each family is asked of a list of its own:
 * one list for both takes `::ffff:0:0/96` for the whole of IPv4.
 */
export function bareAddress(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (isIP(plain) !== 6 || !carriers.some((carrier) => carrier.check(plain, 'ipv6'))) return plain;
  // The parser of URLs writes every IPv6 address in one way, the last 32 bits as two groups.
  const groups = new URL(`http://[${plain}]`).hostname.slice(1, -1).split(':').slice(-2);
  const [high = 0, low = 0] = groups.map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Whether a {@link bareAddress} can be reached by anybody. What is no address is not. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !reserved4.check(address, 'ipv4');
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !reserved6.check(address, 'ipv6');
}

/** Whether a {@link bareAddress} is this machine's own. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? loopback4.check(address, 'ipv4') : address === '::1';
}

function blockList(family: 'ipv4' | 'ipv6', subnets: readonly [string, number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
