import type { Berth } from '../core/berth';
import { systemClock } from '../core/common/clock';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { isCancellation } from '../core/common/errors';
import { Emitter, waitFor } from '../core/common/event';
import type { LogLine } from '../core/engine/logLines';
import type { Container } from '../core/model/container';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../core/model/snapshot';
import { waitUntilEnded } from '../core/operations/ending';
import { engineErrors } from './project';

/** A line of a log, with whose it is. */
export interface NamedLogLine extends LogLine {
  readonly service: string;
  /** The container's name. */
  readonly container: string;
}

/** Which of the logs are wanted. */
export interface LogsWanted {
  /** Names of services; all when empty. */
  readonly services: readonly string[];
  readonly follow: boolean;
  readonly tail: number | 'all';
  /** Seconds since 1970, with a fraction. */
  readonly since?: string;
}

/** In nanoseconds. */
const SECOND = 1_000_000_000n;

/**
 * Reads the logs of an environment's containers line by line, through streams of the engine's own. While following it goes on
 * with containers that are started again, and with new ones: what Compose prints of logs does not, and tells not for certain
 * which container a line is of.
 */
export class LogReader implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly closing = new AbortController();
  private readonly changes = this.owned.add(new Emitter<void>());
  private readonly lines = this.owned.add(new Emitter<NamedLogLine>());
  private readonly problems = this.owned.add(new Emitter<unknown>());
  /** Ids of the containers that are being read. */
  private readonly streams = new Set<string>();
  /** The containers that were read, as they were then, by id: one that is still the same has nothing new. */
  private readonly seen = new Map<string, Container>();
  /** Ids of the containers whose logs can't be read: asked again, the engine would say the same. */
  private readonly failed = new Set<string>();
  /** The time of the last line of each, by id. */
  private readonly last = new Map<string, string>();

  private problem: unknown;

  readonly onLine = this.lines.event;
  /** Fires when the log of a container can't be read. */
  readonly onProblem = this.problems.event;

  /** @param current gives the environment as it is now. */
  constructor(
    private readonly berth: Berth,
    private readonly current: () => EnvironmentSnapshot,
    private readonly wanted: LogsWanted,
  ) {}

  /**
   * Resolves when everything is read; while following, when nothing runs any more.
   * @throws UserError (engine-unreachable) when the engine is lost; what went wrong, of what is not followed; the signal's
   *   reason when aborted.
   */
  async read(signal: AbortSignal): Promise<void> {
    const { tail, since } = this.wanted;
    for (const one of this.containers()) this.begin(one.service, one.container, { tail, since });
    if (this.wanted.follow) this.owned.add(this.berth.store.onDidChange(() => this.look()));
    await this.untilDoneOrLost(signal);
    const [error = this.wanted.follow ? undefined : this.problem] = this.losses();
    if (error !== undefined) throw error;
  }

  dispose(): void {
    this.closing.abort();
    this.owned.dispose();
  }

  private services(): readonly ServiceSnapshot[] {
    const { services } = this.wanted;
    return this.current().services.filter(({ name }) => services.length === 0 || services.includes(name));
  }

  private containers(): readonly { readonly service: string; readonly container: Container }[] {
    return this.services().flatMap(({ name, containers }) =>
      containers.map((container) => ({ service: name, container })),
    );
  }

  private losses() {
    return engineErrors(this.berth.store, [this.current()]);
  }

  private async untilDoneOrLost(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const lost = waitFor(this.changes.event, () => this.losses().length > 0 || undefined, either);
    try {
      await Promise.race([this.untilDone(either), lost]);
    } finally {
      over.abort();
    }
  }

  private async untilDone(signal: AbortSignal): Promise<void> {
    const { onDidChange: changes } = this.berth.store;
    // What is only about to be restarted has not ended; where nothing runs from the beginning, there is nothing to wait for.
    while (this.wanted.follow && this.containers().some(isActive)) {
      await waitUntilEnded(() => this.services(), { changes, clock: systemClock, signal });
      await this.untilRead(signal);
    }
    await this.untilRead(signal);
  }

  private async untilRead(signal: AbortSignal): Promise<void> {
    await waitFor(this.changes.event, () => this.streams.size === 0 || undefined, signal);
  }

  /** Begins with what has come, or was started again. */
  private look(): void {
    for (const one of this.containers()) {
      const { container } = one;
      if (!this.isNews(container) || this.streams.has(container.id) || this.failed.has(container.id)) continue;
      this.begin(one.service, container, this.rest(container));
    }
    this.changes.fire();
  }

  private isNews(container: Container): boolean {
    const seen = this.seen.get(container.id);
    // One that was never seen to run may have ended by now. What is only created has said nothing.
    return isActive({ container }) ? seen !== container : seen === undefined && container.state !== 'created';
  }

  /** What of a container's log is not known yet. */
  private rest({ id }: Container): Pick<LogsWanted, 'tail' | 'since'> {
    const last = this.last.get(id);
    if (last !== undefined) return { tail: 'all', since: justAfter(last) };
    // Of one that was read already, there was nothing that is wanted.
    const { tail, since } = this.wanted;
    return this.seen.has(id) ? { tail, since } : { tail: 'all' };
  }

  private begin(service: string, container: Container, from: Pick<LogsWanted, 'tail' | 'since'>): void {
    const { id } = container;
    this.streams.add(id);
    this.seen.set(id, container);
    this.stream(service, container, from)
      .catch((error: unknown) => {
        if (isCancellation(error)) return;
        this.failed.add(id);
        this.problem ??= error;
        this.problems.fire(error);
      })
      .finally(() => {
        this.streams.delete(id);
        if (this.wanted.follow) this.look();
        else this.changes.fire();
      });
  }

  private async stream(
    service: string,
    { id, name }: Container,
    from: Pick<LogsWanted, 'tail' | 'since'>,
  ): Promise<void> {
    const { signal } = this.closing;
    const connection = await this.berth.feedFor(this.current().definition.context).whenConnected(signal);
    const onLine = (line: LogLine) => {
      this.last.set(id, line.time);
      this.lines.fire({ ...line, service, container: name });
    };
    await connection.inspect((engine) => engine.logs(id, { ...from, follow: this.wanted.follow }, onLine, signal));
  }
}

function isActive({ container: { state } }: { readonly container: Container }): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

/**
 * The nanosecond after a time as RFC 3339, in seconds since 1970. From the time itself on, the engine would send its line again,
 * and, where a terminal's line has no end, what comes next as a part of it.
 */
function justAfter(time: string): string {
  const fraction = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
  const next = BigInt(Math.floor(Date.parse(time) / 1000)) * SECOND + BigInt(fraction.padEnd(9, '0')) + 1n;
  return `${next / SECOND}.${String(next % SECOND).padStart(9, '0')}`;
}
