import type { ProgramCall } from '../common/program';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { ALL_PROFILES, composeCall, PLAIN_PROGRESS, projectCall } from './composeCall';

/** The operations that are one Compose command each. */
export type OperationName = 'up' | 'down' | 'stop' | 'start' | 'restart';

/**
 * The Compose call behind an operation.
 * `up` needs the files; the others work on what exists, by the project's name, so that they reach the services of all
 * profiles, and go on working while the files are broken. Only `down` of everything wants the files when they are good:
 * they tell which networks are Compose's to remove. It also removes what no longer stands in them.
 * @param projectName the environment's project, which must be known.
 * @param services the services to work on; all that is in the project when empty. `down` of some removes their containers.
 */
export function operationCall(
  operation: OperationName,
  { definition, resolution }: EnvironmentSnapshot,
  projectName: string,
  services: readonly string[],
): ProgramCall {
  // A service's name may begin with a dash.
  const operands = services.length > 0 ? ['--', ...services] : [];
  switch (operation) {
    case 'up':
      return withPlainProgress(composeCall(definition, ['up', '--detach', ...operands]));
    case 'down': {
      const args = ['down', '--remove-orphans'];
      if (services.length > 0) {
        return withPlainProgress(
          projectCall(projectName, definition.context, ['rm', '--stop', '--force', ...operands]),
        );
      }
      return withPlainProgress(
        resolution.kind === 'resolved'
          ? composeCall(definition, args, { profiles: [ALL_PROFILES] })
          : projectCall(projectName, definition.context, args),
      );
    }
    case 'stop':
    case 'start':
    case 'restart':
      return withPlainProgress(projectCall(projectName, definition.context, [operation, ...operands]));
  }
}

/**
 * Follows the logs of a project, or of some of its services: what is there, at most `tail` lines of each, and what comes.
 * Escape sequences for colour are left in.
 */
export function logsCall(
  projectName: string,
  context: string | undefined,
  services: readonly string[],
  { follow, tail, colour }: { follow: boolean; tail: number | 'all'; colour: boolean },
): ProgramCall {
  return projectCall(projectName, context, [
    '--ansi',
    colour ? 'always' : 'never',
    'logs',
    ...(follow ? ['--follow'] : []),
    ...(colour ? [] : ['--no-color']),
    '--tail',
    String(tail),
    ...(services.length > 0 ? ['--', ...services] : []),
  ]);
}

/** The last log lines of one service, without the service's name before each. */
export function logTailCall(
  projectName: string,
  context: string | undefined,
  service: string,
  tail: number,
): ProgramCall {
  return projectCall(projectName, context, [
    'logs',
    '--no-color',
    '--no-log-prefix',
    '--tail',
    String(tail),
    '--',
    service,
  ]);
}

/**
 * A shell in a service's container: the best one that the image has.
 * @param terminal whether it is for a person at a terminal; else it reads commands from standard input.
 */
export function shellCall(
  projectName: string,
  context: string | undefined,
  service: string,
  { terminal = true }: { terminal?: boolean } = {},
): ProgramCall {
  return projectCall(projectName, context, [
    'exec',
    ...(terminal ? [] : ['-T']),
    '--',
    service,
    'sh',
    '-c',
    'if command -v bash >/dev/null; then exec bash; else exec sh; fi',
  ]);
}

function withPlainProgress(call: ProgramCall): ProgramCall {
  return { ...call, env: { ...call.env, ...PLAIN_PROGRESS } };
}
