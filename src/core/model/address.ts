import type { Port } from './project';

/** Where a published port is reached. */
export interface Address {
  /** As it is written in front of a port: a host name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
  /** With the scheme of what usually listens at such a port: `postgresql://localhost:5432`. */
  readonly url: string;
  /** Whether a browser may be of use there: what listens is not known to speak something else than HTTP. */
  readonly isWeb: boolean;
}

/**
 * What listens at a port inside a container by custom, where that is not HTTP, by the scheme of its addresses. Source:
 * the IANA registry of port numbers, and the images' own documentation.
 */
const SCHEME_OF_PORT: Readonly<Record<number, string>> = {
  21: 'ftp',
  22: 'ssh',
  25: 'smtp',
  53: 'dns',
  143: 'imap',
  389: 'ldap',
  1025: 'smtp',
  1433: 'sqlserver',
  1521: 'oracle',
  1883: 'mqtt',
  2181: 'zookeeper',
  3306: 'mysql',
  4222: 'nats',
  5432: 'postgresql',
  5672: 'amqp',
  6379: 'redis',
  7687: 'bolt',
  9042: 'cassandra',
  9092: 'kafka',
  11211: 'memcached',
  26257: 'postgresql',
  27017: 'mongodb',
};

/** Ports that speak TLS by custom, on either side of the publication. */
const TLS_PORTS = [443, 8443];

/**
 * Where a published TCP port is reached from this machine; undefined for a port that is not published, or is not TCP.
 * @param engineAddress where the engine is that publishes it: a socket's path, or a URL such as
 *   `https://build.example:2376` or `ssh://me@build.example`; undefined while it is not connected to.
 */
export function addressOf(
  { target, published, hostIp, protocol }: Port,
  engineAddress: string | undefined,
): Address | undefined {
  if (published === undefined || protocol !== 'tcp') return undefined;
  const everywhere = hostIp === undefined || hostIp === '0.0.0.0' || hostIp === '::';
  const bare = everywhere ? publishingHost(engineAddress) : hostIp === '127.0.0.1' ? 'localhost' : hostIp;
  const host = bare.includes(':') ? `[${bare}]` : bare;
  const web = TLS_PORTS.includes(target) || TLS_PORTS.includes(published) ? 'https' : 'http';
  const scheme = SCHEME_OF_PORT[target] ?? web;
  return { host, port: published, url: `${scheme}://${host}:${published}`, isWeb: scheme === web };
}

/** The host on which an engine publishes ports, as seen from here. */
function publishingHost(engineAddress: string | undefined): string {
  if (!engineAddress || !/^(?:ssh|https?|tcp):/.test(engineAddress) || !URL.canParse(engineAddress)) return 'localhost';
  const host = new URL(engineAddress).hostname.replace(/^\[(.*)\]$/, '$1');
  return host === '' || isLoopback(host) ? 'localhost' : host;
}

/** The addresses that `localhost` stands for; others of 127.0.0.0/8 it does not. */
function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '::1';
}
