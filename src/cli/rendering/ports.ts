import type { Port } from '../../core/model/project';

/** Ports as people write them, e.g. `127.0.0.1:5432->5432, 53->53/udp`: only published ones. */
export function portsText(ports: readonly Port[]): string {
  return ports
    .filter((port) => port.published !== undefined)
    .map(({ hostIp, published, target, protocol }) => {
      const host = hostIp === undefined ? '' : `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:`;
      return `${host}${published}->${target}${protocol === 'tcp' ? '' : `/${protocol}`}`;
    })
    .join(', ');
}
