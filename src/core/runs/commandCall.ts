import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { ProgramCall } from '../common/program';
import { readEnvFiles } from '../compose/envFiles';
import { execCall, runCall } from '../compose/serviceCalls';
import { canTakeArguments, type EnvironmentCommand } from '../model/command';
import { type EnvironmentSnapshot, losesParts } from '../model/snapshot';
import { knownProject } from '../operations/operation';

/** How a command of an environment is to be run. */
export interface CommandOptions {
  /** Added to its own. */
  readonly args?: readonly string[];
  /** Variables besides its own, which they win over. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is for a person at a terminal. */
  readonly terminal: boolean;
  /**
   * The name of the container that is made for it, which is left when it is done if something is to be collected there. When left out,
   * Compose finds a name, and the container is removed in any case.
   */
  readonly containerName?: string;
  /** Whether it is not run, but shown to somebody who may. */
  readonly isShown?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * A command of an environment as a call: in a container of a service, in a new one, or on this machine, with the variables of the
 * environment's env files, which win over those that this process has: what the shell was told of another environment is not for
 * this one. Values of variables are in the call's own environment, and not among its arguments, which others can see.
 * @throws UserError (usage) when it takes no arguments, or the environment has no such service; (configuration) when an env file can't
 *   be read; docker-missing when that needs Compose, and there is none. The signal's reason when aborted.
 */
export async function commandCall(
  command: EnvironmentCommand,
  environment: EnvironmentSnapshot,
  { args = [], env: added = {}, terminal, containerName, isShown, signal }: CommandOptions,
): Promise<ProgramCall> {
  if (args.length > 0 && !canTakeArguments(command)) {
    throw new UserError('usage', l10n.t('The command "{0}" takes no arguments.', command.name), {
      remedy: l10n.t('Leave them out, or put them into the command.'),
    });
  }
  const { definition } = environment;
  const words = [...command.command, ...args];
  const env = { ...command.env, ...added };
  const { service } = command;
  if (service === undefined) {
    const [program = '', ...rest] = words;
    const cwd = path.resolve(definition.projectDirectory, command.directory ?? '');
    return { command: program, args: rest, cwd, env: { ...(await readEnvFiles(definition, signal)), ...env } };
  }
  if (!environment.services.some(({ name }) => name === service)) {
    const message = l10n.t('Environment "{0}" has no service "{1}".', definition.name, service);
    throw new UserError('usage', message, { remedy: l10n.t('Correct the command "{0}".', command.name) });
  }
  const collects = (command.collect?.length ?? 0) > 0;
  const options = { terminal, user: command.user, workdir: command.directory, variables: Object.keys(env) };
  const call = command.inNewContainer
    ? runCall(definition, service, words, {
        ...options,
        containerName,
        stays: containerName !== undefined && collects,
        withoutWarnings: !isShown && losesParts(environment),
      })
    : execCall(knownProject(environment), definition.context, service, words, options);
  return { ...call, env: { ...call.env, ...env } };
}
