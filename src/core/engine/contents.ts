import { addressesCollide } from '../common/hostAddress';
import { list, record, text } from '../common/json';
import type { EngineAbout, EngineContainer } from '../model/engineContents';
import { isOneOff, LABEL, portsOf } from './messages';

/** A port of the engine's machine that somebody has, or is to have. */
export interface HostPort {
  readonly published: number;
  /** Left out, of any protocol. */
  readonly protocol?: string;
  /** The address that it is bound to; all of IPv4 and IPv6 when left out. */
  readonly hostIp?: string;
}

/** All containers. @param listed `GET /containers/json`. */
export function parseContainers(listed: unknown): readonly EngineContainer[] {
  return list(listed).map((entry): EngineContainer => {
    const { Id, Names, Labels, State, Ports, NetworkSettings } = record(entry);
    const labels = record(Labels);
    const [project, service] = [text(labels[LABEL.project]), text(labels[LABEL.service])];
    return {
      id: text(Id),
      name: text(list(Names)[0]).replace(/^\//, ''),
      ...(project === '' ? {} : { project }),
      ...(service === '' ? {} : { service }),
      oneOff: isOneOff(labels),
      isRunning: State === 'running' || State === 'paused' || State === 'restarting',
      ports: portsOf(Ports),
      networks: Object.entries(record(record(NetworkSettings).Networks)).map(([name, network]) => {
        const address = text(record(network).IPAddress);
        return { name, ...(address === '' ? {} : { address }) };
      }),
    };
  });
}

/** The containers that publish a port which can't be had beside this one. */
export function publishersAmong(
  containers: readonly EngineContainer[],
  { published, protocol, hostIp }: HostPort,
): readonly EngineContainer[] {
  return containers.filter(({ ports }) =>
    ports.some(
      (port) =>
        port.published === published &&
        (protocol === undefined || port.protocol === protocol) &&
        addressesCollide(port.hostIp, hostIp),
    ),
  );
}

/** @param version `GET /version` @param info `GET /info` */
export function parseAbout(version: unknown, info: unknown): EngineAbout {
  const { Version, Os, Arch } = record(version);
  const { DockerRootDir, SecurityOptions, Swarm, DefaultAddressPools } = record(info);
  return {
    version: text(Version),
    platform: `${text(Os)}/${text(Arch)}`,
    dataRoot: text(DockerRootDir),
    mapsUsers: list(SecurityOptions).some((option) => /^name=(?:rootless|userns)/.test(text(option))),
    isInSwarm: text(record(Swarm).LocalNodeState) === 'active',
    addressPools: list(DefaultAddressPools).map((pool) => text(record(pool).Base)),
  };
}
