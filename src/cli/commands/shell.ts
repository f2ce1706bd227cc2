import { shellCall } from '../../core/compose/serviceCalls';
import { runInherited } from '../runInherited';
import { isForTerminal, meantIndex, showCommand } from '../showCommand';
import { chooseRunning, knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth shell`: ends with the exit code of the shell. */
export const shell: Command = {
  summary: "open a shell in a service's container",
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['index', 'user', 'shell', 'project', 'show-command', 'json'],
  jsonOnlyWith: ['show-command'],
  details:
    'The best one that the image has: bash, or another one, or sh. Without a terminal it runs the commands from standard ' +
    `input. Ends with the shell's own exit code. The service can be left out where only one runs. ${LEFT_OUT}`,
  examples: [
    ['berth shell dev web', 'a shell in "web"'],
    ['berth shell dev web --user root', 'the same as root'],
    ['berth shell dev web --index 2', 'in its second container'],
    ["echo 'ls /data' | berth shell dev web", 'a command in it'],
  ],
  run,
};

/** How `docker compose exec` ends when the program can't be run, or is not there. */
const NOT_RUN = [126, 127];

async function run(context: CommandContext): Promise<number> {
  const { options, signal } = context;
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const service = chooseRunning(context, environment, services[0]);
  const { projectName, definition } = environment;
  const index = meantIndex(service, context);
  const how = { terminal: isForTerminal(context), user: options.user, shell: options.shell, index };
  const call = shellCall(projectName, definition.context, service.name, how);
  if (options['show-command']) return showCommand(environment, call, context);
  const exitCode = await runInherited(call, signal);
  // Docker has said in its own words that there is no such program; this says so in a user's, if it was about the shell.
  if (NOT_RUN.includes(exitCode) && options.shell === undefined) {
    await context.berth.tools.shellsIn(environment, service, signal, index);
  }
  return exitCode;
}
