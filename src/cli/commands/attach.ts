import { PassThrough, type Transform } from 'node:stream';
import { systemClock } from '../../core/common/clock';
import { UserError } from '../../core/common/errors';
import { waitFor } from '../../core/common/event';
import type { ProgramCall } from '../../core/common/program';
import { logsCall } from '../../core/compose/serviceCalls';
import { isActive } from '../../core/model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { waitUntilEnded } from '../../core/operations/ending';
import { concernedBy, knownProject } from '../../core/operations/operation';
import { withoutEraseSequences } from '../eraseSequences';
import { EXIT } from '../exitCodes';
import { currentEnvironment, engineErrors, nextCommand } from '../project';
import { runInherited } from '../runInherited';
import { showCommands } from '../showCommand';
import { runs } from '../targets';
import { type CommandContext, TERMINAL_CLOSED } from './command';
import { chooseTasks, plannedCalls, runTasks, type Task } from './operate';
import { endInWords } from './operationEnd';

/**
 * For how long nothing may come of the logs of what has ended, in milliseconds, before following them is at its end. Mostly
 * Compose ends by itself; not where the last container has ended just before Compose began to listen for that.
 */
const SILENT_AFTER = 5_000;

/**
 * `berth up --attach`: up, then the logs until nothing runs any more, or until Ctrl-C, which stops what was brought up.
 * While only logs are followed, others can operate on the environment.
 * @returns the exit code.
 */
export async function upAttached(context: CommandContext): Promise<number> {
  const { options } = context;
  if (options.json && !options['show-command']) {
    throw new UserError('usage', 'With --attach there is no JSON: what it prints are logs.', {
      remedy: 'Leave out --attach, or --json.',
    });
  }
  const { tasks, several } = await chooseTasks('up', context, { takesServices: true });
  const [task] = tasks;
  if (!task || several) {
    throw new UserError('usage', 'One environment at a time, with --attach.', {
      remedy: 'Bring up each in a terminal of its own, or all of them without --attach.',
    });
  }
  if (options['show-command']) {
    const planned = await plannedCalls(tasks, context);
    const since = new Date().toISOString();
    const follow = (known: EnvironmentSnapshot) => printCall(known, task, context, { since, follow: true });
    return showCommands(
      planned.map(({ environment, calls }) => ({ environment, calls: [...calls, follow(environment)] })),
      context,
    );
  }
  return bringUpAndFollow(task, context);
}

async function bringUpAndFollow(task: Task, context: CommandContext): Promise<number> {
  const { signal } = context;
  const since = await engineTime(task, context, signal);
  const [outcome] = await runTasks('up', [task], context);
  if (!outcome) return EXIT.done;
  const isCancelled = outcome.result.kind === 'cancelled';
  if (isCancelled && outcome.hadTurn && signal.reason !== TERMINAL_CLOSED) {
    await stop(task, context);
    return EXIT.cancelled;
  }
  const exitCode = endInWords('up', [outcome], context);
  if (outcome.result.kind !== 'done') return exitCode;
  context.output.err.write(`Logs follow. Ctrl-C stops ${namesOf(task, context).join(', ')}.\n`);
  try {
    return endOf(await follow(task, since, context), task, context);
  } catch (error) {
    if (!signal.aborted) throw error;
    // Whoever loses the connection to a machine does not want everything there to stop.
    return signal.reason === TERMINAL_CLOSED ? EXIT.cancelled : stop(task, context);
  }
}

/**
 * Prints logs until nothing runs any more, however often it is restarted meanwhile.
 * @param since the time by the engine's clock from which on.
 * @returns the services as they have ended, once everything that they said is printed.
 * @throws UserError when the logs can't be had; the signal's reason when aborted.
 */
async function follow(task: Task, since: string, context: CommandContext): Promise<readonly ServiceSnapshot[]> {
  const { store } = context.berth;
  const names = namesOf(task, context);
  const services = () =>
    currentEnvironment(store, task.environment).services.filter(({ name }) => names.includes(name));
  const over = new AbortController();
  const late = new AbortController();
  const untilOver = AbortSignal.any([context.signal, over.signal]);
  const untilLate = AbortSignal.any([context.signal, late.signal]);
  const begun = (from: string, follow: boolean) => ({ since: from, follow, filter: filterFor(context) });
  const print = ({ filter, ...how }: ReturnType<typeof begun>, signal: AbortSignal) => {
    const call = printCall(currentEnvironment(store, task.environment), task, context, how);
    return printLogs(call, filter, task, context, signal);
  };
  let current = begun(since, services().some(runs));
  const printAll = async (): Promise<never> => {
    for (;;) {
      await print(current, untilLate);
      // Compose ends when nothing runs for a moment. Asked for now: what starts meanwhile may print before that is known.
      const from = await engineTime(task, context, untilOver);
      await waitFor(store.onDidChange, () => services().some(runs) || undefined, untilOver);
      current = begun(from, true);
    }
  };
  const printing = printAll();
  const untilEnded = async () => {
    try {
      const wait = { changes: store.onDidChange, clock: systemClock, signal: untilOver };
      return await Promise.race([waitUntilEnded(services, wait), printing]);
    } finally {
      over.abort();
      // All that there is comes before what is said next. A reader may take its time for that.
      const waits = () => !current.follow || process.stdout.writableNeedDrain;
      const silence = setTimeout(() => (waits() ? silence.refresh() : late.abort()), SILENT_AFTER);
      current.filter.on('data', () => silence.refresh());
      await printing.catch(() => {});
      clearTimeout(silence);
    }
  };
  const ended = await untilEnded();
  // Where the engine is slow, Compose may not have come to it.
  if (current.follow && !current.filter.readableDidRead) await print(begun(current.since, false), context.signal);
  return ended;
}

