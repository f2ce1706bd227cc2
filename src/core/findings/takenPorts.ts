import { localPort, type PublishedPort } from '../checks/across/publishedPorts';
import type { PortPrograms, TakenPort } from '../checks/live/liveCheck';
import { anotherPort } from '../checks/portEdit';
import { Limiter } from '../common/limiter';
import { isPortFree, portHolders } from '../common/portHolder';
import { isNeeded } from '../common/runningProgram';
import { publishersAmong } from '../engine/contents';
import type { EngineContainer } from '../model/engineContents';
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
  /** Those that were offered by now, of which none is offered again; what is offered comes to it. */
  readonly offered: Set<number>;
}

/** Opening a port to see whether it is free takes it for that moment: one look at a time. */
const looks = new Limiter(1);

/** The ports that somebody else has: containers of other projects, or programs of this machine. */
export async function takenPorts(
  ports: readonly PublishedPort[],
  project: string | undefined,
  witnesses: PortWitnesses,
): Promise<readonly TakenPort[]> {
  const found = await Promise.all(
    ports.map(async (port): Promise<TakenPort | undefined> => {
      const holder = await holderOf(port, project, witnesses);
      if (!holder) return undefined;
      const free = await freePort(port, witnesses);
      return { port, ...holder, isLocal: witnesses.isLocal, ...(free === undefined ? {} : { free }) };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** @returns undefined when nobody else has it. */
async function holderOf(
  port: PublishedPort,
  project: string | undefined,
  { containers, isLocal }: PortWitnesses,
): Promise<Pick<TakenPort, 'holder'> | undefined> {
  const { published, host, protocol } = port;
  const holders = publishersAmong(containers, { published, hostIp: host, protocol });
  const stranger = holders.find((one) => one.project === undefined || one.project !== project);
  if (stranger) return { holder: { kind: 'container', container: stranger } };
  if (holders.length > 0 || !isLocal) return undefined;
  if (await looks.run(() => isPortFree(localPort(port)))) return undefined;
  const holder = protocol === 'tcp' ? await programsAt(port) : undefined;
  return holder ? { holder } : {};
}

async function programsAt(port: PublishedPort): Promise<PortPrograms | undefined> {
  const { programs, hasOthers } = await portHolders(localPort(port));
  const [program, ...others] = programs;
  if (!program) return undefined;
  const mayBeEnded = others.length === 0 && !hasOthers && !(await isNeeded(program));
  return { kind: 'programs', programs, mayBeEnded };
}

async function freePort(
  wanted: PublishedPort,
  { containers, isLocal, known, offered }: PortWitnesses,
): Promise<number | undefined> {
  const services = known.flatMap(({ resolution }) => projectOf(resolution)?.services ?? []);
  const used = new Set([...containers, ...services].flatMap(({ ports }) => ports.map((port) => port.published)));
  let candidate: number | undefined = wanted.published;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    candidate = anotherPort(candidate, (port) => used.has(port) || offered.has(port));
    if (candidate === undefined) return undefined;
    offered.add(candidate);
    if (!isLocal) return candidate;
    const port = candidate;
    if (await looks.run(() => isPortFree({ ...localPort(wanted), port }))) return candidate;
  }
  return undefined;
}
