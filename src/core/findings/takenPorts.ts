import type { TakenPort } from '../checks/live/liveCheck';
import { anotherPort } from '../checks/portEdit';
import { Limiter } from '../common/limiter';
import { isPortFree, portHolder } from '../common/portHolder';
import { publishersAmong } from '../engine/contents';
import type { EngineContainer } from '../model/engineContents';
import type { Port, ResolvedService } from '../model/project';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';

/** So many ports are tried at most before it is said that none is free. */
const MOST_TRIES = 100;

/** What tells who has a port. */
export interface PortWitnesses {
  /** All of the engine. */
  readonly containers: readonly EngineContainer[];
  /** Whether the engine's ports are this machine's. */
  readonly isLocal: boolean;
  /** All that Berth knows: their ports are not offered. */
  readonly known: readonly EnvironmentSnapshot[];
}

/** Opening a port to see whether it is free takes it for that moment: one look at a time. */
const looks = new Limiter(1);

/** The ports of services that somebody else has: containers of other projects, or programs of this machine. */
export async function takenPorts(
  services: readonly ResolvedService[],
  project: string | undefined,
  witnesses: PortWitnesses,
): Promise<readonly TakenPort[]> {
  const wanted = services.flatMap(({ name, ports, onHostNetwork }) =>
    onHostNetwork ? [] : ports.flatMap((port) => (port.published === undefined ? [] : [{ service: name, port }])),
  );
  const found = await Promise.all(
    wanted.map(async ({ service, port }): Promise<TakenPort | undefined> => {
      const holder = await holderOf(port, project, witnesses);
      if (!holder) return undefined;
      const free = await freePort(port, witnesses);
      return { service, port, ...holder, isLocal: witnesses.isLocal, ...(free === undefined ? {} : { free }) };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** @returns undefined when nobody else has it. */
async function holderOf(
  { published = 0, hostIp, protocol }: Port,
  project: string | undefined,
  { containers, isLocal }: PortWitnesses,
): Promise<Pick<TakenPort, 'holder'> | undefined> {
  const holders = publishersAmong(containers, { published, hostIp, protocol });
  const stranger = holders.find((one) => one.project === undefined || one.project !== project);
  if (stranger) return { holder: { kind: 'container', container: stranger } };
  if (holders.length > 0 || !isLocal) return undefined;
  if (await looks.run(() => isPortFree({ port: published, host: hostIp, protocol }))) return undefined;
  const program = protocol === 'tcp' ? await portHolder(published) : undefined;
  return program ? { holder: { kind: 'program', program } } : {};
}

async function freePort(
  { published = 0, hostIp, protocol }: Port,
  { containers, isLocal, known }: PortWitnesses,
): Promise<number | undefined> {
  const services = known.flatMap(({ resolution }) => projectOf(resolution)?.services ?? []);
  const used = new Set([...containers, ...services].flatMap(({ ports }) => ports.map((port) => port.published)));
  let candidate: number | undefined = published;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    candidate = anotherPort(candidate, (port) => used.has(port));
    if (candidate === undefined || !isLocal) return candidate;
    const port = candidate;
    if (await looks.run(() => isPortFree({ port, host: hostIp, protocol }))) return candidate;
  }
  return undefined;
}
