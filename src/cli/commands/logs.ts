import { messageOf, UserError } from '../../core/common/errors';
import { logsCall } from '../../core/compose/serviceCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { withoutEraseSequences } from '../eraseSequences';
import { EXIT } from '../exitCodes';
import { LogReader, type NamedLogLine } from '../logReader';
import { currentEnvironment, engineErrors, nextCommand } from '../project';
import { jsonDocument } from '../rendering/json';
import { runInherited } from '../runInherited';
import { showCommand } from '../showCommand';
import { knownTarget } from '../targets';
import { secondsOfTime } from '../time';
import { ANY_NUMBER, type Command, type CommandContext, LEFT_OUT } from './command';

/** How many lines of each service to begin with, unless told. */
const USUAL_TAIL = '100';

/** `berth logs`: Compose itself writes them, with the colours that the terminal can show. */
export const logs: Command = {
  summary: 'follow the logs',
  operands: '[ENV] [SERVICE…]',
  mostOperands: ANY_NUMBER,
  options: ['tail', 'since', 'timestamps', 'no-follow', 'project', 'show-command', 'json'],
  details:
    'Until Ctrl-C (exit code 0), or until nothing runs any more. With --json each line is an object, always with its ' +
    `time. ${LEFT_OUT}`,
  examples: [
    ['berth logs dev', 'all services'],
    ['berth logs dev web --tail 20', 'the last 20 lines of "web", and what comes'],
    ['berth logs dev --since 10m --timestamps', 'the last ten minutes, with times'],
    ['berth logs dev web --no-follow --tail all > web.log', 'all there is, into a file'],
    ['berth logs --project blog', 'of the project "blog" on the engine, of whatever folder it is'],
    ['berth logs dev --json', 'for a program that reads them'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  const { environment, services } = await knownTarget(context);
  const { definition, projectName } = environment;
  // Since a moment: all of it, unless told otherwise.
  const { tail = options.since === undefined ? USUAL_TAIL : 'all' } = options;
  const how = { follow: !options['no-follow'], tail: tail === 'all' ? ('all' as const) : Number(tail) };
  const { since, timestamps } = options;
  const colour = output.out.hasColours;
  const call = logsCall(projectName, definition.context, services, { ...how, colour, since, timestamps });
  if (options['show-command']) return showCommand(environment, call, context);
  const wanted = environment.services.filter((service) => services.length === 0 || services.includes(service.name));
  if (wanted.every((service) => service.containers.length === 0)) {
    const what = services.length > 0 ? `${services.join(', ')} of ${definition.name}` : definition.name;
    throw new UserError('failed', `There are no logs: nothing of ${what} has been created yet.`, {
      remedy: `To create and start it: ${nextCommand(context, 'up', definition.name, ...services)}`,
    });
  }
  if (options.json) return printJson({ ...how, services }, environment, context);
  const filter = output.out.isTerminal ? undefined : withoutEraseSequences();
  const exitCode = await runInherited(call, signal, { filter });
  // Ctrl-C is how one ends following.
  if (signal.aborted) return EXIT.done;
  // That the engine is gone says more than how Compose takes it.
  for (const error of engineErrors(berth.store, [environment])) throw error;
  return exitCode === 0 ? EXIT.done : EXIT.failed;
}

/** Prints an object for each line; what is not followed, in the order of time. */
async function printJson(
  wanted: { readonly services: readonly string[]; readonly follow: boolean; readonly tail: number | 'all' },
  environment: EnvironmentSnapshot,
  { berth, options, output, signal }: CommandContext,
): Promise<number> {
  const since = options.since === undefined ? undefined : secondsOfTime(options.since, Date.now());
  const print = ({ service, container, time, text }: NamedLogLine) =>
    output.out.write(jsonDocument({ service, container, time, line: text }, { oneLine: true }));
  const reader = new LogReader(berth, () => currentEnvironment(berth.store, environment), { ...wanted, since });
  const lines: NamedLogLine[] = [];
  reader.onLine((line) => (wanted.follow ? print(line) : void lines.push(line)));
  if (wanted.follow) reader.onProblem((problem) => output.err.write(`${messageOf(problem)}\n`));
  try {
    await reader.read(signal);
  } catch (error) {
    // Ctrl-C is how one ends following.
    if (!signal.aborted) throw error;
  } finally {
    reader.dispose();
    for (const line of lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))) print(line);
  }
  return EXIT.done;
}
