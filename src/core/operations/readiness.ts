import { isActive } from '../model/health';
import type { ServiceSnapshot } from '../model/snapshot';

/** What is to be thought of a service that was told to start. */
export type Verdict = 'ready' | 'failed' | 'waiting';

/** How long a service without a health check must have run before it counts as up, in milliseconds. */
const SETTLED_AFTER = 1_000;
/**
 * How long each kind of trouble may last before it is a failure, in milliseconds. A container that dies is shown as
 * exited for a moment, on a busy machine a second, before the engine's list tells that it will restart it; one that restarts may only have been earlier than its database.
 */
const PATIENCE = { exited: 1_500, paused: 1_500, restarting: 10_000 } as const;

/**
 * Judges, from what is seen of it over time, whether a service has come up. `docker compose up --wait` is not trusted
 * with that: it takes a restart loop, and a service that ends after a second, for healthy.
 */
export class Readiness {
  /** Since when the containers run that do, by their ids. */
  private readonly runningSince = new Map<string, number>();
  private stoppedSince: number | undefined;
  /** Whether anything of it ran while it was seen. */
  private wasActive = false;
  private exitedSince: number | undefined;
  private pausedSince: number | undefined;
  /** Since the first time that it ended: running for a moment in between is no success. */
  private restartingSince: number | undefined;

  /**
   * Takes in how the service is, also before there is anything to judge: the time that it has run by then counts.
   * @param now milliseconds, of any clock that does not jump.
   */
  see({ health, containers }: ServiceSnapshot, now: number): void {
    const running = containers.filter(({ state }) => state === 'running' && health !== 'unknown').map(({ id }) => id);
    for (const id of this.runningSince.keys()) if (!running.includes(id)) this.runningSince.delete(id);
    this.wasActive ||= isActive(health);
    for (const id of running) if (!this.runningSince.has(id)) this.runningSince.set(id, now);
  }

  /**
   * @param now milliseconds, of the same clock.
   * @returns the verdict, and when to look again even if nothing is seen to change.
   */
  judge(service: ServiceSnapshot, now: number): { readonly verdict: Verdict; readonly lookAgainIn?: number } {
    const { health } = service;
    this.see(service, now);
    if (health === 'healthy' || health === 'completed') return { verdict: 'ready' };
    if (health === 'unhealthy') return { verdict: 'failed' };
    this.pausedSince = health === 'paused' ? (this.pausedSince ?? now) : undefined;
    if (this.pausedSince !== undefined) {
      // By somebody else meanwhile: it won't come up by itself.
      const left = PATIENCE.paused - (now - this.pausedSince);
      return left <= 0 ? { verdict: 'failed' } : { verdict: 'waiting', lookAgainIn: left };
    }
    if (health === 'exited' || health === 'restarting') {
      this.stoppedSince = undefined;
      this.restartingSince ??= now;
      this.exitedSince = health === 'exited' ? (this.exitedSince ?? now) : undefined;
      const left =
        this.exitedSince === undefined
          ? PATIENCE.restarting - (now - this.restartingSince)
          : PATIENCE.exited - (now - this.exitedSince);
      return left <= 0 ? { verdict: 'failed' } : { verdict: 'waiting', lookAgainIn: left };
    }
    this.exitedSince = undefined;
    // After a successful start: it has no containers by its own wish (no replicas), or ended well at once. But one that
    // ran before was stopped by somebody, or ended while the engine was lost.
    this.stoppedSince = health === 'stopped' ? (this.stoppedSince ?? now) : undefined;
    if (health !== 'running' && health !== 'stopped') return { verdict: 'waiting' };
    const since = this.stoppedSince ?? Math.max(...this.runningSince.values());
    const left = SETTLED_AFTER - (now - since);
    if (left > 0) return { verdict: 'waiting', lookAgainIn: left };
    const isMeantToRun = service.enabled || service.containers.length > 0;
    return { verdict: health === 'stopped' && this.wasActive && isMeantToRun ? 'failed' : 'ready' };
  }
}

/** The readiness of all services of one environment. */
export class ReadinessByService {
  private readonly services = new Map<string, Readiness>();

  /** @param now milliseconds, of any clock that does not jump. */
  constructor(private readonly now: () => number) {}

  /** See {@link Readiness.see}. */
  see(services: readonly ServiceSnapshot[]): void {
    for (const service of services) this.of(service).see(service, this.now());
  }

  /** See {@link Readiness.judge}. */
  judge(service: ServiceSnapshot): ReturnType<Readiness['judge']> {
    return this.of(service).judge(service, this.now());
  }

  private of({ name }: ServiceSnapshot): Readiness {
    const known = this.services.get(name) ?? new Readiness();
    this.services.set(name, known);
    return known;
  }
}
