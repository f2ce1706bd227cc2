import { localPort, type PublishedPort } from '../checks/across/publishedPorts';
import type { PortPrograms, TakenPort } from '../checks/live/liveCheck';
import { anotherPort } from '../checks/portEdit';
import { record } from '../common/json';
import { Limiter } from '../common/limiter';
import { isPortFree } from '../common/portHolder';
import { isNeeded } from '../common/runningProgram';
import { type EngineConnection, isLocal } from '../engine/connection';
import { publishersAmong } from '../engine/contents';
import { type PortUsers, portUsers } from '../engine/portUsers';
import type { EngineContainer } from '../model/engineContents';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';

/** So many ports are tried at most before it is said that none is free. */
const MOST_TRIES = 100;

/** What tells who has a port. */
export interface PortWitnesses {
  /** All of the engine. */
  readonly containers: readonly EngineContainer[];
  readonly connection: EngineConnection;
  /** All that Berth knows: their ports are not offered. */
  readonly known: readonly EnvironmentSnapshot[];
  /** Those that were offered by now, of which none is offered again; what is offered comes to it. */
  readonly offered: Set<number>;
  readonly signal: AbortSignal;
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
      return {
        port,
        ...holder,
        isLocal: isLocal(witnesses.connection.address),
        ...(free === undefined ? {} : { free }),
      };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** @returns undefined when nobody else has it. */
async function holderOf(
  port: PublishedPort,
  project: string | undefined,
  witnesses: PortWitnesses,
): Promise<Pick<TakenPort, 'holder'> | undefined> {
  const { containers, connection, signal } = witnesses;
  const { published, host, protocol } = port;
  const holders = publishersAmong(containers, { published, hostIp: host, protocol });
  const stranger = holders.find((one) => one.project === undefined || one.project !== project);
  if (stranger) return { holder: await containerHolder(stranger, witnesses) };
  if (holders.length > 0 || !isLocal(connection.address)) return undefined;
  if (await looks.run(() => isPortFree(localPort(port)))) return undefined;
  const users = await portUsers(localPort(port), connection, signal);
  const { container } = users;
  // Its own container ends before another one is made of it.
  if (container && container.project === project && container.service === port.service) return undefined;
  if (container) return { holder: await containerHolder(container, witnesses) };
  const holder = await programsAmong(users);
  return holder ? { holder } : {};
}

async function containerHolder(
  container: EngineContainer,
  { connection, signal }: PortWitnesses,
): Promise<TakenPort['holder']> {
  const details = await connection
    .inspect((engine) => engine.container(container.id, signal))
    .catch(() => signal.throwIfAborted());
  const isRemovedAtEnd = record(record(details).HostConfig).AutoRemove === true;
  return { kind: 'container', container, isRemovedAtEnd };
}

async function programsAmong({ programs, hasOthers }: PortUsers): Promise<PortPrograms | undefined> {
  const [program, ...others] = programs;
  if (!program) return undefined;
  const mayBeEnded = others.length === 0 && !hasOthers && !(await isNeeded(program));
  return { kind: 'programs', programs, mayBeEnded };
}

async function freePort(
  wanted: PublishedPort,
  { containers, connection, known, offered }: PortWitnesses,
): Promise<number | undefined> {
  const services = known.flatMap(({ resolution }) => projectOf(resolution)?.services ?? []);
  const used = new Set([...containers, ...services].flatMap(({ ports }) => ports.map((port) => port.published)));
  let candidate: number | undefined = wanted.published;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    candidate = anotherPort(candidate, (port) => used.has(port) || offered.has(port));
    if (candidate === undefined) return undefined;
    offered.add(candidate);
    if (!isLocal(connection.address)) return candidate;
    const port = candidate;
    if (await looks.run(() => isPortFree({ ...localPort(wanted), port }))) return candidate;
  }
  return undefined;
}
