import { stripVTControlCharacters } from 'node:util';
import * as l10n from '@vscode/l10n';
import { type Clock, ifInTime } from '../common/clock';
import { UserError } from '../common/errors';
import { record } from '../common/json';
import { escapeRegExp } from '../common/text';
import { saysUnset } from '../compose/unsetVariables';
import type { EngineConnection } from '../engine/connection';
import { logSince } from '../engine/logSince';
import { sizeText } from '../model/belongings';
import type { Container } from '../model/container';
import { isFailing } from '../model/health';
import { type EnvironmentSnapshot, type ServiceSnapshot, tellingContainer } from '../model/snapshot';
import { lackingTool } from './healthReasons';
import { reasonInLog } from './logReasons';
import { obstacleIn, plainReasonIn } from './obstacle';
import type { Reason } from './reason';

/** How many log lines of a service that failed are shown. */
const LOG_LINES = 20;
/** How long finding out more of a service that failed may take, in milliseconds: what is known is told then. */
const EVIDENCE_LIMIT = 5_000;
/** How long finding out what stands in the way may take, in milliseconds: what Compose said is told then. */
const OBSTACLE_LIMIT = 5_000;

/** What a Compose call that failed says of its reason. */
export interface Complaint {
  /** Its verdict, one line. */
  readonly message: string;
  /** What else it said, several lines: without those that only tell progress. */
  readonly output?: string;
  /** What its progress marks as failed: names of services or containers. */
  readonly blamed: readonly string[];
}

/** So many of the last lines of what Compose said may name the service that it is about. */
const NAMING_LINES = 10;

/**
 * Takes the reason out of the output of a Compose call that failed; undefined when it printed nothing.
 * Compose tells progress on standard error, that of builds on either, and its verdict last.
 */
export function complaintOf({ stdout, stderr }: { stdout: string; stderr: string }): Complaint | undefined {
  const lines = `${stdout}\n${stderr}`.split(/[\r\n]+/).filter((line) => line.trim() && !saysUnset(line));
  const telling = lines.filter((line) => !PROGRESS_LINE.test(line) && !WARNING_LINE.test(line));
  const said = (telling.length > 0 ? telling : lines).map((line) => line.trim());
  const message = said.findLast((line) => VERDICT_LINE.test(line)) ?? said.at(-1);
  if (message === undefined) return undefined;
  const output = said.filter((line) => line !== message);
  const blamed = lines.map((line) => BLAMING_LINE.exec(line)?.slice(1).find(Boolean));
  return { message, output: output.join('\n') || undefined, blamed: blamed.filter((name) => name !== undefined) };
}

/**
 * ` Container app-db-1  Started`, ` db Pulling`, ` db Error …` (which the verdict says again), ` 0123456789ab Extracting …`,
 * `[+] Running 1/2`, `#12 [build 2/3] RUN …`, `------`.
 */
