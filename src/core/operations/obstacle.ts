import * as l10n from '@vscode/l10n';
import { record, text } from '../common/json';
import type { RunningProgram } from '../common/runningProgram';
import { type EngineConnection, isLocal } from '../engine/connection';
import type { HostPort } from '../engine/contents';
import { isOneOff, LABEL } from '../engine/messages';
import { portUsers } from '../engine/portUsers';
import { ownerOf, programsText } from '../model/owner';
import type { EnvironmentSnapshot } from '../model/snapshot';
import type { Reason } from './reason';

/** Whom to ask about what stands in the way. */
export interface Witnesses {
  readonly connection: EngineConnection;
  /** All that Berth knows: what is in the way may belong to one of them. */
  readonly environments: readonly EnvironmentSnapshot[];
  readonly signal: AbortSignal;
}

/**
 * What stands in the way of an operation, when that is nothing of the environment's own: a port or a name that somebody
 * else has, an engine that has run out of something. Undefined when it is none of these.
 * The texts that are recognised are those of Docker Engine 20.10 to 28.
 * @param said all that Compose said.
 * @throws the signal's reason when aborted.
 */
export async function obstacleIn(said: string, witnesses: Witnesses): Promise<Reason | undefined> {
  const atAddress = NO_ADDRESS.test(said) ? portIn(said) : undefined;
  if (atAddress?.hostIp) return addressReason(atAddress.published, atAddress.hostIp);
  const port = TAKEN_PORT.test(said) ? portIn(said) : undefined;
  if (port) return takenPort(port, witnesses);
  const [, name, id] = TAKEN_NAME.exec(said) ?? [];
  if (name && id) return takenName(name, id, witnesses);
  if (NO_ADDRESSES.test(said)) {
    return {
      code: 'no-addresses',
      message: l10n.t('The Docker engine has no addresses left for another network.'),
      remedy: l10n.t('Take down what is not needed; "docker network prune" removes the networks that nobody uses.'),
    };
  }
  if (NO_SPACE.test(said)) {
    return {
      code: 'disk-full',
      message: l10n.t('The disk of the Docker engine is full.'),
      remedy: l10n.t('"docker system df" tells what takes the room; "docker system prune" removes what nobody uses.'),
    };
  }
  const { connection, signal } = witnesses;
  const version = await connection.inspect((engine) => engine.version(signal));
  const [major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major === 0 || major > OLDEST_ENGINE[0] || (major === OLDEST_ENGINE[0] && minor >= OLDEST_ENGINE[1]))
    return undefined;
  return {
    code: 'engine-too-old',
    message: l10n.t('The Docker engine has version {0}, which is too old.', version),
    remedy: l10n.t('Update Docker: Berth works with Docker Engine {0} and later.', OLDEST_ENGINE.join('.')),
    subject: version,
  };
}

/** What is known of a failure whose own words say well enough what it is. */
export type PlainReason = Omit<Reason, 'message'>;

/**
 * What a failure is and what to do, where its own words say well enough what happened; undefined when that can't be told from them.
 * @param said all that Compose said.
 */
export function plainReasonIn(said: string): PlainReason | undefined {
  const network = NO_NETWORK.exec(said)?.[1];
  if (network) {
    const remedy = l10n.t('Make it first: docker network create {0}', network);
    return { code: 'missing-network', remedy, subject: network };
  }
  const volume = NO_VOLUME.exec(said)?.[1];
  if (volume) {
    const remedy = l10n.t('Make it first: docker volume create {0}', volume);
    return { code: 'missing-volume', remedy, subject: volume };
  }
  return FAILED_STEP.test(said) ? undefined : imageReasonIn(said);
}

/** Why an image could not be had. The texts are those of the engine, with its own store and with that of containerd, and of BuildKit. */
function imageReasonIn(said: string): PlainReason | undefined {
  const found = NO_PLATFORM.exec(said);
  if (found) {
    const platform = found.groups?.first ?? found.groups?.second ?? l10n.t('the processor of the engine');
    const remedy = l10n.t(
      'There is none for {0}: choose another image or tag, or one for another processor with "platform", which runs slowly.',
      platform,
    );
    return { code: 'wrong-platform', remedy };
  }
  const code = 'image-not-found';
  if (/toomanyrequests|pull rate limit/.test(said)) {
    return { code, remedy: l10n.t('The registry gives no more for now: wait, or raise the limit by "docker login".') };
  }
  if (/pull access denied|unauthorized|authentication required|no basic auth credentials|\bdenied: /.test(said)) {
    return {
      code,
      remedy: l10n.t('See whether the image is named right; if it is not for everybody, "docker login".'),
    };
  }
  if (UNREACHABLE.test(said) && OF_REGISTRY.test(said)) {
    const remedy = l10n.t(
      'The registry was not reached: see whether it is named right, and whether there is a network.',
    );
    return { code, remedy };
  }
  if (/manifest unknown|manifest for .* not found|failed to resolve (?:reference|source metadata)/.test(said)) {
    return {
      code,
      remedy: l10n.t('See whether the image and its tag are named right: the registry does not give it.'),
    };
  }
  return undefined;
}

