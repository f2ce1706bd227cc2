import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { Emitter, type Event, waitFor } from '../core/common/event';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import type { ContainerStats } from '../core/model/stats';

/** A container that runs, and is measured. */
export interface Subject {
  readonly environment: string;
  readonly service: string;
  readonly container: { readonly id: string; readonly name: string };
}

/** What a container uses now. */
export interface Measured extends Subject {
  readonly stats: ContainerStats;
}

/** Measurements that come within so many milliseconds are shown at once: the engine sends those of all containers together. */
const ROUND = 100;

/** Measures what runs of some environments, as containers come and go: each through a stream of the engine's own. */
export class Sampler implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly closing = new AbortController();
  private readonly measurements = this.owned.add(new Emitter<Measured>());
  private readonly rounds = this.owned.add(new Emitter<void>());
  /** By ids of containers. */
  private readonly streams = new Map<string, AbortController>();
  private readonly newest = new Map<string, ContainerStats>();
  private readonly errors = new Map<string, unknown>();
  private timer: NodeJS.Timeout | undefined;

  readonly onMeasured: Event<Measured> = this.measurements.event;
  /** Fires after some measurements that came together, and when containers came or went. */
  readonly onRound: Event<void> = this.rounds.event;

  /**
   * @param current gives the environments as they are now.
   * @param services names of those to measure; all when empty.
   */
  constructor(
    private readonly berth: Berth,
    private readonly current: () => readonly EnvironmentSnapshot[],
    private readonly services: readonly string[],
  ) {
    this.owned.add(berth.store.onDidChange(() => this.look()));
    this.look();
  }

  /** The containers that run now. */
  get wanted(): readonly Subject[] {
    return this.current().flatMap((environment) => running(environment, this.services));
  }

  /** The newest measurement of each, in the order of {@link wanted}; without those not measured yet. */
  get measured(): readonly Measured[] {
    return this.wanted.flatMap((subject) => {
      const stats = this.newest.get(subject.container.id);
      return stats ? [{ ...subject, stats }] : [];
    });
  }

  /** Resolves when each container has been measured. @throws UserError when none can be; the signal's reason when aborted. */
  async once(signal: AbortSignal): Promise<readonly Measured[]> {
    const isDone = ({ container: { id } }: Subject) => this.newest.has(id) || !this.streams.has(id);
    const all = await waitFor(this.onRound, () => (this.wanted.every(isDone) ? this.measured : undefined), signal);
    const [error] = this.errors.values();
    if (all.length === 0 && error !== undefined) throw error;
    return all;
  }

  dispose(): void {
    this.closing.abort();
    clearTimeout(this.timer);
    this.owned.dispose();
  }

  /** Begins with what has come, and ends with what has gone. */
  private look(): void {
    const ids = new Set(this.wanted.map(({ container }) => container.id));
    for (const [id, stream] of this.streams) if (!ids.has(id)) stream.abort();
    for (const environment of this.current()) {
      const { context } = environment.definition;
      // A lost engine is waited for by its feed; to ask here as well would have it try without end.
      if (this.berth.store.engineState(context).kind !== 'connected') continue;
      for (const subject of running(environment, this.services)) {
        if (!this.streams.has(subject.container.id)) this.begin(subject, context);
      }
    }
    this.roundSoon();
  }

  private begin(subject: Subject, context: string | undefined): void {
    const { id } = subject.container;
    const stream = new AbortController();
    this.streams.set(id, stream);
    this.measure(subject, context, AbortSignal.any([stream.signal, this.closing.signal]))
      .catch((error: unknown) => this.errors.set(id, error))
      .finally(() => {
        this.streams.delete(id);
        this.newest.delete(id);
        this.roundSoon();
      });
  }

  private async measure(subject: Subject, context: string | undefined, signal: AbortSignal): Promise<void> {
    const { id } = subject.container;
    // The first one has nothing to compare with: its share of the processor would be that since the system started.
    let isFirst = true;
    const onStats = (stats: ContainerStats) => {
      if (!isFirst) {
        this.newest.set(id, stats);
        this.measurements.fire({ ...subject, stats });
        this.roundSoon();
      }
      isFirst = false;
    };
    const connection = await this.berth.feedFor(context).whenConnected(signal);
    await connection.inspect((engine) => engine.stats(id, onStats, signal));
  }

  private roundSoon(): void {
    if (this.closing.signal.aborted) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.rounds.fire();
    }, ROUND);
  }
}

/** The containers of an environment that run, or are paused. */
function running({ definition, services }: EnvironmentSnapshot, names: readonly string[]): readonly Subject[] {
  return services
    .filter((service) => names.length === 0 || names.includes(service.name))
    .flatMap((service) =>
      service.containers
        .filter(({ state }) => state === 'running' || state === 'paused')
        .map(({ id, name }) => ({
          environment: definition.name,
          service: service.name,
          container: { id, name },
        })),
    );
}
