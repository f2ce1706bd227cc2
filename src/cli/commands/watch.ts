import { UserError } from '../../core/common/errors';
import { watchCall } from '../../core/compose/serviceCalls';
import { saysUnset } from '../../core/compose/unsetVariables';
import { losesParts } from '../../core/model/snapshot';
import { checkMadeHere } from '../../core/operations/plan';
import { withoutEraseSequences } from '../eraseSequences';
import { EXIT } from '../exitCodes';
import { runInherited } from '../runInherited';
import { showCommand } from '../showCommand';
import { knownTarget } from '../targets';
import { withoutLines } from '../withoutLines';
import { ANY_NUMBER, type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth watch`: Compose carries changed files into containers. */
export const watch: Command = {
  summary: 'carry files into containers as they change',
  operands: '[ENV] [SERVICE…]',
  mostOperands: ANY_NUMBER,
  options: ['show-command', 'json'],
  jsonOnlyWith: ['show-command'],
  details:
    'As "docker compose watch" does. For services with a section "develop: watch:" in the compose files. Starts what does not run. Until Ctrl-C (exit code ' +
    `0); the services go on running. ${LEFT_OUT}`,
  examples: [['berth watch dev web', 'the service "web"']],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { options, output, signal } = context;
  const { environment, services } = await knownTarget(context);
  const { definition, resolution } = environment;
  if (resolution.kind === 'broken') throw resolution.error;
  const wanted = environment.services.filter((service) => services.length === 0 || services.includes(service.name));
  if (!wanted.some((service) => service.watched)) {
    const what = services.length > 0 ? `${services.join(', ')} of ${definition.name}` : definition.name;
    throw new UserError('failed', `Nothing of ${what} says which files to watch.`, {
      remedy: 'Add "develop: watch:" to a service in the compose file (docs.docker.com/compose/how-tos/file-watch).',
    });
  }
  checkMadeHere(environment);
  const call = watchCall(definition, services.length > 0 ? wanted : []);
  if (options['show-command']) return showCommand(environment, call, context);
  const filter = output.out.isTerminal ? undefined : withoutEraseSequences();
  // Its warnings say what it does not carry over; those of a lost part, which may be one of a password, are for no log.
  const errorFilter = output.err.isTerminal || !losesParts(environment) ? undefined : withoutLines(saysUnset);
  const exitCode = await runInherited(call, signal, { filter, errorFilter });
  return exitCode === 0 || signal.aborted ? EXIT.done : EXIT.failed;
}
