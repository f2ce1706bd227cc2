import type { Clock } from '../common/clock';
import { type Look, lookUntil } from '../common/lookUntil';
import type { EngineState } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import { isActive } from '../model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { aimOf, concernedBy, isAsWanted, type OperationRequest } from './operation';
import type { ReadinessByService } from './readiness';

/**
 * Waits until everything concerned is where the operation wants it.
 * @returns the service that failed to get there; undefined when all is well.
 * @throws UserError (engine-unreachable) when the engine is lost and stays so; the signal's reason when aborted.
 */
export function waitUntilSettled(
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
  const endsAll =
    request.operation === 'scale' && Object.values(request.options?.replicas ?? {}).every((count) => count === 0);
  const aim = endsAll ? 'ended' : aimOf(request.operation);
  const absence = new EngineAbsence();
  const began = clock.now();
  const judge = (service: ServiceSnapshot) => {
    if (aim === 'ready') return readiness.judge(service);
    const isThere = endsAll ? !isActive(service.health) : isAsWanted(request.operation, service.health);
    const left = ENDING_PATIENCE - (clock.now() - began);
    if (isThere) return { verdict: 'ready' as const };
    return left > 0 ? { verdict: 'waiting' as const, lookAgainIn: left } : { verdict: 'failed' as const };
  };
  const look = (): Look<ServiceSnapshot | undefined> => {
    const environment = current();
    const left = absence.judge(store.engineState(environment.definition.context), clock.now());
    if (left !== undefined) return left > 0 ? { again: left } : {};
    const concerned = aim === undefined ? [] : concernedBy(request, environment);
    const judged = concerned.map((service) => ({ service, ...judge(service) }));
    const failed = judged.find(({ verdict }) => verdict === 'failed');
    if (failed || judged.every(({ verdict }) => verdict === 'ready')) return { end: failed?.service };
    const again = Math.min(
      ...judged.map((one) => ('lookAgainIn' in one && one.lookAgainIn) || Number.POSITIVE_INFINITY),
    );
    return Number.isFinite(again) ? { again } : {};
  };
  return lookUntil(look, { changes: store.onDidChange, clock, signal });
}

/** How long the events may take that tell of what Compose has ended, in milliseconds; then something has undone it. */
const ENDING_PATIENCE = 10_000;

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
