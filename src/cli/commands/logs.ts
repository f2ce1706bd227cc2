import { UserError } from '../../core/common/errors';
import { logsCall } from '../../core/compose/serviceCalls';
import { withoutEraseSequences } from '../eraseSequences';
import { EXIT } from '../exitCodes';
import { engineErrors, nextCommand } from '../project';
import { runInherited } from '../runInherited';
import { knownTarget } from '../targets';
import { ANY_NUMBER, type Command, type CommandContext, LEFT_OUT } from './command';

/** How many lines of each service to begin with, unless told. */
const USUAL_TAIL = '100';

/** `berth logs`: Compose itself writes them, with the colours that the terminal can show. */
export const logs: Command = {
  summary: 'follow the logs',
  operands: '[ENV] [SERVICE…]',
  mostOperands: ANY_NUMBER,
  options: ['tail', 'since', 'timestamps', 'no-follow'],
  details: `Until Ctrl-C (exit code 0), or until nothing runs any more. ${LEFT_OUT}`,
  examples: [
    ['berth logs dev', 'all services'],
    ['berth logs dev web --tail 20', 'the last 20 lines of "web", and what comes'],
    ['berth logs dev --since 10m --timestamps', 'the last ten minutes, with times'],
    ['berth logs dev web --no-follow --tail all > web.log', 'all there is, into a file'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { options, output, signal } = context;
  const { environment, services } = await knownTarget(context);
  const { definition, projectName } = environment;
  const wanted = environment.services.filter((service) => services.length === 0 || services.includes(service.name));
  if (wanted.every((service) => service.containers.length === 0)) {
    const what = services.length > 0 ? `${services.join(', ')} of ${definition.name}` : definition.name;
    throw new UserError('failed', `There are no logs: nothing of ${what} has been created yet.`, {
      remedy: `To create and start it: ${nextCommand(context, 'up', definition.name, ...services)}`,
    });
  }
  // Since a moment: all of it, unless told otherwise.
  const { tail = options.since === undefined ? USUAL_TAIL : 'all' } = options;
  const exitCode = await runInherited(
    logsCall(projectName, definition.context, services, {
      follow: !options['no-follow'],
      tail: tail === 'all' ? tail : Number(tail),
      colour: output.out.hasColours,
      since: options.since,
      timestamps: options.timestamps,
    }),
    signal,
    { filter: output.out.isTerminal ? undefined : withoutEraseSequences() },
  );
  // Ctrl-C is how one ends following.
  if (signal.aborted) return EXIT.done;
  // That the engine is gone says more than how Compose takes it.
  for (const error of engineErrors(context.berth.store, [environment])) throw error;
  return exitCode === 0 ? EXIT.done : EXIT.failed;
}
