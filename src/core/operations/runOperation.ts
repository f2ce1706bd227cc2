import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../common/clock';
import { DisposableStore } from '../common/disposable';
import { isCancellation, messageOf, UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import { runCompose } from '../compose/compose';
import { inContext } from '../compose/composeCall';
import { needsFiles } from '../compose/operationCalls';
import { saysUnset } from '../compose/unsetVariables';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import type { Belongings } from '../model/belongings';
import type { DataFolder } from '../model/dataFolder';
import { isActive } from '../model/health';
import { buildSnapshot, type EnvironmentSnapshot, type ServiceSnapshot } from '../model/snapshot';
import { type Blocker, blockerOf } from './blockers';
import { checkLosses } from './consequences';
import { checkDataFolders, checkMounts } from './dataFolderChecks';
import { clearAway, isFolder, makeDataFolders } from './dataFolders';
import {
  type Complaint,
  complaintFailure,
  complaintOf,
  type ServiceFailure,
  serviceFailure,
  serviceNamedIn,
} from './failure';
import { reportHealth } from './healthReport';
import {
  concernedBy,
  containersOnly,
  knownProject,
  type OperationProgress,
  type OperationRequest,
  type OperationResult,
  onEngine,
  startsServices,
  untrusted,
} from './operation';
import { emptiesDataFolders, type OperationPlan, planOperation, removesVolumes } from './plan';
import { ReadinessByService } from './readiness';
import { findingOfError, findingOfReason, type LookFor, type PlacesOf, placed } from './reason';
import { describeRemoval, RemovalTrack } from './removal';
import { waitUntilSettled } from './settling';

export interface OperationSurroundings {
  readonly store: EnvironmentStore;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  /** Gives failures the fixes that checks know; when left out, they have only those of their own. */
  readonly lookFor?: LookFor;
  /** Gives failures their places in the compose files; when left out, they have none. */
  readonly placesOf?: PlacesOf;
  readonly clock?: Clock;
}

/**
 * Runs one operation to its end: what is to start services ends when every one it is for is ready, as the engine's events
 * tell; what is to end them, when nothing of it runs any more.
 * Never rejects for what a user can meet: failing and being cancelled are results.
 * @param signal aborts the operation: Compose is interrupted, and what was started stays.
 */
export async function runOperation(
  request: OperationRequest,
  { store, feedFor, lookFor, placesOf, clock = systemClock }: OperationSurroundings,
  onProgress: (progress: OperationProgress) => void,
  signal: AbortSignal,
): Promise<OperationResult> {
  const current = following(store, request.environmentId);
  const watching = new DisposableStore();
  watching.add(reportHealth(store, current, request.services, onProgress));
  const readiness = new ReadinessByService(clock.now);
  const see = () => readiness.see(current()?.services ?? []);
  watching.add(store.onDidChange(see));
  let track: RemovalTrack | undefined;
  const onTrack = (one: RemovalTrack) => {
    track = one;
  };
  const removal = () => (track?.state ? { removal: track.state } : {});
  const failed = async ({ error, reason }: ServiceFailure, service?: string): Promise<OperationResult> => {
    const environment = current();
    const about = environment && { definition: environment.definition, service, lookFor, placesOf, clock, signal };
    const finding = about && (await (reason ? findingOfReason(reason, about) : findingOfError(error, about)));
    return {
      kind: 'failed',
      environment,
      service,
      error: placed(error, finding),
      ...(finding ? { finding } : {}),
      ...removal(),
    };
  };
  try {
    see();
    if (!store.isTrusted) throw untrusted();
    // What is another environment's is told by its engine: as it is now, and not as it was when somebody last looked.
    await unlessAborted(store.lookAtEngines(), signal);
    const { context } = (current() ?? gone()).definition;
    const connection = await feedFor(context).whenConnected(signal);
    const here = () => onEngine(connection, request, current() ?? gone());
    const environment = here();
    const seek = { connection, clock, signal };
    const isDown = request.operation === 'down';
    if (isDown) await unlessAborted(store.whenResolved(request.environmentId), signal);
    const owned = isDown ? await belongingsOf(current()?.projectName, connection, signal) : undefined;
    const how = { store, connection, current: here, onProgress, onTrack, signal };
    const { plan, blocker, complaint } = await runCalls(request, how);
    if (blocker) {
      const { message, remedy } = blocker.reason;
      const error = new UserError('failed', message, { remedy });
      return failed({ error, reason: blocker.reason }, blocker.service);
    }
    if (complaint) {
      const after = current();
      const service = after && serviceNamedIn(complaint, after);
      const loss = engineLoss(store, environment, complaint);
      return failed(
        loss
          ? { error: loss }
          : await complaintFailure(complaint, service, after, { ...seek, environments: store.environments }),
        service?.name,
      );
    }
    const culprit = await waitUntilSettled(plan.request, { store, current: here, readiness, clock, signal });
    const after = current() ?? gone();
    if (!culprit && isDown) {
      return { kind: 'done', environment: after, kept: await keptOf(owned, after.projectName, connection, signal) };
    }
    if (!culprit) return { kind: 'done', environment: after };
    const why = startsServices(request.operation) ? await serviceFailure(culprit, after, seek) : runsAgain(culprit);
    return await failed(why, culprit.name);
  } catch (thrown) {
    const isCancelled = () => signal.aborted || isCancellation(thrown);
    if (thrown instanceof UserError && !isCancelled()) {
      const result = await failed({ error: thrown }).catch(() => undefined);
      if (result) return result;
    }
    if (isCancelled()) return { ...cancelled(current()), ...removal() };
    throw thrown;
  } finally {
    watching.dispose();
  }
}

/**
 * Gives an environment as it is, each time. One that only its containers tell of is not gone with them: it has none then.
 * @returns undefined once there is no such environment.
 */
function following(store: EnvironmentStore, id: string): () => EnvironmentSnapshot | undefined {
  let last: EnvironmentSnapshot | undefined;
  return () => {
    const found = store.find(id);
    const withoutContainers =
      last?.resolution.kind === 'containers-only' && !found
        ? buildSnapshot(last.definition, last.resolution, [], true, last)
        : undefined;
    last = found ?? withoutContainers;
    return last;
  };
}

/**
 * Runs the operation's Compose calls, up to the first that fails; none where something is known to be in their way.
 * @returns that, or what a call complains of; nothing when all is well.
 */
async function runCalls(
  request: OperationRequest,
  {
    store,
    connection,
    current,
    onProgress,
    onTrack,
    signal,
  }: {
    readonly store: EnvironmentStore;
    readonly connection: EngineConnection;
    readonly current: () => EnvironmentSnapshot;
    readonly onProgress: (progress: OperationProgress) => void;
    /** Is given what keeps track of what goes, before anything does. */
    readonly onTrack: (track: RemovalTrack) => void;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly plan: OperationPlan; readonly blocker?: Blocker; readonly complaint?: Complaint }> {
  const { operation, environmentId } = request;
  // Where volumes go, also whether any of them is another environment's.
  await unlessAborted(store.whenResolved(removesVolumes(request) ? undefined : environmentId), signal);
  await unlessAborted(store.lookAtFolders(), signal);
  checkRequest(request, current());
  await checkLosses(request, current(), connection, signal);
  const plan = planOperation(request, current(), store.environments);
  const { environments } = store;
  const blocker = await blockerOf(plan.request, current(), { connection, environments, signal });
  if (blocker) return { plan, blocker };
  // The current one may be another by the time that a call is run.
  const context = current().definition.context ?? connection.context;
  if (emptiesDataFolders(request)) await checkDataFolders(current(), store.environments, connection, signal);
  const tell = (text: string) => onProgress({ kind: 'note', text });
  for (const folder of await makeDataFolders(request, current(), connection)) {
    tell(l10n.t('Made the data folder {0}.', folder));
  }
  const track = new RemovalTrack([...plan.emptying.values()]);
  if (removesVolumes(request)) onTrack(track);
  for (const call of plan.calls) {
    const folder = plan.emptying.get(call);
    const isFirst = call === plan.calls[0];
    if (folder && !(await isFolder(folder.path))) continue;
    if (folder) await checkUnused(folder, { store, connection, track, signal });
    if (folder) tell(l10n.t('Emptying the data folder {0} …', folder.path));
    if (folder) track.emptying(folder);
    if (isFirst) track.removing();
    const { exitCode, stdout, stderr } = await runCompose(inContext(call, context), {
      signal,
      onLine: (line) => {
        if (!saysUnset(line)) onProgress({ kind: 'output', line: line.trim() });
      },
    }).finally(() => folder && signal.aborted && clearAway('empty', folder, context));
    if (exitCode === 0) {
      if (isFirst) track.removed();
      if (folder) {
        track.hasEmptied();
        tell(l10n.t('Emptied the data folder {0}.', folder.path));
      }
      continue;
    }
    checkRequest(request, current());
    const message = l10n.t('"docker compose {0}" ended with exit code {1}.', operation, exitCode);
    const complaint = complaintOf({ stdout, stderr }) ?? { message, blamed: [] };
    return { plan, complaint: plan.emptying.size > 0 ? halfDone(complaint, track, folder) : complaint };
  }
  return { plan };
}

/**
 * Looks once more, now that everything is down: meanwhile something may have been started that uses the folder.
 * @throws UserError when it is used, or that can't be told, with what has gone by then.
 */
async function checkUnused(
  folder: DataFolder,
  {
    store: { environments },
    connection,
    track,
    signal,
  }: {
    readonly store: EnvironmentStore;
    readonly connection: EngineConnection;
    readonly track: RemovalTrack;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  // Also one of its own project: that was taken down, so that somebody else has brought it up again.
  await checkMounts([folder], { connection, environments, ownProject: undefined, signal }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    const output = stateOf(track);
    throw new UserError(error.kind, error.message, { ...error.details, output });
  });
}

/**
 * What a call complained of, with what has gone by then and what has not.
 * @param failed the data folder that was being emptied.
 */
function halfDone(complaint: Complaint, track: RemovalTrack, failed: DataFolder | undefined): Complaint {
  const said = failed ? [complaint.output, complaint.message] : [complaint.output];
  const output = [...said, stateOf(track)].filter(Boolean).join('\n');
  const message = failed
    ? l10n.t('The data folder {0} could not be emptied, or only in part.', failed.path)
    : complaint.message;
  return { ...complaint, message, output };
}

function stateOf({ state }: RemovalTrack): string {
  return state ? describeRemoval(state).join('\n') : '';
}

/** @throws UserError when the request can't be met, going by what the environment contains. */
function checkRequest(request: OperationRequest, environment: EnvironmentSnapshot): void {
  const { operation, services } = request;
  const { resolution, definition, projectName } = environment;
  if (resolution.kind === 'broken' && (needsFiles(operation) || projectName === undefined)) throw resolution.error;
  if (resolution.kind === 'containers-only' && needsFiles(operation)) throw containersOnly(definition);
  knownProject(environment);
  const unknown = services.find((name) => !environment.services.some((service) => service.name === name));
  if (unknown !== undefined) {
    throw new UserError('usage', l10n.t('Environment "{0}" has no service "{1}".', definition.name, unknown), {
      remedy: l10n.t('It has: {0}.', environment.services.map((service) => service.name).join(', ')),
    });
  }
  if (operation === 'start' || operation === 'restart' || operation === 'unpause') {
    const concerned = concernedBy(request, environment);
    if (concerned.every((service) => service.containers.length === 0)) {
      throw new UserError('failed', l10n.t('Nothing of "{0}" has been created yet.', definition.name), {
        remedy: l10n.t('Bring it up instead: that creates and starts it.'),
      });
    }
  }
}

/** What an environment that was taken down still has, of what it had or anew. */
async function keptOf(
  before: Belongings | undefined,
  projectName: string | undefined,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<Belongings | undefined> {
  const now = await belongingsOf(projectName, connection, signal);
  if (!now) return undefined;
  // Those without a name of their own no longer belong to anything once their containers are gone, but are there.
  const nameless = (before?.volumes ?? []).filter(({ name }) => !now.volumes.some((volume) => volume.name === name));
  if (nameless.length === 0) return now;
  const names = nameless.map(({ name }) => name);
  const asked = connection.inspect((engine) => engine.volumesAmong(names, signal));
  const left = await unlessAborted(asked, signal).catch((): readonly string[] => []);
  return { ...now, volumes: [...now.volumes, ...nameless.filter(({ name }) => left.includes(name))] };
}

/** What a project has on the engine. Not to know it is no failure. */
async function belongingsOf(
  projectName: string | undefined,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<Belongings | undefined> {
  if (projectName === undefined) return undefined;
  const asked = connection.inspect((engine) => engine.belongings(projectName, { signal }));
  return unlessAborted(asked, signal).catch(() => undefined);
}

/** How Compose complains when the engine goes away under it. */
const ENGINE_LOST = /Cannot connect to the Docker daemon|error during connect/;

/** That the engine was lost while Compose worked with it, which says more than what Compose then complained of. */
function engineLoss(
  store: EnvironmentStore,
  { definition }: EnvironmentSnapshot,
  { message, output }: Complaint,
): UserError | undefined {
  const state = store.engineState(definition.context);
  const said = [output, message].filter(Boolean).join('\n');
  if (state.kind !== 'lost') {
    // Only for a moment, so that it is there again by now, or not known yet here.
    if (!ENGINE_LOST.test(said)) return undefined;
    const short = l10n.t('The Docker engine was lost while Docker Compose worked with it.');
    return new UserError('engine-unreachable', short, { output: said, remedy: l10n.t('Try again once it answers.') });
  }
  const { error } = state;
  return new UserError(error.kind, error.message, { ...error.details, output: said });
}

function cancelled(environment: EnvironmentSnapshot | undefined): Extract<OperationResult, { kind: 'cancelled' }> {
  if (!environment || environment.health === 'unknown') return { kind: 'cancelled', environment, running: undefined };
  const running = environment.services.filter((service) => isActive(service.health));
  return { kind: 'cancelled', environment, running: running.map((service) => service.name) };
}

/** Of a service that Compose has ended or paused, and that is not so all the same. */
function runsAgain({ name }: ServiceSnapshot): ServiceFailure {
  const message = l10n.t('Service "{0}" runs again: something else has started it meanwhile.', name);
  const remedy = l10n.t('See what does: another terminal, "docker compose watch", or a tool that keeps it running.');
  return { error: new UserError('failed', message, { remedy }) };
}

function gone(): never {
  throw new UserError('failed', l10n.t('The environment is gone: its compose files were removed or renamed.'));
}

/** The message of an operation's end, for a log: never output of programs. */
export function describeResult(result: OperationResult): string {
  return result.kind === 'failed' ? `failed: ${messageOf(result.error)}` : result.kind;
}
