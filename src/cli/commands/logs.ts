import { UserError } from '../../core/common/errors';
import { logsCall } from '../../core/compose/operationCalls';
import { withoutEraseSequences } from '../eraseSequences';
import { EXIT } from '../exitCodes';
import { checkServices, chooseEnvironment, knownEnvironment, nextCommand, openProject } from '../project';
import { runInherited } from '../runInherited';
import type { Command } from './command';

/** `berth logs`: Compose itself writes them, with the colours that the terminal can show. */
export const logs: Command = async (context) => {
  const { berth, operands, options, output, signal } = context;
  berth.feedFor(undefined).start();
  const folder = await openProject(context);
  const [name, ...services] = operands;
  const environment = await knownEnvironment(context, chooseEnvironment(berth.store.environments, name, folder));
  checkServices(environment, services);
  const { definition, projectName } = environment;
  const wanted = environment.services.filter((service) => services.length === 0 || services.includes(service.name));
  if (wanted.every((service) => service.containers.length === 0)) {
    const what = services.length > 0 ? `${services.join(', ')} of ${definition.name}` : definition.name;
    throw new UserError('failed', `There are no logs: nothing of ${what} has been created yet.`, {
      remedy: `To create and start it: ${nextCommand(context, 'up', definition.name, ...services)}`,
    });
  }
  const exitCode = await runInherited(
    logsCall(projectName, definition.context, services, {
      follow: options.follow,
      tail: options.tail,
      colour: output.out.hasColours,
    }),
    signal,
    { filter: output.out.isTerminal ? undefined : withoutEraseSequences() },
  );
  // Ctrl-C is how one ends following.
  return exitCode === 0 || signal.aborted ? EXIT.done : EXIT.failed;
};
