import { addressesCollide } from '../../common/hostAddress';
import { list, record, text } from '../../common/json';
import { perObject } from '../../common/perObject';
import type { LocalPort } from '../../common/portHolder';
import type { Port } from '../../model/project';
import type { CheckedEnvironment } from '../check';
import { isBroughtUp } from '../services';

/** A port of the machine that a service takes when its environment is up. */
export interface PublishedPort extends Port {
  readonly service: string;
  readonly published: number;
  /** The address as it is written: empty for all of IPv4 and IPv6. */
  readonly host: string;
}

/**
 * The ports that an environment takes when it is brought up: those of the services that its profiles enable. Not those that the engine
 * chooses, as it does out of a range.
 */
export const publishedPorts = perObject(({ definition, project }: CheckedEnvironment): readonly PublishedPort[] => {
  const services = record(project?.config.content.services);
  return (project?.services ?? []).flatMap(({ name, profiles, replicas }) => {
    return isBroughtUp({ profiles, replicas }, definition) ? portsOfService(name, record(services[name])) : [];
  });
});

/** Where a service has no address of its own, or none that is reached from outside: its ports are not published. */
const HIDES_PORTS = /^(?:host|none|service:.*|container:.*)$/;

/** The ports that a service publishes, those aside that the engine chooses. @param service as `docker compose config` has it. */
export function portsOfService(name: string, service: Readonly<Record<string, unknown>>): readonly PublishedPort[] {
  if (HIDES_PORTS.test(text(service.network_mode))) return [];
  return list(service.ports).flatMap((one) => publishedPort(name, record(one)));
}

function publishedPort(
  service: string,
  { target, published, host_ip: hostIp, protocol }: Record<string, unknown>,
): readonly PublishedPort[] {
  const number = /^\d+$/.test(text(published)) ? Number(published) : 0;
  // 0 leaves the choice to the engine, too.
  if (number === 0) return [];
  const host = text(hostIp);
  return [
    {
      service,
      target: Number(target),
      published: number,
      protocol: text(protocol) || 'tcp',
      host,
      ...(host === '' || host === '0.0.0.0' ? {} : { hostIp: host }),
    },
  ];
}

/** A port as that of this machine. */
export function localPort({ published, host, protocol }: PublishedPort): LocalPort {
  return { port: published, protocol, ...(host === '' ? {} : { host }) };
}

/** What must be equal for two to be in each other's way. */
export function portKey({ published, protocol }: PublishedPort): string {
  return `${published}/${protocol}`;
}

/** Whether the engine can't give both addresses the same port. */
export function hostsOverlap({ host: a }: PublishedPort, { host: b }: PublishedPort): boolean {
  return addressesCollide(a, b);
}

/** Several ports of services in a few words, runs of them as ranges: `5432`, `8000-8005, 9000`. */
export function portsText(ports: readonly number[]): string {
  const sorted = [...new Set(ports)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const port of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === port - 1) last[1] = port;
    else runs.push([port, port]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
