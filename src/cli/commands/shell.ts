import { isatty } from 'node:tty';
import { UserError } from '../../core/common/errors';
import { shellCall } from '../../core/compose/operationCalls';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { checkServices, chooseEnvironment, knownEnvironment, nextCommand, openProject } from '../project';
import { runInherited } from '../runInherited';
import type { Command, CommandContext } from './command';

/** `berth shell`: ends with the exit code of the shell. */
export const shell: Command = async (context) => {
  const { berth, operands, signal } = context;
  berth.feedFor(undefined).start();
  const folder = await openProject(context);
  const [name, service] = operands;
  const environment = await knownEnvironment(context, chooseEnvironment(berth.store.environments, name, folder));
  const chosen = chooseRunning(environment, service, context);
  // Not `process.stdin`: looking at it there would begin to read what is the shell's.
  const terminal = isatty(0) && isatty(1);
  return runInherited(
    shellCall(environment.projectName, environment.definition.context, chosen.name, { terminal }),
    signal,
  );
};

function chooseRunning(
  environment: EnvironmentSnapshot,
  name: string | undefined,
  context: CommandContext,
): ServiceSnapshot {
  const { definition, services } = environment;
  const running = services.filter((service) => service.containers.some((container) => container.state === 'running'));
  if (name !== undefined) checkServices(environment, [name]);
  if (running.length === 0 || (name !== undefined && !running.some((service) => service.name === name))) {
    throw new UserError('failed', `${name === undefined ? 'Nothing' : `"${name}"`} of ${definition.name} runs.`, {
      remedy: `To start it: ${nextCommand(context, 'up', definition.name, ...(name === undefined ? [] : [name]))}`,
    });
  }
  const [first, ...more] = running.filter((service) => name === undefined || service.name === name);
  if (first && more.length === 0) return first;
  throw new UserError('usage', 'In which service?', {
    remedy: `Running in ${definition.name}: ${running.map((service) => service.name).join(', ')}.`,
  });
}
