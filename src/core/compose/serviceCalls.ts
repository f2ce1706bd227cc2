import type { ProgramCall } from '../common/program';
import type { EnvironmentDefinition } from '../model/environment';
import { composeCall, projectCall } from './composeCall';

/** What of the logs is wanted. */
export interface LogsOptions {
  /** Whether to go on with what comes. */
  readonly follow: boolean;
  /** How many of the last lines of each container. */
  readonly tail: number | 'all';
  readonly colour: boolean;
  /** Only what is newer: a time such as `2026-01-31T12:00:00Z`, or how long ago, such as `10m`. */
  readonly since?: string;
  /** Whether each line begins with its time. */
  readonly timestamps?: boolean;
}

/**
 * Follows the logs of a project, or of some of its services: what is there, at most `tail` lines of each, and what comes.
 * Escape sequences for colour are left in.
 */
export function logsCall(
  projectName: string,
  context: string | undefined,
  services: readonly string[],
  { follow, tail, colour, since, timestamps }: LogsOptions,
): ProgramCall {
  return projectCall(projectName, context, [
    '--ansi',
    colour ? 'always' : 'never',
    'logs',
    ...(follow ? ['--follow'] : []),
    ...(colour ? [] : ['--no-color']),
    '--tail',
    String(tail),
    // In one word: a value may begin with a dash.
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(timestamps ? ['--timestamps'] : []),
    ...(services.length > 0 ? ['--', ...services] : []),
  ]);
}

/** The shells that a person likes to work with, best first. */
export const SHELLS = ['bash', 'zsh', 'fish', 'ash', 'sh'] as const;

/** How a program is run in a container. */
export interface ProgramOptions {
  /** Whether it is for a person at a terminal; else its input and output are passed on as they are, byte by byte. */
  readonly terminal: boolean;
  /** Name or number of the user, `user:group` too; the container's own when left out. */
  readonly user?: string;
}

/** In which one of a service's containers. */
export interface IndexOption {
  /** The container's number; when left out, the first one that will do. */
  readonly index?: number;
}

/**
 * A shell in a service's container.
 * @param terminal whether it is for a person at a terminal; else it reads commands from standard input.
 * @param shell its name or path; the best one that the container has when left out.
 */
export function shellCall(
  projectName: string,
  context: string | undefined,
  service: string,
  { terminal = true, user, shell, index }: Partial<ProgramOptions> & IndexOption & { readonly shell?: string } = {},
): ProgramCall {
  const best = `for shell in ${SHELLS.join(' ')}; do command -v "$shell" >/dev/null && exec "$shell"; done`;
  const command = shell === undefined ? ['sh', '-c', best] : [shell];
  return execCall(projectName, context, service, command, { terminal, user, index });
}

/** Where in a container a program runs, and with what. */
interface PlaceOptions {
  /** Absolute path in the container. */
  readonly workdir?: string;
  /** Names of variables of the call's own environment that the program gets, too. */
  readonly variables?: readonly string[];
}

/** Runs a program in a service's running container; ends with its exit code. */
export function execCall(
  projectName: string,
  context: string | undefined,
  service: string,
  command: readonly string[],
  { terminal, user, workdir, index, variables = [] }: ProgramOptions & PlaceOptions & IndexOption,
): ProgramCall {
  return projectCall(projectName, context, [
    'exec',
    ...(terminal ? [] : ['-T']),
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(workdir === undefined ? [] : [`--workdir=${workdir}`]),
    ...(index === undefined ? [] : [`--index=${index}`]),
    ...variables.flatMap((name) => ['--env', name]),
    '--',
    service,
    ...command,
  ]);
}

/**
 * Runs a program in a new container of a service, which is removed when it ends, unless it is to stay; ends with its exit code. Its ports are
 * not published, and it does not count as one of the service's own containers.
 * @param command the service's own one when empty.
 * @param containerName how the container is called; Compose finds a name when left out.
 * @param stays whether the container is left when the program ends.
 * @param noDeps whether to leave the services alone that it depends on; else they are started.
 * @param withoutWarnings see `composeCall`.
 */
export function runCall(
  definition: EnvironmentDefinition,
  service: string,
  command: readonly string[],
  {
    terminal,
    user,
    workdir,
    variables = [],
    noDeps,
    containerName,
    stays = false,
    withoutWarnings,
  }: ProgramOptions &
    PlaceOptions & {
      readonly noDeps?: boolean;
      readonly containerName?: string;
      readonly stays?: boolean;
      readonly withoutWarnings?: boolean;
    },
): ProgramCall {
  return composeCall(
    definition,
    [
      'run',
      ...(stays ? [] : ['--rm']),
      ...(containerName === undefined ? [] : [`--name=${containerName}`]),
      ...(terminal ? [] : ['-T']),
      ...(user === undefined ? [] : [`--user=${user}`]),
      ...(workdir === undefined ? [] : [`--workdir=${workdir}`]),
      ...variables.flatMap((name) => ['--env', name]),
      ...(noDeps ? ['--no-deps'] : []),
      '--',
      service,
      ...command,
    ],
    { withoutWarnings },
  );
}

/** One end of a copy: a path in a service's container, or an absolute path on this machine. */
export interface CopyPath {
  readonly service?: string;
  /** The number of the service's container; left out, Compose copies out of any of them, and into all. */
  readonly index?: number;
  readonly path: string;
}

/** Copies a file or a folder between this machine and the containers of a service, in either direction. */
export function copyCall(projectName: string, context: string | undefined, from: CopyPath, to: CopyPath): ProgramCall {
  const operand = ({ service, path }: CopyPath) => (service === undefined ? path : `${service}:${path}`);
  const index = from.index ?? to.index;
  return projectCall(projectName, context, [
    'cp',
    ...(index === undefined ? [] : [`--index=${index}`]),
    ...['--', operand(from), operand(to)],
  ]);
}

/**
 * `docker compose watch`: goes on until it is ended, and carries changes of files into containers.
 * @param services those to watch; all that say so in the files when empty.
 */
export function watchCall(
  definition: EnvironmentDefinition,
  services: readonly { readonly name: string; readonly profiles: readonly string[] }[],
): ProgramCall {
  // Unlike `up`, it knows a service of a profile only while that is active.
  const profiles = [...new Set([...definition.profiles, ...services.flatMap((service) => service.profiles)])];
  const names = services.map((service) => service.name);
  // With its warnings: that something is not carried over, it tells by those alone.
  return composeCall(definition, ['watch', ...(names.length > 0 ? ['--', ...names] : [])], { profiles });
}

export type ConfigFormat = 'yaml' | 'json';

/** What the compose files amount to: with the values of all variables. */
export function configCall(definition: EnvironmentDefinition, format: ConfigFormat = 'yaml'): ProgramCall {
  return composeCall(definition, ['config', ...(format === 'yaml' ? [] : ['--format', format])]);
}
