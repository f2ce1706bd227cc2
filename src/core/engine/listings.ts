import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import { messageOf } from '../common/errors';
import type { Log } from '../common/log';
import type { Container } from '../model/container';
import { type ContainerEvent, needsListing, settles } from './messages';

/** How long after an event the engine is asked about its container, in milliseconds: what comes together is asked once. */
const LISTING_DELAY = 40;
/**
 * Containers that start one after another are asked about together: once none has started for this long, in milliseconds
 * (measured with 10 containers on 2 busy processors: mostly less than that lies between two of them) …
 */
const START_QUIET = 250;
/** … but no later than this after the first one, in milliseconds. */
const START_LIMIT = 1_000;
/** After a request that failed the next one waits for so long, in milliseconds, and twice as long after each further one. */
const RETRY_DELAY = 250;
/** So many requests that fail in a row, and what is known of the containers is believed no longer. */
const FAILURES_LIMIT = 4;

/** What the engine answered about some containers. */
export interface ListingAnswer {
  /** The containers that were asked about, each with how long ago, in milliseconds, its last event was then. */
  readonly asked: ReadonlyMap<string, number>;
  readonly listed: readonly Container[];
  /** Events that came while the engine was being asked: the list may or may not know of them. */
  readonly since: readonly ContainerEvent[];
}

/** Says that the engine has to be asked about a container again. */
export interface AskAgain {
  readonly id: string;
  /** When: so many milliseconds after its last event; when undefined, soon, and ever less often. */
  readonly age?: number;
}

interface Wanted {
  readonly eventAt: number;
  readonly due: number;
  /** It started, and others will: nothing is wrong if the answer comes a little later, together with those of others. */
  readonly started?: boolean;
  /** Only the next probe's result is waited for, which an event may tell before. */
  readonly untilProbe?: boolean;
}

/** Collects the containers that the engine must be asked about, and asks for a whole burst at once, one request at a time. */
export class Listings implements Disposable {
  private readonly wanted = new Map<string, Wanted>();
  private timer: { readonly due: number; readonly handle: Disposable } | undefined;
  private since: ContainerEvent[] | undefined;
  /** Requests that failed since the last one that was answered. */
  private failures = 0;
  private disposed = false;

  constructor(
    private readonly options: {
      readonly clock: Clock;
      readonly log: Log;
      /** Whether others may be starting together with the container that this event says has started. */
      readonly mayMoreStart: (event: ContainerEvent) => boolean;
      readonly list: (ids: readonly string[]) => Promise<readonly Container[]>;
      /** Takes an answer in, and gives back what must be asked again. */
      readonly onAnswer: (answer: ListingAnswer) => readonly AskAgain[];
      /** Hears, with the last error, that asking fails again and again. */
      readonly onGiveUp: (error: unknown) => void;
    },
  ) {}

  /** Takes in that `event` was applied. */
  note(event: ContainerEvent): void {
    this.since?.push(event);
    const before = this.wanted.get(event.id);
    if (settles(event) || (event.action === 'health_status' && before?.untilProbe)) this.wanted.delete(event.id);
    if (!needsListing(event)) return;
    const now = this.options.clock.now();
    const started = event.action === 'start' && this.options.mayMoreStart(event);
    const due = now + (started ? START_QUIET : LISTING_DELAY);
    this.wanted.set(event.id, { eventAt: now, due: before ? Math.min(before.due, due) : due, started });
    if (started) this.waitForMore(now);
    this.schedule();
  }

  /** Puts off asking about the containers that started, because another one did just now. */
  private waitForMore(now: number): void {
    const waiting = [...this.wanted].filter(([, one]) => one.started);
    const first = Math.min(...waiting.map(([, one]) => one.eventAt));
    const due = Math.min(now + START_QUIET, first + START_LIMIT);
    for (const [id, one] of waiting) this.wanted.set(id, { ...one, due });
  }

  /** Sets the one timer to when the first container is due, unless a request is under way: then after it. */
  private schedule(): void {
    if (this.since || this.disposed) return;
    const due = Math.min(...[...this.wanted.values()].map((one) => one.due));
    if (this.timer && this.timer.due <= due) return;
    this.timer?.handle.dispose();
    this.timer = undefined;
    if (!Number.isFinite(due)) return;
    const { clock } = this.options;
    const handle = clock.after(Math.max(0, due - clock.now()), () => {
      this.timer = undefined;
      void this.ask();
    });
    this.timer = { due, handle };
  }

  private async ask(): Promise<void> {
    const { clock, log, list, onAnswer, onGiveUp } = this.options;
    const now = clock.now();
    // What was due when the timer was set may have been put off since.
    if (![...this.wanted.values()].some((one) => one.due <= now)) return this.schedule();
    // Also what would be due later, where that is for no other reason than to be asked together with others.
    const isMeant = (one: Wanted) => one.due <= now + (one.started ? START_QUIET : LISTING_DELAY);
    const asked = new Map([...this.wanted].filter(([, one]) => isMeant(one)));
    for (const id of asked.keys()) this.wanted.delete(id);
    const since: ContainerEvent[] = [];
    this.since = since;
    try {
      const listed = await list([...asked.keys()]);
      if (this.disposed) return;
      this.failures = 0;
      const ages = new Map([...asked].map(([id, { eventAt }]) => [id, now - eventAt]));
      for (const { id, age } of onAnswer({ asked: ages, listed, since })) {
        const eventAt = asked.get(id)?.eventAt ?? now;
        const settled = since.some((event) => event.id === id && settles(event));
        if (settled || this.wanted.has(id)) continue;
        // Twice as long after the event as this time.
        const due = age === undefined ? clock.now() + Math.max(LISTING_DELAY, now - eventAt) : eventAt + age;
        this.wanted.set(id, { eventAt, due, untilProbe: age !== undefined });
      }
    } catch (error) {
      if (this.disposed) return;
      log.warn(messageOf(error));
      this.failures++;
      if (this.failures >= FAILURES_LIMIT) onGiveUp(error);
      else this.wantAgain(asked, since);
    } finally {
      this.since = undefined;
      this.schedule();
    }
  }

  /** After a request that failed: what it asked, nobody has told. Only an event that came meanwhile makes it needless. */
  private wantAgain(asked: ReadonlyMap<string, Wanted>, since: readonly ContainerEvent[]): void {
    const due = this.options.clock.now() + RETRY_DELAY * 2 ** (this.failures - 1);
    for (const [id, { eventAt, untilProbe }] of asked) {
      const settled = since.some((event) => event.id === id && settles(event));
      if (!settled && !this.wanted.has(id)) this.wanted.set(id, { eventAt, due, untilProbe });
    }
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.handle.dispose();
    this.timer = undefined;
  }
}