/** What logs go through: a terminal takes what Compose and the services write there, others the text. */
function filterFor({ output }: CommandContext): Transform {
  return output.out.isTerminal ? new PassThrough() : withoutEraseSequences();
}

/** Has Compose print logs, by way of a filter. @throws UserError when it can't; the signal's reason when aborted. */
async function printLogs(
  call: ProgramCall,
  filter: Transform,
  { environment }: Task,
  { berth }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const exitCode = await runInherited(call, signal, { filter });
  signal.throwIfAborted();
  for (const error of engineErrors(berth.store, [currentEnvironment(berth.store, environment)])) throw error;
  if (exitCode !== 0) throw new UserError('failed', `"docker compose logs" ended with exit code ${exitCode}.`);
}

function printCall(
  environment: EnvironmentSnapshot,
  { request }: Task,
  { output }: CommandContext,
  what: { readonly since: string; readonly follow: boolean },
): ProgramCall {
  const names = concernedBy(request, environment).map(({ name }) => name);
  const colour = output.out.hasColours;
  return logsCall(knownProject(environment), environment.definition.context, names, { ...what, tail: 'all', colour });
}

/** Stops what was brought up, and tells how that ended. A second Ctrl-C ends it at once. @returns the exit code. */
async function stop(task: Task, context: CommandContext): Promise<number> {
  const services = namesOf(task, context);
  context.output.err.write(`Stopping ${services.join(', ')} … (Ctrl-C again ends this at once)\n`);
  const request = { operation: 'stop' as const, environmentId: task.request.environmentId, services };
  const stopping = new AbortController();
  const onExit = () => {
    stopping.abort();
    context.output.err.write(`${stillRunningText(task, context)}\n`);
  };
  process.once('exit', onExit);
  try {
    const outcomes = await runTasks('stop', [{ ...task, services, request }], { ...context, signal: stopping.signal });
    return endInWords('stop', outcomes, context);
  } finally {
    process.removeListener('exit', onExit);
  }
}

/** How an attached command ends when nothing runs any more. @throws UserError (failed) when a service ended so. */
function endOf(ended: readonly ServiceSnapshot[], { environment }: Task, context: CommandContext): number {
  const { name } = environment.definition;
  const failed = ended.filter(({ health }) => health === 'exited');
  if (failed.length === 0) {
    context.output.err.write(`${ended.map((service) => service.name).join(', ')} of ${name}: nothing runs any more.\n`);
    return EXIT.done;
  }
  const reasons = failed.map((service) => {
    const exitCode = service.containers.find((container) => container.exitCode)?.exitCode;
    return `"${service.name}" ended with exit code ${exitCode}`;
  });
  throw new UserError('failed', `Nothing of ${name} runs any more: ${reasons.join(', ')}.`, {
    remedy: `To see the logs again: ${nextCommand(context, 'logs', name, ...failed.map((service) => service.name))}`,
  });
}

/** What runs on when stopping it is not waited for. */
function stillRunningText(task: Task, context: CommandContext): string {
  const names = namesOf(task, context);
  const { services } = currentEnvironment(context.berth.store, task.environment);
  const running = services.filter(({ name, health }) => names.includes(name) && isActive(health));
  return running.length === 0
    ? 'Nothing of it is known to run.'
    : `Still running: ${running.map(({ name }) => name).join(', ')}. What Docker has been told to stop, it still stops.`;
}

/** The names of the services that are brought up. */
function namesOf(task: Task, { berth }: CommandContext): readonly string[] {
  return concernedBy(task.request, currentEnvironment(berth.store, task.environment)).map(({ name }) => name);
}

async function engineTime({ environment }: Task, { berth }: CommandContext, signal: AbortSignal): Promise<string> {
  const connection = await berth.feedFor(environment.definition.context).whenConnected(signal);
  return connection.inspect((engine) => engine.time(signal));
}
