import { UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import { runCall } from '../../core/compose/serviceCalls';
import { allCommands, commandNamed, type EnvironmentCommand } from '../../core/model/command';
import { type EnvironmentSnapshot, losesParts } from '../../core/model/snapshot';
import { checkMadeHere } from '../../core/operations/plan';
import { commandCall } from '../../core/runs/commandCall';
import { currentEnvironment, knownEnvironment } from '../project';
import { runInherited } from '../runInherited';
import { isForTerminal, showCommand } from '../showCommand';
import { chooseRunning, knownServices, type OneTarget, oneTarget } from '../targets';
import { variablesIn } from '../variables';
import { type Command, type CommandContext, LEFT_OUT } from './command';
import { commandAfterDashes } from './exec';

/** `berth run`: ends with the exit code of the command. */
export const run: Command = {
  summary: 'run a command of an environment, or any in a new container of a service',
  operands: '[ENV] [COMMAND|SERVICE] [-- WORD…]',
  mostOperands: 2,
  takesWords: true,
  tooMany: (operands) => commandAfterDashes('run', operands),
  options: ['env', 'user', 'no-deps', 'show-command', 'json'],
  jsonOnlyWith: ['show-command'],
  details:
    'A command that the environment has (in berth.yaml, under "commands") runs as it is declared: in the running container of its ' +
    'service, in a new one, or on this machine with the variables of the env files; what stands after -- is added to it. Of a ' +
    'service, what stands after -- runs in a new container, removed afterwards; without that, its own command. What it depends on ' +
    'is started, and no ports are published. A name that is both means the command, unless words after --, --user or --no-deps ' +
    "are given. Ends with the command's own exit code. The service can be left out where there is only one. " +
    LEFT_OUT,
  examples: [
    ['berth run dev migrate', 'the command "migrate" of dev'],
    ['berth run dev seed -- --rows 100', 'with arguments of its own'],
    ['berth run dev seed --env LOCALE=sv', 'with a variable of its own'],
    ['berth run dev web -- npm test', 'the tests of "web", in a new container'],
    ['berth run dev web --no-deps -- sh -c "id; pwd"', 'without its database'],
  ],
  run: runMeant,
};

async function runMeant(context: CommandContext): Promise<number> {
  const target = await oneTarget(context, { takesCommands: true });
  const command = await meantCommand(target, context);
  return command ? runCommand(target.environment, command, context) : runInService(target, context);
}

/**
 * The command of the environment that the operand names; undefined when a service is meant.
 * @throws UserError (usage) when an option is given that only fits a service.
 */
async function meantCommand(
  { environment, services: [name] }: OneTarget,
  { options, words, berth: { store }, signal }: CommandContext,
): Promise<EnvironmentCommand | undefined> {
  const command = name === undefined ? undefined : commandNamed(environment.definition, name);
  const forService = (['user', 'no-deps'] as const).find((option) => options[option] !== undefined);
  if (!command || (words.length === 0 && !forService)) return command;
  await unlessAborted(store.whenResolved(environment.definition.id), signal);
  const { services } = currentEnvironment(store, environment);
  if (services.some((service) => service.name === name)) return undefined;
  if (!forService) return command;
  throw new UserError('usage', `"${command.name}" is a command: --${forService} is for services.`, {
    remedy: 'Leave it out: a command runs as it is declared.',
  });
}

async function runCommand(
  found: EnvironmentSnapshot,
  command: EnvironmentCommand,
  context: CommandContext,
): Promise<number> {
  const { options, signal, words } = context;
  const { service, inNewContainer } = command;
  // What runs on this machine needs no engine.
  const environment = service === undefined ? found : await knownEnvironment(context, found);
  if (service !== undefined && environment.resolution.kind === 'broken') throw environment.resolution.error;
  const env = variablesIn(options.env);
  const how = { args: words, env, terminal: isForTerminal(context), isShown: options['show-command'], signal };
  const call = await commandCall(command, environment, how);
  if (inNewContainer) checkMadeHere(environment);
  else if (service !== undefined) chooseRunning(context, environment, service);
  return options['show-command'] ? showCommand(environment, call, context) : runInherited(call, signal);
}

async function runInService(target: OneTarget, context: CommandContext): Promise<number> {
  const { options, signal, words } = context;
  const { environment, services } = await knownServices(context, target, { mostServices: 1, takesCommands: true });
  const { definition, resolution } = environment;
  if (resolution.kind === 'broken') throw resolution.error;
  const declared = environment.services.filter((one) => one.declared).map((one) => one.name);
  const [service, another] = services.length > 0 ? services : declared;
  if (service === undefined || another !== undefined) {
    const commands = allCommands(definition).map(({ name }) => name);
    throw new UserError('usage', commands.length > 0 ? 'Which command, or which service?' : 'Which service?', {
      remedy: `${definition.name} has: ${[...commands, ...declared].join(', ')}.`,
    });
  }
  if (!options['no-deps']) checkMadeHere(environment);
  const env = variablesIn(options.env);
  const withoutWarnings = !options['show-command'] && losesParts(environment);
  const how = { terminal: isForTerminal(context), user: options.user, noDeps: options['no-deps'], withoutWarnings };
  const made = runCall(definition, service, words, { ...how, variables: Object.keys(env) });
  const call = { ...made, env: { ...made.env, ...env } };
  return options['show-command'] ? showCommand(environment, call, context) : runInherited(call, signal);
}
