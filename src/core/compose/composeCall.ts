import path from 'node:path';
import type { ProgramCall } from '../common/program';
import type { EnvironmentDefinition } from '../model/environment';

/** Every profile: for calls that must not overlook a service. */
export const ALL_PROFILES = '*';

/**
 * `docker compose` with everything that makes it mean this environment, as data.
 * @param args the Compose command with its arguments, e.g. `['up', '-d', '--', 'postgres']`.
 * @param profiles the profiles to activate instead of the environment's own.
 * @param withoutWarnings for what is run on a user's terminal where a value loses a part (`losesParts`): Compose's warnings have that, and it
 *   may be one of a password. Berth tells of what they are about.
 */
export function composeCall(
  environment: EnvironmentDefinition,
  args: readonly string[],
  {
    profiles = environment.profiles,
    withoutWarnings = false,
  }: { readonly profiles?: readonly string[]; readonly withoutWarnings?: boolean } = {},
): ProgramCall {
  const [firstFile = ''] = environment.files;
  const elsewhere = environment.projectDirectory !== path.dirname(firstFile);
  return {
    command: 'docker',
    args: [
      ...contextArgs(environment.context),
      ...(withoutWarnings ? ['--log-level', 'error'] : []),
      'compose',
      ...[...environment.files, environment.runFile ?? []].flat().flatMap((file) => ['--file', file]),
      ...environment.envFiles.flatMap((file) => ['--env-file', file]),
      ...(elsewhere ? ['--project-directory', environment.projectDirectory] : []),
      ...profiles.flatMap((profile) => ['--profile', profile]),
      ...(environment.projectName === undefined ? [] : ['--project-name', environment.projectName]),
      ...args,
    ],
    cwd: environment.projectDirectory,
  };
}

/**
 * `docker compose` on a project by its name alone: Compose then works from the labels of what exists, so that a
 * project can be stopped or removed while its files are broken.
 */
export function projectCall(projectName: string, context: string | undefined, args: readonly string[]): ProgramCall {
  return {
    command: 'docker',
    args: [...contextArgs(context), 'compose', '--project-name', projectName, ...args],
    // A folder without compose files, above which there are none either: Compose would read those, or those that the
    // user's own variables name, and not go by the labels.
    cwd: path.parse(process.cwd()).root,
    env: { COMPOSE_FILE: '', COMPOSE_PROFILES: '' },
  };
}

/** The docker command line itself, for what Compose does not do: to single containers, or beside a project. */
export function dockerCall(context: string | undefined, args: readonly string[]): ProgramCall {
  return { command: 'docker', args: [...contextArgs(context), ...args], cwd: path.parse(process.cwd()).root };
}

/**
 * A call that names no context, in this one, whichever is current when it is run.
 * Source: docker/cli, `cli/command/cli.go` (resolveContextName): what it is told, and `DOCKER_HOST`, count more.
 */
export function inContext(call: ProgramCall, context: string): ProgramCall {
  return { ...call, env: { ...call.env, DOCKER_CONTEXT: context } };
}

function contextArgs(context: string | undefined): string[] {
  return context === undefined ? [] : ['--context', context];
}

/** Told to every Compose call whose progress is read by Berth: plain lines, without escape sequences. */
export const PLAIN_PROGRESS = { COMPOSE_PROGRESS: 'plain', COMPOSE_ANSI: 'never', BUILDKIT_PROGRESS: 'plain' } as const;
