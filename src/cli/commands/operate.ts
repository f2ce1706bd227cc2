import { closeTo } from '../../core/common/closeNames';
import { UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import type { OperationName } from '../../core/compose/operationCalls';
import { shareProject } from '../../core/model/sharing';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { checkDataFolders } from '../../core/operations/dataFolderChecks';
import type { OperationProgress, OperationRequest, OperationResult } from '../../core/operations/operation';
import { planWhole } from '../../core/operations/plan';
import { confirmLosses } from '../confirm';
import { checkServices, currentEnvironment, engineErrors, enginesKnown } from '../project';
import { type ShownCalls, showCommands } from '../showCommand';
import { targetsFor } from '../targets';
import type { CommandContext } from './command';
import { endInJson, endInWords } from './operationEnd';
import { type ProgressView, showProgress } from './showProgress';

/** An operation on one environment. */
export interface Task {
  readonly environment: EnvironmentSnapshot;
  /** Names of services, as they were typed. */
  readonly services: readonly string[];
  readonly request: OperationRequest;
}

/** How the operation on one environment ended. */
export interface Outcome {
  readonly task: Task;
  readonly result: OperationResult;
  /** Milliseconds that it took. */
  readonly ms: number;
  /** Whether it had its turn, be it that it was cancelled then; it may have waited for others all the time. */
  readonly hadTurn: boolean;
}

/** Runs an operation on one environment, or on several at once. @returns the exit code: with several, the gravest. */
export async function operate(
  operation: OperationName,
  context: CommandContext,
  { takesServices }: { takesServices: boolean },
): Promise<number> {
  const { options } = context;
  const { tasks, several } = await chooseTasks(operation, context, { takesServices });
  if (options['show-command']) return showCommands(await plannedCalls(tasks, context), context);
  const requests = tasks.map(({ request }) => request);
  const confirmed = await confirmLosses(requests, context);
  const agreed = tasks.map((task, index) => ({ ...task, request: confirmed[index] ?? task.request }));
  const outcomes = await runTasks(operation, agreed, context);
  return options.json ? endInJson(operation, outcomes, several, context) : endInWords(operation, outcomes, context);
}

/**
 * What the operands of a command ask of core: a task for each environment that is meant.
 * @returns them, and whether several environments were asked for, be it that there is only one.
 * @throws UserError (usage) when that can't be told, or there is no such environment or profile.
 */
export async function chooseTasks(
  operation: OperationName,
  context: CommandContext,
  { takesServices }: { takesServices: boolean },
): Promise<{ readonly tasks: readonly Task[]; readonly several: boolean }> {
  const { options } = context;
  if (!isDockerInstalled()) throw dockerMissing();
  const targets = await targetsFor(context, { takesServices });
  if (options.volumes && targets.services.length > 0) {
    throw new UserError('usage', 'With --volumes no services can be named: volumes are of a whole environment.', {
      remedy: 'Leave out the services, or --volumes.',
    });
  }
  if (operation === 'down' && options['data-folders'] && !options.volumes) {
    throw new UserError('usage', '"berth down" takes --data-folders only with --volumes.', {
      remedy: 'Give both, for all data to go, or none.',
    });
  }
  const tasks: Task[] = [];
  for (const environment of targets.environments) {
    const profiles = options.profile && (await knownProfiles(environment, options.profile, context));
    const request = requestFor(operation, environment, targets.services, profiles, context);
    tasks.push({ environment, services: targets.services, request });
  }
  return { tasks, several: targets.several };
}

/** Runs an operation on one or several environments at once, and shows it on its way. */
export async function runTasks(
  operation: OperationName,
  tasks: readonly Task[],
  context: CommandContext,
): Promise<readonly Outcome[]> {
  const progress = showProgress(operation, tasks, context);
  try {
    return await Promise.all(tasks.map((task) => runTask(task, progress, context)));
  } finally {
    progress.end();
  }
}

/** Runs an operation on one environment, and shows it on its way. */
export async function runTask(task: Task, progress: ProgressView, { berth, signal }: CommandContext): Promise<Outcome> {
  const began = performance.now();
  let hadTurn = false;
  const tell = (told: OperationProgress) => {
    hadTurn ||= told.kind !== 'waiting';
    progress.tell(task, told);
  };
  const result = await berth.operations.run(task.request, tell, signal);
  progress.taskEnded(task);
  return { task, result, ms: performance.now() - began, hadTurn };
}

/** Runs operations one by one for something that is more than one, and shows each on its way. */
export function operateVisibly(
  context: CommandContext,
): (request: OperationRequest, signal: AbortSignal) => Promise<OperationResult> {
  const { store } = context.berth;
  return async (request, signal) => {
    const environment = store.find(request.environmentId);
    if (!environment) throw new UserError('failed', 'The environment is gone.');
    const task = { environment, services: request.services, request };
    const own = { ...context, signal };
    const progress = showProgress(request.operation, [task], own);
    try {
      return (await runTask(task, progress, own)).result;
    } finally {
      progress.end();
    }
  };
}

/** What to ask of core for one environment. */
function requestFor(
  operation: OperationName,
  { definition }: EnvironmentSnapshot,
  services: readonly string[],
  profiles: readonly string[] | undefined,
  { options }: CommandContext,
): OperationRequest {
  const request = {
    operation,
    environmentId: definition.id,
    services,
    options: {
      profiles,
      build: options.build,
      noCache: options['no-cache'],
      pullBase: options.pull,
      volumes: options.volumes,
      dataFolders: options['data-folders'],
    },
  };
  if (operation !== 'scale') return request;
  const replicas = replicasIn(services);
  return { ...request, services: Object.keys(replicas), options: { ...request.options, replicas } };
}

/** How many containers each service is to have: `web=3`. */
function replicasIn(words: readonly string[]): Readonly<Record<string, number>> {
  const remedy = 'Name each service with a number: berth scale dev worker=3';
  if (words.length === 0) throw new UserError('usage', 'Which services are to be scaled?', { remedy });
  const replicas: Record<string, number> = {};
  for (const word of words) {
    const [, service, digits] = /^([^=]+)=(\d{1,4})$/.exec(word) ?? [];
    if (service === undefined) throw new UserError('usage', `"${word}" is no service with a number.`, { remedy });
    replicas[service] = Number(digits);
  }
  return replicas;
}

/**
 * The profiles that were asked for; all of them for `*`. Compose takes a profile that nothing has without a word.
 * @throws UserError (usage) when the environment has none of that name.
 */
async function knownProfiles(
  environment: EnvironmentSnapshot,
  wanted: readonly string[],
  { berth, signal }: CommandContext,
): Promise<readonly string[]> {
  await unlessAborted(berth.store.whenResolved(environment.definition.id), signal);
  const { definition, resolution, services } = currentEnvironment(berth.store, environment);
  if (resolution.kind === 'broken') throw resolution.error;
  const known = [...new Set(services.flatMap(({ profiles }) => profiles))].sort();
  if (wanted.includes('*')) return known;
  const unknown = wanted.find((profile) => !known.includes(profile));
  if (unknown === undefined) return wanted;
  const close = closeTo(unknown, known);
  throw new UserError('usage', `Environment "${definition.name}" has no profile "${unknown}".`, {
    remedy:
      `${close.length > 0 ? `Did you mean ${close.join(' or ')}? ` : ''}` +
      `${known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none.'}`,
  });
}

/**
 * What would be run. Needs no engine, except where environments share a project: there it depends on what each of them has;
 * and where data folders are emptied: who else has them mounted, it alone knows.
 * @throws UserError where running it would be refused for that, too.
 */
export async function plannedCalls(
  tasks: readonly Task[],
  { berth: { store, feedFor }, signal }: CommandContext,
): Promise<readonly ShownCalls[]> {
  const shown: ShownCalls[] = [];
  for (const { environment, request } of tasks) {
    await unlessAborted(store.whenResolved(), signal);
    await enginesKnown(store, [environment], signal);
    const known = currentEnvironment(store, environment);
    if (known.resolution.kind === 'broken' && known.projectName === undefined) throw known.resolution.error;
    checkServices(known, request.services);
    const isShared = store.environments.some((one) => shareProject(one, known));
    if (isShared) for (const error of engineErrors(store, [known])) throw error;
    const { calls, emptying } = planWhole(request, known, store.environments);
    if (emptying.size > 0) {
      const connection = await feedFor(known.definition.context).whenConnected(signal);
      await checkDataFolders(known, store.environments, connection, signal);
    }
    shown.push({ environment: known, calls });
  }
  return shown;
}