/** Of one that Compose makes itself, the engine says the id. */
const NO_NETWORK = /network (?![0-9a-f]{64})([\w.-]+) (?:declared as external, but could not be found|not found)/;
const NO_VOLUME = /external volume "([\w.-]+)" not found/;
/** What runs in a build has words of its own. */
const FAILED_STEP = /did not complete successfully|executor failed running/;
const NO_PLATFORM =
  /no matching manifest for (?<first>[\w/]+)|the specified platform: wanted (?<second>[\w/]+)|no match for platform in manifest/;
const OF_REGISTRY = /\/v2\/|failed to resolve (?:reference|source metadata)|failed to do request|error pulling/;
const UNREACHABLE =
  /no such host|connection refused|TLS handshake timeout|i\/o timeout|Client\.Timeout exceeded|network is unreachable|server misbehaving|x509: /;

/** The oldest version of the engine that Berth works with. */
const OLDEST_ENGINE = [20, 10] as const;

/** Of Linux, macOS and Windows. */
const NO_ADDRESS = /(?:cannot|can't) assign requested address|requested address is not valid in its context/;
const TAKEN_PORT = /port is already allocated|address already in use|Ports are not available/;
/** `Bind for 0.0.0.0:80 failed`, `listen tcp4 [::]:80: bind`, `host port for 0.0.0.0:80:172.18.0.2:80/tcp`, `exposing port TCP 0.0.0.0:80 ->` */
const PORT =
  /(?:Bind for|listen (?:(?<listened>tcp|udp)[46]?)|host port for|exposing port (?<exposed>TCP|UDP)) (?<host>\[[\da-fA-F:.]+\]|[\d.]+|[\da-fA-F:]*?):(?<port>\d+)(?=[\s:]|$)(?:\S*\/(?<protocol>tcp|udp))?/m;
const TAKEN_NAME = /container name "\/?([^"]+)" is already in use by container "?([0-9a-f]{12,64})/;
const NO_ADDRESSES = /non-overlapping IPv4 address pool|all predefined address pools have been fully subscribed/;
const NO_SPACE = /no space left on device|not enough space on the disk/i;

/** The port that the engine could not have, with the address at which it wanted it. */
function portIn(said: string): HostPort | undefined {
  const { listened, exposed, host, port, protocol = listened ?? exposed } = PORT.exec(said)?.groups ?? {};
  return port === undefined ? undefined : { published: Number(port), hostIp: host, protocol: protocol?.toLowerCase() };
}

async function takenPort({ published: port, hostIp, protocol }: HostPort, witnesses: Witnesses): Promise<Reason> {
  const { connection, signal } = witnesses;
  const [publisher] = await connection.inspect((engine) =>
    engine.publishers({ published: port, hostIp, protocol }, signal),
  );
  const users =
    publisher || !isLocal(connection.address)
      ? undefined
      : await portUsers({ port, host: hostIp, protocol }, connection, signal);
  const holder = publisher ?? users?.container;
  return holder
    ? portReason(port, ownerOf(holder, witnesses.environments))
    : portOfProgramsReason(port, users?.programs ?? []);
}

/** That somebody's container has a port. @param owner whose it is, for people. */
export function portReason(port: number, owner: string): Reason {
  return {
    code: 'port-taken',
    message: l10n.t('Port {0} is already in use by {1}.', port, owner),
    remedy: l10n.t('Stop that first, or publish another port.'),
    subject: String(port),
  };
}

/** That programs have a port; some, where it is not known which. */
export function portOfProgramsReason(port: number, programs: readonly RunningProgram[]): Reason {
  const message =
    programs.length > 0
      ? l10n.t('Port {0} is already in use by {1}.', port, programsText(programs))
      : l10n.t("Port {0} is already in use by a program on the engine's machine.", port);
  const remedy = l10n.t('End that program, or publish another port.');
  return { code: 'port-taken', message, remedy, subject: String(port) };
}

/** That a port is to be published at an address that the engine's machine does not have. */
export function addressReason(port: number, address: string): Reason {
  return {
    code: 'missing-address',
    message: l10n.t(
      "Port {0} can't be published at {1}: the engine's machine does not have that address.",
      port,
      address,
    ),
    remedy: l10n.t('Publish it at an address that the machine has, such as 127.0.0.1.'),
    subject: String(port),
  };
}

async function takenName(name: string, id: string, witnesses: Witnesses): Promise<Reason> {
  const { connection, signal } = witnesses;
  const found = record(await connection.inspect((engine) => engine.container(id, signal)));
  const labels = record(record(found.Config).Labels);
  const project = text(labels[LABEL.project]);
  const holder = { id, name: text(found.Name).replace(/^\//, ''), project, oneOff: isOneOff(labels) };
  return nameReason(name, ownerOf(holder, witnesses.environments));
}

/** That somebody's container has a name. @param owner whose it is, for people. */
export function nameReason(name: string, owner: string): Reason {
  return {
    code: 'name-taken',
    message: l10n.t('The container name "{0}" is already in use by {1}.', name, owner),
    remedy: l10n.t('Take that down first, or leave out "container_name": each project then has names of its own.'),
    subject: name,
  };
}
