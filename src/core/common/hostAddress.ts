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

/**
 * The gateways of the networks to which the engine, when it is not told otherwise, gives the subnets: 172.17.0.0/16 to 172.31.0.0/16, and
 * 192.168.0.0/16 in those of /20. Source: moby, `libnetwork/ipamutils`.
 */
const LIKELY_GATEWAY =
  /^(?:172\.(?:1[7-9]|2\d|3[01])\.0|192\.168\.(?:0|16|32|48|64|80|96|112|128|144|160|176|192|208|224|240))\.1$/;

/**
 * Whether an address may come with a network that Compose has yet to make.
 * @param subnets those that its networks are to have, or that the engine takes theirs from: `172.28.0.0/16`.
 */
export function mayComeWithNetwork(host: string, subnets: readonly string[]): boolean {
  const address = plainAddress(host);
  return LIKELY_GATEWAY.test(address) || subnets.some((subnet) => isInSubnet(address, subnet));
}

/** @param address in its one form. */
function isInSubnet(address: string, subnet: string): boolean {
  const [start = '', length = ''] = subnet.split('/');
  const version = net.isIP(start);
  if (version === 0 || version !== net.isIP(address) || !/^\d+$/.test(length)) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const addresses = new net.BlockList();
  addresses.addSubnet(start, Math.min(Number(length), version === 6 ? 128 : 32), family);
  return addresses.check(address, family);
}

/** An address in its one form: `::1` of `[0:0:0:0:0:0:0:1]`, `127.0.0.1` of `::ffff:127.0.0.1`; empty of undefined. */
export function plainAddress(address = ''): string {
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  if (!net.isIPv6(bare)) return bare;
  const { address: short } = new net.SocketAddress({ address: bare.replace(/%.*$/, ''), family: 'ipv6' });
  return short.replace(/^::ffff:(?=\d+\.)/, '');
}
