import { record, text } from '../common/json';
import { CONTAINER_STATES, type Container, type HealthCheckState, type TestRunMark } from '../model/container';
import { isRunFile } from '../model/environment';
import type { Port } from '../model/project';

/** Labels that Compose puts on what it makes. Source: docker/compose, `pkg/api/labels.go`. */
export const LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  configFiles: 'com.docker.compose.project.config_files',
  workingDirectory: 'com.docker.compose.project.working_dir',
} as const;

/** Labels that a test run puts on the containers and volumes that it makes. */
export const TEST_RUN_LABEL = {
  id: 'dev.berth.run',
  host: 'dev.berth.run.host',
  kept: 'dev.berth.run.kept',
  volumes: 'dev.berth.run.volumes',
} as const;

/**
 * What of the event stream Berth wants, for the engine to filter: containers of Compose projects only, and none of the
 * `exec_*` events that every health probe causes (they are most of all events, and carry whole command lines).
 * `health_status` lets `health_status: healthy` and `health_status: unhealthy` pass.
 */
export const EVENT_FILTERS = {
  type: ['container'],
  label: [LABEL.project],
  event: [
    'create',
    'start',
    'restart',
    'die',
    'kill',
    'stop',
    'pause',
    'unpause',
    'destroy',
    'rename',
    'update',
    'health_status',
  ],
};

/** The containers of Compose projects; with `ids`, only those. In the form of the Engine API's `filters`. */
export function listFilters(ids?: readonly string[]): Record<string, string[]> {
  return { label: [LABEL.project], ...(ids && { id: [...ids] }) };
}

/** An event of a container of a Compose project. */
export interface ContainerEvent {
  readonly id: string;
  /** `start`, `die` …; `health_status` without what follows the colon. */
  readonly action: string;
  /** What follows the colon of `health_status: healthy`. */
  readonly healthCheck?: HealthCheckState;
  readonly exitCode?: number;
  /** The signal number of `kill`. */
  readonly signal?: number;
  /** What labels and attributes say of the container itself. */
  readonly identity: ContainerIdentity;
}

type ContainerIdentity = Pick<
  Container,
  'name' | 'image' | 'project' | 'service' | 'number' | 'oneOff' | 'configFiles' | 'workingDirectory' | 'testRun'
>;

/**
 * One line of the engine's event stream. Undefined for what is not about a container of a Compose project.
 * @throws SyntaxError when it is no JSON.
 */
export function parseEvent(line: string): ContainerEvent | undefined {
  const event = record(JSON.parse(line));
  const actor = record(event.Actor);
  const attributes = record(actor.Attributes);
  const id = text(actor.ID);
  const identity = identityOf(text(attributes.name), text(attributes.image), attributes);
  if (event.Type !== 'container' || !id || !identity) return undefined;
  const [action = '', detail] = text(event.Action).split(': ');
  return {
    id,
    action,
    healthCheck: action === 'health_status' ? healthCheckOf(detail) : undefined,
    exitCode: attributes.exitCode === undefined ? undefined : Number(attributes.exitCode),
    signal: attributes.signal === undefined ? undefined : Number(attributes.signal),
    identity,
  };
}

/**
 * One entry of `GET /containers/json`. The `Status` text gives health and exit code, so that nothing needs inspecting.
 * Undefined for what is not of a Compose project.
 */
