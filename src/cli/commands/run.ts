import { UserError } from '../../core/common/errors';
import { runCall } from '../../core/compose/serviceCalls';
import { checkMadeHere } from '../../core/operations/plan';
import { runInherited } from '../runInherited';
import { isForTerminal, showCommand } from '../showCommand';
import { knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';
import { commandAfterDashes } from './exec';

/** `berth run`: ends with the exit code of the command. */
export const run: Command = {
  summary: 'run a command in a new container, removed afterwards',
  operands: '[ENV] [SERVICE] [-- CMD…]',
  mostOperands: 2,
  takesWords: true,
  tooMany: (operands) => commandAfterDashes('run', operands),
  options: ['user', 'no-deps', 'show-command', 'json'],
  jsonOnlyWith: ['show-command'],
  details:
    "The command stands after --, and all of its options with it; without one, the service's own runs. What the service " +
    "depends on is started. Publishes no ports. Ends with the command's own exit code. The service can be left out where " +
    `there is only one. ${LEFT_OUT}`,
  examples: [
    ['berth run dev web -- npm test', 'the tests of "web"'],
    ['berth run dev web --no-deps -- sh -c "id; pwd"', 'without its database'],
  ],
  run: runOnce,
};

async function runOnce(context: CommandContext): Promise<number> {
  const { options, signal, words } = context;
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const { definition, resolution } = environment;
  if (resolution.kind === 'broken') throw resolution.error;
  const declared = environment.services.filter((one) => one.declared).map((one) => one.name);
  const [service, another] = services.length > 0 ? services : declared;
  if (service === undefined || another !== undefined) {
    throw new UserError('usage', 'Which service?', { remedy: `${definition.name} has: ${declared.join(', ')}.` });
  }
  if (!options['no-deps']) checkMadeHere(environment);
  const how = { terminal: isForTerminal(context), user: options.user, noDeps: options['no-deps'] };
  const call = runCall(definition, service, words, how);
  return options['show-command'] ? showCommand(environment, call, context) : runInherited(call, signal);
}
