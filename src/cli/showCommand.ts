import { isatty } from 'node:tty';
import { commandText, hidesSecrets, type ShownCall } from '../core/compose/commandText';
import { MASK } from '../core/compose/secrets';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../core/model/snapshot';
import { indexOf, runningContainer } from '../core/operations/serviceContainers';
import type { RunningStore } from '../core/operations/storeClient';
import type { CommandContext } from './commands/command';
import { EXIT } from './exitCodes';
import { engineErrors } from './project';
import { jsonDocument } from './rendering/json';
import { isOnTerminal } from './runInherited';
import { askedIndex, runs } from './targets';

/** What is run for something, on an environment. */
export interface ShownCalls {
  readonly environment: EnvironmentSnapshot;
  /** One after another. */
  readonly calls: readonly ShownCall[];
}

/** Prints what somebody would have to type for the same. @returns the exit code. */
export function showCommands(shown: readonly ShownCalls[], { options, output }: CommandContext): number {
  const commands = shown.map(({ environment: { definition }, calls }) => ({
    environment: definition.name,
    command: commandText(calls),
  }));
  output.out.write(options.json ? jsonDocument({ commands }) : commands.map(({ command }) => `${command}\n`).join(''));
  if (shown.some(({ calls }) => hidesSecrets(calls))) {
    output.err.write(`Where it says ${MASK}, a secret is left out: put it there.\n`);
  }
  return EXIT.done;
}

/** Prints what somebody would have to type for one call, see {@link showCommands}. */
export function showCommand(environment: EnvironmentSnapshot, call: ShownCall, context: CommandContext): number {
  return showCommands([{ environment, calls: [call] }], context);
}

/**
 * Prints what somebody would have to type for something on a data store, see {@link showCommands}.
 * @throws UserError when the engine can't be reached, or has no container of it: that tells where the store listens.
 */
export async function showStoreCommand(
  environment: EnvironmentSnapshot,
  service: ServiceSnapshot,
  call: (store: RunningStore) => ShownCall,
  context: CommandContext,
): Promise<number> {
  const { berth, signal } = context;
  const how = { signal, index: askedIndex(context) };
  for (const error of engineErrors(berth.store, [environment])) throw error;
  return showCommand(environment, await berth.tools.storeCommand(environment, service, call, how), context);
}

/**
 * What tells Compose in which of a service's containers something is run; of a service that does not run, which can only be
 * shown, what was typed.
 * @throws UserError when the one that was typed does not run, or is none.
 */
export function meantIndex(service: ServiceSnapshot, context: CommandContext): number | undefined {
  const asked = askedIndex(context);
  return runs(service) ? indexOf(service, runningContainer(service, asked)) : asked;
}

/** Whether a program in a container is for a person at a terminal; of a command that is shown, its output may go elsewhere. */
export function isForTerminal({ options }: CommandContext): boolean {
  return options['show-command'] ? isatty(0) : isOnTerminal();
}