export function parseListed(listed: unknown): Container | undefined {
  const entry = record(listed);
  const id = text(entry.Id);
  const names = Array.isArray(entry.Names) ? entry.Names : [];
  const identity = identityOf(text(names[0]).replace(/^\//, ''), text(entry.Image), record(entry.Labels));
  if (!id || !identity) return undefined;
  const status = text(entry.Status);
  const state = CONTAINER_STATES.find((known) => known === entry.State) ?? 'created';
  const exitCode = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(status)?.[1];
  return {
    id,
    ...identity,
    state,
    healthCheck: state === 'running' ? healthCheckOf(/\((?:health: )?(\w+)\)$/.exec(status)?.[1]) : 'none',
    exitCode: exitCode === undefined ? undefined : Number(exitCode),
    stoppedOnRequest: undefined,
    killedOnRequest: undefined,
    ports: portsOf(entry.Ports),
  };
}

/** SIGINT, SIGQUIT, SIGTERM: the signals that images name as theirs to be stopped with. SIGKILL alone is no request. */
const STOP_SIGNALS = [2, 3, 15];
const SIGKILL = 9;

/**
 * What an event makes of a container. Every event sets plain values, so that applying one to a state which already holds
 * it changes nothing, and the last event decides: that is what makes "subscribe, list, then apply" right.
 * @param before undefined when the container is not known yet.
 * @returns undefined when the container is gone; `before` itself when nothing changed.
 */
export function applyEvent(before: Container | undefined, event: ContainerEvent): Container | undefined {
  const container: Container = before ?? {
    id: event.id,
    ...event.identity,
    state: 'created',
    healthCheck: 'none',
    stoppedOnRequest: undefined,
    killedOnRequest: undefined,
    ports: [],
  };
  switch (event.action) {
    case 'start':
      return withChange(container, {
        state: 'running',
        // Whether there is a health check at all, the list tells a moment later, or has told already.
        healthCheck: container.state === 'running' && container.healthCheck === 'none' ? 'none' : 'starting',
        exitCode: undefined,
        stoppedOnRequest: undefined,
        killedOnRequest: undefined,
      });
    case 'health_status':
      return withChange(container, { healthCheck: event.healthCheck ?? 'none' });
    // The health check's value is kept over a pause, for `unpause`.
    case 'pause':
      return withChange(container, { state: 'paused' });
    case 'unpause':
      // Of a container that was unhealthy no event will come while it stays so; of one that was not, the next probe tells.
      return withChange(container, {
        state: 'running',
        healthCheck: container.healthCheck === 'unhealthy' ? 'unhealthy' : 'starting',
      });
    case 'die':
      return ended(container, {
        exitCode: event.exitCode,
        stoppedOnRequest: container.stoppedOnRequest ?? false,
      });
    // A stop shows as kill, die, stop: taking the signal as the request already keeps `die` from looking like a failure.
    case 'kill':
      if (event.signal === SIGKILL) return withChange(container, { killedOnRequest: true });
      return STOP_SIGNALS.includes(event.signal ?? 0) ? withChange(container, { stoppedOnRequest: true }) : container;
    // One that is stopped while it waits to be restarted does not die: this is all that comes.
    case 'stop':
      return ended(container, { stoppedOnRequest: true });
    case 'rename':
      return withChange(container, { name: event.identity.name });
    case 'destroy':
      return undefined;
    default:
      return container;
  }
}

/**
 * Whether the engine must be asked about a container after this event, because the event does not carry what changed:
 * after `start` the ports and whether there is a health check; after `die` whether the engine will restart it;
 * after `update` anything.
 */
export function needsListing(event: ContainerEvent): boolean {
  return ['start', 'unpause', 'die', 'update'].includes(event.action);
}

/** Whether this event makes a listing needless that an earlier one asked for. */
export function settles(event: ContainerEvent): boolean {
  return event.action === 'stop' || event.action === 'destroy';
}

function ended(container: Container, change: Partial<Container>): Container {
  const ports = container.ports.length > 0 ? [] : container.ports;
  return withChange(container, { state: 'exited', healthCheck: 'none', ports, ...change });
}

function withChange(container: Container, change: Partial<Container>): Container {
  const changed = (Object.keys(change) as (keyof Container)[]).some((key) => container[key] !== change[key]);
  return changed ? { ...container, ...change } : container;
}

/** Whether `docker compose run` made a container with these labels. */
export function isOneOff(labels: Record<string, unknown>): boolean {
  return text(labels[LABEL.oneOff]).toLowerCase() === 'true';
}

function identityOf(name: string, image: string, labels: Record<string, unknown>): ContainerIdentity | undefined {
  const project = text(labels[LABEL.project]);
  const service = text(labels[LABEL.service]);
  if (!project || !service) return undefined;
  return {
    name,
    image,
    project,
    service,
    number: numberOf(labels),
    oneOff: isOneOff(labels),
    configFiles: text(labels[LABEL.configFiles])
      .split(',')
      .filter((file) => file !== '' && !isRunFile(file)),
    workingDirectory: text(labels[LABEL.workingDirectory]) || undefined,
    ...withTestRun(labels),
  };
}

/** The mark of the test run that made something, by its labels; nothing where none did. */
export function withTestRun(labels: Record<string, unknown>): { readonly testRun?: TestRunMark } {
  if (labels[TEST_RUN_LABEL.id] === undefined) return {};
  return {
    testRun: {
      id: text(labels[TEST_RUN_LABEL.id]),
      host: text(labels[TEST_RUN_LABEL.host]),
      kept: text(labels[TEST_RUN_LABEL.kept]) === 'true',
      removesVolumes: text(labels[TEST_RUN_LABEL.volumes]) === 'remove',
    },
  };
}

/** A container's number among those of its service, by its labels. */
export function numberOf(labels: Record<string, unknown>): number {
  return Number(labels[LABEL.number]) || 1;
}

function healthCheckOf(word: string | undefined): HealthCheckState {
  return word === 'starting' || word === 'healthy' || word === 'unhealthy' ? word : 'none';
}

/** Published ports, each once: the engine lists one entry for IPv4 and one for IPv6. */
export function portsOf(listed: unknown): readonly Port[] {
  const ports = new Map<string, Port>();
  for (const item of Array.isArray(listed) ? listed : []) {
    const { IP, PrivatePort, PublicPort, Type } = record(item);
    if (typeof PrivatePort !== 'number' || typeof PublicPort !== 'number') continue;
    const hostIp = IP === '0.0.0.0' || IP === '::' ? undefined : text(IP) || undefined;
    const protocol = text(Type) || 'tcp';
    ports.set(`${hostIp}:${PublicPort}/${protocol}`, { target: PrivatePort, published: PublicPort, hostIp, protocol });
  }
  return [...ports.values()].sort((a, b) => a.target - b.target || (a.published ?? 0) - (b.published ?? 0));
}
