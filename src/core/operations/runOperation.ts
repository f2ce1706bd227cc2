import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../common/clock';
import { type Disposable, DisposableStore } from '../common/disposable';
import { isCancellation, messageOf, UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import { runCompose } from '../compose/compose';
import { operationCall } from '../compose/operationCalls';
import type { EngineFeed, EngineState } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import { isActive, isFailing } from '../model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { type Complaint, complaintOf, serviceFailure, serviceNamedIn } from './failure';
import { type OperationProgress, type OperationRequest, type OperationResult, startsServices } from './operation';
import { ReadinessByService } from './readiness';

export interface OperationSurroundings {
  readonly store: EnvironmentStore;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  readonly clock?: Clock;
}

/**
 * Runs one operation to its end. `up`, `start` and `restart` end when every service they were for is ready, as the
 * engine's events tell; `stop` and `down` when nothing of it runs any more.
 * Never rejects for what a user can meet: failing and being cancelled are results.
 * @param signal aborts the operation: Compose is interrupted, and what was started stays.
 */
export async function runOperation(
  request: OperationRequest,
  { store, feedFor, clock = systemClock }: OperationSurroundings,
  onProgress: (progress: OperationProgress) => void,
  signal: AbortSignal,
): Promise<OperationResult> {
  const current = () => store.environments.find(({ definition }) => definition.id === request.environmentId);
  const watching = new DisposableStore();
  watching.add(reportHealth(store, current, request.services, onProgress));
  const readiness = new ReadinessByService(clock.now);
  const see = () => readiness.see(current()?.services ?? []);
  watching.add(store.onDidChange(see));
  try {
    see();
    if (!store.isTrusted) throw untrusted();
    const environment = current() ?? gone();
    const connection = await feedFor(environment.definition.context).whenConnected(signal);
    const seek = { connection, clock, signal };
    const complaint = await compose(request, store, () => current() ?? gone(), onProgress, signal);
    if (complaint) {
      const after = current();
      const service = after && serviceNamedIn(complaint, after);
      const error = engineLoss(store, environment, complaint) ?? (await explain(complaint, service, after, seek));
      return { kind: 'failed', environment: after, service: service?.name, error };
    }
    const wait = { store, current: () => current() ?? gone(), readiness, clock, signal };
    const culprit = await waitUntilSettled(request, wait);
    const after = current() ?? gone();
    if (!culprit) return { kind: 'done', environment: after };
    const error = await serviceFailure(culprit, after, seek);
    return { kind: 'failed', environment: after, service: culprit.name, error };
  } catch (thrown) {
    const environment = current();
    if (signal.aborted || isCancellation(thrown)) return cancelled(environment);
    if (thrown instanceof UserError) return { kind: 'failed', environment, error: thrown };
    throw thrown;
  } finally {
    watching.dispose();
  }
}

/** Runs the operation's Compose call. @returns what it complains of; undefined when it went well. */
async function compose(
  request: OperationRequest,
  store: EnvironmentStore,
  current: () => EnvironmentSnapshot,
  onProgress: (progress: OperationProgress) => void,
  signal: AbortSignal,
): Promise<Complaint | undefined> {
  const { operation, environmentId } = request;
  const known = store.whenResolved(environmentId);
  // `up` takes the files as they are, so Compose starts while it is still being asked what they contain.
  if (operation !== 'up') await unlessAborted(known, signal);
  const environment = current();
  if (environment.resolution.kind !== 'pending') checkRequest(request, environment);
  let { services } = request;
  if (operation !== 'up' && store.environments.some((other) => sharesProject(other, environment))) {
    const own = concernedBy(request, environment).filter(({ containers }) => containers.length > 0);
    if (own.length === 0) return undefined;
    services = own.map((service) => service.name);
  }
  const call = operationCall(operation, environment, environment.projectName ?? '', services);
  const { exitCode, stdout, stderr } = await runCompose(call, {
    signal,
    onLine: (line) => onProgress({ kind: 'output', line: line.trim() }),
  });
  await unlessAborted(known, signal);
  if (exitCode === 0) return undefined;
  checkRequest(request, current());
  const message = l10n.t('"docker compose {0}" ended with exit code {1}.', operation, exitCode);
  return complaintOf({ stdout, stderr }) ?? { message, blamed: [] };
}

/** Whether another environment has containers in the same project: what is done to all of that would be done to them, too. */
function sharesProject(other: EnvironmentSnapshot, { definition, projectName }: EnvironmentSnapshot): boolean {
  return (
    other.definition.id !== definition.id &&
    other.definition.context === definition.context &&
    other.projectName === projectName &&
    other.services.some(({ containers }) => containers.length > 0)
  );
}

/** @throws UserError when the request can't be met, going by what the environment contains. */
function checkRequest(request: OperationRequest, environment: EnvironmentSnapshot): void {
  const { operation, services } = request;
  const { resolution, definition, projectName } = environment;
  if (resolution.kind === 'broken' && (operation === 'up' || projectName === undefined)) throw resolution.error;
  if (projectName === undefined) {
    throw new UserError('failed', l10n.t('It is not known yet what "{0}" contains.', definition.name), {
      remedy: l10n.t('Try again in a moment.'),
    });
  }
  const unknown = services.find((name) => !environment.services.some((service) => service.name === name));
  if (unknown !== undefined) {
    throw new UserError('usage', l10n.t('Environment "{0}" has no service "{1}".', definition.name, unknown), {
      remedy: l10n.t('It has: {0}.', environment.services.map((service) => service.name).join(', ')),
    });
  }
  if (operation === 'start' || operation === 'restart') {
    const concerned = concernedBy(request, environment);
    if (concerned.every((service) => service.containers.length === 0)) {
      throw new UserError('failed', l10n.t('Nothing of "{0}" has been created yet.', definition.name), {
        remedy: l10n.t('Bring it up instead: that creates and starts it.'),
      });
    }
  }
}

/** What Compose complained of, with what the service it is about has to say, if that helps. */
async function explain(
  complaint: Complaint,
  service: ServiceSnapshot | undefined,
  environment: EnvironmentSnapshot | undefined,
  seek: Parameters<typeof serviceFailure>[2],
): Promise<UserError> {
  const { message, output } = complaint;
  if (service && environment && isFailing(service.health)) {
    const failure = await serviceFailure(service, environment, seek);
    const all = [output, message].filter(Boolean).join('\n');
    return new UserError('failed', failure.message, {
      ...failure.details,
      output: [all, failure.details.output].filter(Boolean).join('\n\n'),
    });
  }
  return new UserError('failed', message, { output });
}

/** That the engine was lost while Compose worked with it, which says more than what Compose then complained of. */
function engineLoss(
  store: EnvironmentStore,
  { definition }: EnvironmentSnapshot,
  { message, output }: Complaint,
): UserError | undefined {
  const state = store.engineState(definition.context);
  if (state.kind !== 'lost') return undefined;
  const { error } = state;
  const said = [output, message].filter(Boolean).join('\n');
  return new UserError(error.kind, error.message, { ...error.details, output: said });
}

function cancelled(environment: EnvironmentSnapshot | undefined): OperationResult {
  if (!environment || environment.health === 'unknown') return { kind: 'cancelled', environment, running: undefined };
  const running = environment.services.filter((service) => isActive(service.health));
  return { kind: 'cancelled', environment, running: running.map((service) => service.name) };
}

/**
 * The services that an operation is about: those named; else for `up` those that the files say it starts, and for the
 * others also what there are containers of, left from another profile or from what the files once said.
 */
function concernedBy(
  { operation, services: names }: OperationRequest,
  { services }: EnvironmentSnapshot,
): readonly ServiceSnapshot[] {
  if (names.length > 0) return services.filter((service) => names.includes(service.name));
  return services.filter(({ enabled, containers }) => enabled || (operation !== 'up' && containers.length > 0));
}

/**
 * Waits until everything concerned is where the operation wants it.
 * @returns the service that failed to get there; undefined when all is well.
 * @throws UserError (engine-unreachable) when the engine is lost and stays so; the signal's reason when aborted.
 */
function waitUntilSettled(
  request: OperationRequest,
  {
    store,
    current,
    readiness,
    clock,
    signal,
  }: {
    readonly store: EnvironmentStore;
    readonly current: () => EnvironmentSnapshot;
    readonly readiness: ReadinessByService;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<ServiceSnapshot | undefined> {
  const { operation } = request;
  const absence = new EngineAbsence();
  const judge = (service: ServiceSnapshot) => {
    if (!startsServices(operation))
      return { verdict: isActive(service.health) ? ('waiting' as const) : ('ready' as const) };
    return readiness.judge(service);
  };
  return new Promise((resolve, reject) => {
    let timer: Disposable | undefined;
    const stop = () => {
      timer?.dispose();
      subscription.dispose();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      stop();
      reject(signal.reason);
    };
    const look = () => {
      timer?.dispose();
      try {
        const environment = current();
        const left = absence.judge(store.engineState(environment.definition.context), clock.now());
        if (left !== undefined) {
          if (left > 0) timer = clock.after(left, look);
          return;
        }
        const judged = concernedBy(request, environment).map((service) => ({ service, ...judge(service) }));
        const failed = judged.find(({ verdict }) => verdict === 'failed');
        if (failed || judged.every(({ verdict }) => verdict === 'ready')) {
          stop();
          return resolve(failed?.service);
        }
        const again = Math.min(
          ...judged.map((one) => ('lookAgainIn' in one && one.lookAgainIn) || Number.POSITIVE_INFINITY),
        );
        if (Number.isFinite(again)) timer = clock.after(again, look);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const subscription = store.onDidChange(look);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else look();
  });
}

/** Tells the health of the services that the operation is about: as it is, and each time it changes. */
function reportHealth(
  store: EnvironmentStore,
  current: () => EnvironmentSnapshot | undefined,
  services: readonly string[],
  onProgress: (progress: OperationProgress) => void,
): Disposable {
  const told = new Map<string, string>();
  const known = () => {
    const environment = current();
    return environment && environment.resolution.kind !== 'pending' ? environment.services : [];
  };
  for (const service of known()) told.set(service.name, service.health);
  return store.onDidChange(() => {
    for (const { name, health } of known()) {
      const before = told.get(name);
      if (before === health || (services.length > 0 && !services.includes(name))) continue;
      told.set(name, health);
      // That a service which was not known yet does not run is no news.
      if (before === undefined && health === 'stopped') continue;
      onProgress({ kind: 'service', service: name, health });
    }
  });
}

/** How long the engine may be lost, in milliseconds, before what waits for it fails: a restart of Docker takes seconds. */
const ENGINE_PATIENCE = 15_000;

/** Judges how long the engine has been away: nothing that is known of services can be believed then. */
class EngineAbsence {
  private since: number | undefined;

  /**
   * @param now milliseconds, of any clock that does not jump.
   * @returns how much longer it is waited for, in milliseconds; 0 for until its state changes; undefined when it is there.
   * @throws UserError (engine-unreachable) when it is not waited for any longer.
   */
  judge(state: EngineState, now: number): number | undefined {
    if (state.kind === 'connected') {
      this.since = undefined;
      return undefined;
    }
    this.since ??= now;
    const left = ENGINE_PATIENCE - (now - this.since);
    if (left > 0) return left;
    if (state.kind === 'lost') throw state.error;
    return 0;
  }
}

function untrusted(): UserError {
  return new UserError('usage', l10n.t('This workspace is not trusted, so nothing of it is run.'), {
    remedy: l10n.t('Trust the workspace first, if you trust those who wrote it.'),
  });
}

function gone(): never {
  throw new UserError('failed', l10n.t('The environment is gone: its compose files were removed or renamed.'));
}

/** The message of an operation's end, for a log: never output of programs. */
export function describeResult(result: OperationResult): string {
  return result.kind === 'failed' ? `failed: ${messageOf(result.error)}` : result.kind;
}
