import net from 'node:net';

/** Addresses that stand for all of a family. */
const ALL_OF_FAMILY: readonly string[] = ['0.0.0.0', '::'];

/**
 * Whether two addresses of a machine can't both have one port. Measured with Docker Engine 20.10: no address is all of IPv4 and of IPv6;
 * `0.0.0.0` and `::` are all of one of them, and do not mind each other, nor do two addresses.
 * @param one as it is written, in brackets or not; empty or undefined for all.
 */
export function addressesCollide(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [plainAddress(one), plainAddress(other)];
  if (a === b || a === '' || b === '') return true;
  if (net.isIPv6(a) !== net.isIPv6(b)) return false;
  return ALL_OF_FAMILY.includes(a) || ALL_OF_FAMILY.includes(b);
}

/** An address in its one form: `::1` of `[0:0:0:0:0:0:0:1]`, `127.0.0.1` of `::ffff:127.0.0.1`; empty of undefined. */
export function plainAddress(address = ''): string {
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  if (!net.isIPv6(bare)) return bare;
  const { address: short } = new net.SocketAddress({ address: bare.replace(/%.*$/, ''), family: 'ipv6' });
  return short.replace(/^::ffff:(?=\d+\.)/, '');
}