const PROGRESS_LINE = new RegExp(
  `^\\s*(?:${[
    '(?:Container|Network|Volume|Image|Service) .+',
    '\\S+ (?:Pull(?:ing|ed)|Pull complete|Building|Built|Warning|Error|Interrupted|Skipped|Waiting|Downloading|Extracting|Verifying)(?: .*)?',
    '[0-9a-f]{12} .*',
    '\\[\\+\\] .*',
    '#\\d+ .*',
    '-{6,}',
  ].join('|')})\\s*$`,
);
const WARNING_LINE = /^time=".*level=(?:warning|info)/;
const VERDICT_LINE = /Error response from daemon|failed to solve|^Error|^target .*:/;
/** ` db Error …`, ` Container app-db-1  Error`, ` > [db 2/3] RUN …:`, `target db: …`. */
const BLAMING_LINE = /^\s*(?:(?:Container\s+)?(\S+)\s+Error\b|> \[(\S+) |target (\S+):)/;

/** The service that a complaint is about: one that it names, by itself or by one of its containers, or one that it blames. */
export function serviceNamedIn(complaint: Complaint, environment: EnvironmentSnapshot): ServiceSnapshot | undefined {
  const { message, output = '', blamed } = complaint;
  const isBlamed = ({ name, containers }: ServiceSnapshot) =>
    blamed.includes(name) || containers.some((container) => blamed.includes(container.name));
  return (
    serviceNamedInText(message, environment) ??
    environment.services.find(isBlamed) ??
    serviceNamedInText(output.split('\n').slice(-NAMING_LINES).join('\n'), environment)
  );
}

function serviceNamedInText(text: string, { services }: EnvironmentSnapshot): ServiceSnapshot | undefined {
  const names = (word: string) => new RegExp(`(?<![\\w.-])${escapeRegExp(word)}(?![\\w-])`).test(text);
  return (
    services.find((service) => service.containers.some((container) => names(container.name))) ??
    services.find((service) => text.includes(`"${service.name}"`)) ??
    services.find((service) => text.startsWith(`${service.name} `))
  );
}

/** What is wrong with a service, and what it is because of, where that was recognised. */
export interface ServiceFailure {
  readonly error: UserError;
  readonly reason?: Reason;
}

interface Seek {
  readonly connection: EngineConnection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * What Compose complained of, with what stands in the way, or what the service it is about has to say, if that helps.
 * @throws the signal's reason when it is aborted.
 */
export async function complaintFailure(
  complaint: Complaint,
  service: ServiceSnapshot | undefined,
  environment: EnvironmentSnapshot | undefined,
  seek: Seek & { readonly environments: readonly EnvironmentSnapshot[] },
): Promise<ServiceFailure> {
  const said = [complaint.output, complaint.message].filter(Boolean).join('\n');
  const { clock, connection, environments, signal } = seek;
  const how = { clock, ms: OBSTACLE_LIMIT, signal };
  const obstacle = await ifInTime((limited) => obstacleIn(said, { connection, environments, signal: limited }), how);
  if (obstacle) {
    const { message: short, remedy } = obstacle;
    return { error: new UserError('failed', short, { remedy, output: said }), reason: obstacle };
  }
  if (service && environment && isFailing(service.health)) {
    const { error, reason } = await serviceFailure(service, environment, seek);
    const output = [said, error.details.output].filter(Boolean).join('\n\n');
    return { error: new UserError('failed', error.message, { ...error.details, output }), reason };
  }
  const plain = plainReasonIn(said);
  // What a registry answers does not always say what it was asked for; a build asks for other images than it makes.
  const image = plain?.code === 'image-not-found' && !service?.built ? service?.image : undefined;
  const message =
    image && !said.includes(image)
      ? l10n.t('The image "{0}" is not to be had: {1}', image, complaint.message)
      : complaint.message;
  const error = new UserError('failed', message, { output: complaint.output, remedy: plain?.remedy });
  return { error, ...(plain ? { reason: { ...plain, message } } : {}) };
}

/**
 * Says what is wrong with a service that did not come up: with what its health check last printed, or its last log lines.
 * @throws the signal's reason when it is aborted.
 */
export async function serviceFailure(
  service: ServiceSnapshot,
  environment: EnvironmentSnapshot,
  { connection, clock, signal }: Seek,
): Promise<ServiceFailure> {
  const container = tellingContainer(service);
  const how = { clock, ms: EVIDENCE_LIMIT, signal };
  // What comes too late does not keep the other one back.
  const [memory, { output, reason: inLog } = {}] = await Promise.all([
    container && ifInTime((limited) => memoryReason(service, container, connection, limited), how),
    container && ifInTime((limited) => evidenceOf(service, container, environment, connection, limited), how),
  ]);
  const reason = memory?.isSure ? memory.reason : (inLog ?? memory?.reason);
  const { message, remedy } = whatHappened(service, container);
  if (reason) {
    const whole = [message, output].filter(Boolean).join('\n');
    return { error: new UserError('failed', reason.message, { output: whole, remedy: reason.remedy }), reason };
  }
  const error = new UserError('failed', message, { output, remedy });
  return service.health === 'unhealthy'
    ? { error, reason: { code: 'health-check-failing', message, remedy } }
    : { error };
}

/** What ends by SIGKILL has this exit code, and so has a shell whose last program ended so. */
const KILLED = 137;

/**
 * That a service ended because it may not use more memory, or there was no more. That the engine has not noticed why says nothing: it may
 * hear of that only after the container has ended.
 * Source: moby, `libcontainerd/remote/client.go`, processEventStream, where the one is an event of its own beside the other.
 */
async function memoryReason(
  { name, health }: ServiceSnapshot,
  { id, exitCode, killedOnRequest }: Container,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<{ readonly isSure: boolean; readonly reason: Reason } | undefined> {
  if (health !== 'exited' && health !== 'restarting') return undefined;
  const details = record(await connection.inspect((engine) => engine.container(id, signal)).catch(() => undefined));
  const limit = Number(record(details.HostConfig).Memory) || 0;
  const isSure = record(details.State).OOMKilled === true;
  const isLikely = limit > 0 && exitCode === KILLED && !killedOnRequest;
  if (!isSure && !isLikely) return undefined;
  const memory = limit > 0 ? sizeText(limit) : l10n.t('what the machine has');
  const message = isSure
    ? l10n.t('Service "{0}" ran out of memory: it may use {1}.', name, memory)
    : l10n.t('Service "{0}" was killed, most likely because it ran out of memory: it may use {1}.', name, memory);
  const remedy = l10n.t(
    'Raise its memory limit ("mem_limit", or "deploy.resources.limits.memory"), or let it use less.',
  );
  return { isSure, reason: { code: 'out-of-memory', message, remedy } };
}

/** What is so of a service that did not come up, and what to do about it, a sentence each. */
function whatHappened(
  service: ServiceSnapshot,
  container: Container | undefined,
): { readonly message: string; readonly remedy: string } {
  const { name, health } = service;
  const remedy = l10n.t('Look at its logs; when it is mended, bring it up again.');
  if (health === 'paused') {
    return {
      message: l10n.t('Service "{0}" is paused.', name),
      remedy: l10n.t('Bring it up again: that unpauses it.'),
    };
  }
  if (health === 'unhealthy') {
    return { message: l10n.t('Service "{0}" is unhealthy: its health check fails.', name), remedy };
  }
  if (health === 'stopped') {
    return { message: l10n.t('Service "{0}" was stopped before it was up.', name), remedy };
  }
  return container?.exitCode === KILLED
    ? howKilled(service, container)
    : { message: howEnded(service, container?.exitCode), remedy };
}

function howEnded({ name, health }: ServiceSnapshot, exitCode: number | undefined): string {
  if (health === 'restarting') {
    return exitCode === undefined
      ? l10n.t('Service "{0}" ends again and again.', name)
      : l10n.t('Service "{0}" ends again and again, with exit code {1}.', name, exitCode);
  }
  return exitCode === undefined
    ? l10n.t('Service "{0}" ended.', name)
    : l10n.t('Service "{0}" ended with exit code {1}.', name, exitCode);
}

/** Of one that has not come to the end of the memory that it may use. */
function howKilled({ name, health }: ServiceSnapshot, { killedOnRequest }: Container) {
  if (killedOnRequest) {
    return {
      message: l10n.t('Service "{0}" was killed: somebody had the engine do that.', name),
      remedy: l10n.t('Bring it up again.'),
    };
  }
  return {
    message:
      health === 'restarting'
        ? l10n.t(
            'Service "{0}" ends again and again, with exit code {1}: it, or a program in it, is killed.',
            name,
            KILLED,
          )
        : l10n.t(
            'Service "{0}" ended with exit code {1}: it, or a program in it, was killed, and not by way of the engine.',
            name,
            KILLED,
          ),
    remedy: l10n.t(
      'The kernel does that when the machine has no memory left, and says so in its log ("dmesg"); else look at the logs of the service.',
    ),
  };
}

/** What a service last said, and the reason in that. */
interface Evidence {
  readonly output?: string;
  readonly reason?: Reason;
}

async function evidenceOf(
  service: ServiceSnapshot,
  container: Container,
  environment: EnvironmentSnapshot,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<Evidence> {
  const [printed, lines] = await Promise.all([
    service.health === 'unhealthy'
      ? connection.lastHealthOutput(container.id, signal).catch(() => undefined)
      : undefined,
    lastLines(container, connection, signal).catch(() => ''),
  ]);
  const ofCheck = printed && l10n.t('Its health check last printed:\n{0}', printed);
  const ofTool = printed === undefined ? undefined : lackingTool(service.name, printed);
  if (!lines) return ofCheck ? { output: ofCheck, reason: ofTool } : {};
  const addresses = await addressesOf(container, connection, signal).catch(() => new Map<string, string>());
  const reason =
    service.health === 'paused' ? undefined : (ofTool ?? reasonInLog({ service, environment, log: lines, addresses }));
  const ofLog = l10n.t('Its last log lines:\n{0}', lines);
  return { output: [ofCheck, ofLog].filter(Boolean).join('\n\n'), reason };
}

/** The last lines that a container has logged since it was last started: those before tell of what may be mended since. */
async function lastLines({ id }: Container, connection: EngineConnection, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  await connection.inspect(async (engine) => {
    const since = logSince(await engine.container(id, signal));
    const wanted = { follow: false, tail: LOG_LINES, since };
    await engine.logs(id, wanted, (line) => lines.push(line.text), signal);
  });
  return stripVTControlCharacters(lines.join('\n')).trim();
}

/** The services of a container's project by the addresses that they have now. */
async function addressesOf(
  { project }: Container,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const all = await connection.inspect((engine) => engine.containers(signal));
  return new Map(
    all.flatMap(({ project: its, service, networks }) =>
      its === project && service !== undefined
        ? networks.flatMap(({ address }) => (address === undefined ? [] : [[address, service] as const]))
        : [],
    ),
  );
}
