import { UserError } from '../../core/common/errors';
import { execCall } from '../../core/compose/serviceCalls';
import { runInherited } from '../runInherited';
import { isForTerminal, meantIndex, showCommand } from '../showCommand';
import { chooseRunning, knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth exec`: ends with the exit code of the command. */
export const exec: Command = {
  summary: "run a command in a service's running container",
  operands: '[ENV] [SERVICE] -- CMD…',
  mostOperands: 2,
  takesWords: true,
  tooMany: (operands) => commandAfterDashes('exec', operands),
  options: ['index', 'user', 'workdir', 'project', 'show-command', 'json'],
  jsonOnlyWith: ['show-command'],
  details:
    'The command stands after --, and all of its options with it. Input and output are passed on byte by byte where they ' +
    "are no terminal. Ends with the command's own exit code: 126 and 127 when it can't be run or found. The service can " +
    `be left out where only one runs. ${LEFT_OUT}`,
  examples: [
    ['berth exec dev web -- ls -la /app', 'a command in "web"'],
    ['berth exec dev db -- pg_dump -U app app > app.sql', 'its output, into a file'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { options, operands, signal, words } = context;
  if (words.length === 0) {
    const { remedy } = commandAfterDashes('exec', [...operands, 'ls']);
    throw new UserError('usage', 'Which command is to be run?', { remedy });
  }
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const service = chooseRunning(context, environment, services[0]);
  const { projectName, definition } = environment;
  const index = meantIndex(service, context);
  const how = { terminal: isForTerminal(context), user: options.user, workdir: options.workdir, index };
  const call = execCall(projectName, definition.context, service.name, words, how);
  return options['show-command'] ? showCommand(environment, call, context) : runInherited(call, signal);
}

/** What to say when the command to run does not stand after `--`. */
export function commandAfterDashes(command: string, operands: readonly string[]) {
  const [environment = 'dev', service = 'web', ...words] = operands;
  return {
    message: 'The command to run stands after --.',
    remedy: `As in: berth ${command} ${environment} ${service} -- ${words.join(' ') || 'ls'}`,
  };
}
