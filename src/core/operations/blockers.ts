import * as l10n from '@vscode/l10n';
import { unlessAborted } from '../common/event';
import { isPortFree, lacksAddress } from '../common/portHolder';
import { publishersAmong } from '../engine/contents';
import { portUsers } from '../engine/portUsers';
import { sharesPorts } from '../engine/sharesPorts';
import type { EngineContainer } from '../model/engineContents';
import { externalOf } from '../model/external';
import { ownerOf } from '../model/owner';
import { type Port, type ResolvedProject, type ResolvedService, withDependencies } from '../model/project';
import { portOfReplicasText } from '../model/replicas';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { addressReason, nameReason, portOfProgramsReason, portReason, type Witnesses } from './obstacle';
import { concernedBy, type OperationRequest } from './operation';
import type { Reason } from './reason';

/** How long looking may take before Compose is run without it, in milliseconds. */
const LOOK_LIMIT = 1_000;

/** What would surely keep an environment from coming up. */
export interface Blocker {
  readonly service?: string;
  readonly reason: Reason;
}

/**
 * Looks before Compose brings anything up at what it would fail of half-way: ports and names that somebody else has, external networks and
 * volumes that are not there. What can't be told for sure is left to Compose.
 * @returns the first; undefined where nothing is known to be in the way.
 * @throws the signal's reason when aborted.
 */
export async function blockerOf(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  witnesses: Witnesses,
): Promise<Blocker | undefined> {
  const project = projectOf(environment.resolution);
  if (!project || request.operation !== 'up') return undefined;
  const names = withDependencies(
    concernedBy(request, environment).map(({ name }) => name),
    project,
  );
  const services = project.services.filter(({ name, replicas }) => names.has(name) && replicas !== 0);
  const limited = AbortSignal.any([witnesses.signal, AbortSignal.timeout(LOOK_LIMIT)]);
  const about = { request, environment, services, witnesses: { ...witnesses, signal: limited } };
  const look = async () => {
    const containers = await witnesses.connection.inspect((engine) => engine.containers(limited));
    return (
      takenName(containers, about) ??
      (await takenPort(containers, project, about)) ??
      (await missingExternal(project, about))
    );
  };
  return unlessAborted(look(), limited).catch(() => {
    witnesses.signal.throwIfAborted();
    return undefined;
  });
}

interface About {
  readonly request: OperationRequest;
  readonly environment: EnvironmentSnapshot;
  /** Those that are brought up. */
  readonly services: readonly ResolvedService[];
  readonly witnesses: Witnesses;
}

function takenName(
  containers: readonly EngineContainer[],
  { environment, services, witnesses }: About,
): Blocker | undefined {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const { name: service, containerName = '' } of services) {
    const holder = byName.get(containerName);
    // What its own project has, Compose knows better, but for what `docker compose run --name` has made: it does not replace that.
    if (!holder || (holder.project === environment.projectName && !holder.oneOff)) continue;
    return { service, reason: nameReason(containerName, ownerOf(holder, witnesses.environments)) };
  }
  return undefined;
}

async function takenPort(
  containers: readonly EngineContainer[],
  { subnets }: ResolvedProject,
  { request, environment, services, witnesses }: About,
): Promise<Blocker | undefined> {
  const { connection, environments } = witnesses;
  const looksHere = await sharesPorts(connection);
  for (const { name: service, ports, onHostNetwork, replicas = 1 } of services) {
    // Compose keeps the number of those that there are.
    const kept = environment.services.find(({ name }) => name === service)?.containers.length || replicas;
    const count = request.options?.replicas?.[service] ?? kept;
    for (const port of onHostNetwork ? [] : ports) {
      const { published, protocol } = port;
      if (published === undefined) continue;
      if (count > 1) {
        const text = portOfReplicasText(service, count, { ...port, published });
        return { service, reason: { code: 'port-of-replicas', ...text, subject: String(published) } };
      }
      const holders = publishersAmong(containers, { published, protocol, hostIp: addressOf(port) });
      // One of its own has it: then nobody else has.
      if (holders.some(({ project }) => project === environment.projectName)) continue;
      const [holder] = holders;
      if (holder) return { service, reason: portReason(published, ownerOf(holder, environments)) };
      const local = { port: published, protocol, host: addressOf(port) };
      if (!looksHere) continue;
      if (await lacksAddress(local.host, subnets)) {
        const { addressPools } = await connection.inspect((engine) => engine.about(witnesses.signal));
        if (await lacksAddress(local.host, addressPools)) {
          return { service, reason: addressReason(published, local.host) };
        }
      }
      if (await isPortFree(local)) continue;
      const { container, programs } = await portUsers(local, connection, witnesses.signal);
      if (!container) return { service, reason: portOfProgramsReason(published, programs) };
      // What is its own, Compose ends before it makes another one of it.
      if (container.project === environment.projectName) continue;
      return { service, reason: portReason(published, ownerOf(container, environments)) };
    }
  }
  return undefined;
}

/** Where no address is given, or all of IPv4, Compose says nothing: IPv4 is meant in any case. */
function addressOf({ hostIp = '0.0.0.0' }: Port): string {
  return hostIp;
}

/** Networks of a swarm, which are told of on other machines, are left to Compose. */
async function missingExternal(
  project: ResolvedProject,
  { environment, services, witnesses: { connection, signal } }: About,
): Promise<Blocker | undefined> {
  const { name } = environment.definition;
  const namesOf = (kind: 'networks' | 'volumes') => externalOf(kind, project, services).map((one) => one.name);
  const [networks, volumes] = [namesOf('networks'), namesOf('volumes')];
  if (networks.length > 0) {
    const there = await connection.inspect((engine) => engine.networksAmong(networks, signal));
    const missing = networks.find((one) => !there.includes(one));
    const mayBeElsewhere =
      missing !== undefined && (await connection.inspect((engine) => engine.about(signal))).isInSwarm;
    if (missing !== undefined && !mayBeElsewhere) return { reason: missingReason('network', missing, name) };
  }
  if (volumes.length > 0) {
    const there = await connection.inspect((engine) => engine.volumesAmong(volumes, signal));
    const missing = volumes.find((one) => !there.includes(one));
    if (missing !== undefined) return { reason: missingReason('volume', missing, name) };
  }
  return undefined;
}

function missingReason(kind: 'network' | 'volume', name: string, needing: string): Reason {
  return kind === 'network'
    ? {
        code: 'missing-network',
        message: l10n.t('The network "{0}", which "{1}" needs, is not there.', name, needing),
        remedy: l10n.t('Make it first: docker network create {0}', name),
        subject: name,
      }
    : {
        code: 'missing-volume',
        message: l10n.t('The volume "{0}", which "{1}" needs, is not there.', name, needing),
        remedy: l10n.t('Make it first: docker volume create {0}', name),
        subject: name,
      };
}
