import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { backoffDelay, type Clock, systemClock, withinTime } from '../common/clock';
import type { Disposable } from '../common/disposable';
import { messageOf, UserError } from '../common/errors';
import { Emitter, waitFor } from '../common/event';
import { type Log, silentLog } from '../common/log';
import { onWake } from '../common/wake';
import type { Container } from '../model/container';
import { type EngineConnection, engineSilent } from './connection';
import { type AskAgain, type ListingAnswer, Listings } from './listings';
import { applyEvent, type ContainerEvent } from './messages';

/** Whether what a feed says of containers can be believed. */
export type EngineState =
  /** The first try is under way. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly address: string }
  /** No engine; `retryAt` (milliseconds since the epoch) is when the next try begins. */
  | { readonly kind: 'lost'; readonly error: UserError; readonly retryAt: number };

/**
 * The engine's list may be behind the events for so long, in milliseconds; after that it is believed. The list waits for
 * the disk, so on a machine that writes a lot it may come seconds after the event.
 */
const LIST_MAY_LAG = 30_000;
/**
 * The result of a health check that goes on after a pause is waited for so long, in milliseconds: Docker's own interval.
 * Then a container that the engine calls unhealthy is: of a check that goes on failing no event comes.
 */
const PROBE_LIMIT = 30_000;
/** A connection that held for this long, in milliseconds, starts the waiting times anew when it is lost. */
const STABLE_AFTER = 5_000;
/** An engine that has not told of its containers for so long is lost, in milliseconds: an ssh connection takes seconds. */
const CONNECT_LIMIT = 15_000;
/** How long the engine may take to answer about some containers, in milliseconds. */
const LISTING_LIMIT = 10_000;

export interface EngineFeedOptions {
  /** Makes a connection; asked again for every try, so that a switched Docker context takes effect. */
  readonly connect: () => Promise<EngineConnection>;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Gives a number from 0 up to 1, for the jitter of waits. */
  readonly random?: () => number;
}

/**
 * The containers of one Docker context, live. Subscribes to events, then lists once, then applies events; when the
 * connection is lost it tries again for ever, with growing and jittered waits, and lists everything anew: the engine keeps
 * too few events for `since` to be trusted. Polls nothing and starts no process. A connection over a network is made anew
 * when the machine has slept: the old one may be dead, and nobody would say so.
 *
 * Why no event is lost or wrongly applied: the subscription stands before the list is asked for, and reaches a moment
 * back, so an event is either in the list already, or among those that are applied on top of it, or both; and events only
 * set values ({@link applyEvent}), so that what is in both comes out the same.
 *
 * Why events win over lists: the engine tells of a death, a pause or its end before its own list knows it (measured with
 * 20.10: 40 to 170 ms, beside programs that write to the disk up to 2.6 s). A list that says otherwise than the events is
 * asked for again, ever less often.
 */
export class EngineFeed implements Disposable {
  private readonly stateEmitter = new Emitter<EngineState>();
  private readonly containersEmitter = new Emitter<ReadonlySet<string>>();
  private readonly closing = new AbortController();
  private readonly connect: EngineFeedOptions['connect'];
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly random: () => number;
  private current: EngineState = { kind: 'connecting' };
  private known = new Map<string, Container>();
  private connection: EngineConnection | undefined;
  private wake: (() => void) | undefined;
  private started = false;
  /** Ends the connection there is. */
  private session: AbortController | undefined;
  /** The connection is ended only to make a new one. */
  private switching = false;
  /** When the connection there is had proved itself. */
  private connectedAt: number | undefined;

  readonly onDidChangeState = this.stateEmitter.event;
  /** Fires with the names of the projects whose containers changed, at once with each event. */
  readonly onDidChangeContainers = this.containersEmitter.event;

  constructor(options: EngineFeedOptions) {
    this.connect = options.connect;
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.random = options.random ?? Math.random;
  }

  get state(): EngineState {
    return this.current;
  }

  /** The containers as last known; only to be believed while connected. A container that did not change is the same object. */
  get containers(): Iterable<Container> {
    return this.known.values();
  }

  /** Connects, and keeps connected until disposed. Does nothing when already started. */
  start(): void {
    if (this.started) return;
    this.started = true;
    void this.run();
  }

  /** Tries to connect now instead of at `retryAt`. Does nothing unless the engine is lost. */
  retryNow(): void {
    this.wake?.();
  }

  /**
   * Drops the connection, if any, and makes a new one: for when the Docker context leads elsewhere. From now on nobody is given
   * the old one. Does nothing before the start.
   */
  reconnect(): void {
    if (this.wake) {
      this.wake();
      return;
    }
    if (!this.session) return;
    this.switching = true;
    this.connection = undefined;
    this.session.abort();
    if (this.current.kind !== 'connecting') this.setState({ kind: 'connecting' });
  }

  /**
   * Waits until the containers are known. A lost engine is tried again at once.
   * @throws UserError (engine-unreachable) when the try fails; the signal's reason when aborted, an
   *   AbortError when disposed.
   */
  async whenConnected(signal?: AbortSignal): Promise<EngineConnection> {
    this.start();
    const before = this.current;
    this.retryNow();
    const outcome = () => {
      const state = this.current;
      if (state.kind === 'lost') return state === before ? undefined : state.error;
      // Taken now: by the time that the caller goes on, it may be lost again.
      return state.kind === 'connected' ? this.connection : undefined;
    };
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const reached = await waitFor<EngineConnection | UserError>(this.onDidChangeState, outcome, either);
    if (reached instanceof UserError) throw reached;
    return reached;
  }

  dispose(): void {
    this.closing.abort();
    this.session?.abort();
    this.wake?.();
    this.stateEmitter.dispose();
    this.containersEmitter.dispose();
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.closing.signal.aborted; attempt++) {
      this.session = new AbortController();
      this.switching = false;
      this.connectedAt = undefined;
      const error = await this.follow(this.session.signal).catch(asUserError);
      this.session.abort();
      this.connection = undefined;
      if (this.closing.signal.aborted) return;
      if (this.switching) {
        attempt = -1;
        continue;
      }
      const heldFor = this.connectedAt === undefined ? 0 : this.clock.now() - this.connectedAt;
      if (heldFor > STABLE_AFTER) attempt = 0;
      const wait = backoffDelay(attempt, this.random);
      this.log.warn(`${error.message} Trying again in ${wait} ms.`);
      // Before anybody hears of it, so that whoever then says "now" is heard.
      const waiting = this.sleep(wait);
      this.setState({ kind: 'lost', error, retryAt: this.clock.now() + wait });
      await waiting;
    }
  }

  /** One connection, from its beginning to its end; resolves with why it ended. */
  private async follow(signal: AbortSignal): Promise<UserError> {
    const connection = await this.connect();
    const { clock } = this;
    const late = () => engineSilent(connection.address);
    let giveUp: (error: UserError) => void = () => {};
    const givenUp = new Promise<UserError>((resolve) => {
      giveUp = resolve;
    });
    const listings = new Listings({
      clock,
      log: this.log,
      list: (ids) =>
        withinTime((limited) => connection.listContainers(limited, ids), { clock, ms: LISTING_LIMIT, signal, late }),
      mayMoreStart: (event) => this.mayMoreStart(event),
      onAnswer: (answer) => this.takeListed(answer),
      onGiveUp: (error) => giveUp(asUserError(error)),
    });
    const wake = connection.isRemote ? onWake(() => this.reconnect(), clock) : undefined;
    // Filled until the list is there; undefined from then on.
    let buffer: ContainerEvent[] | undefined = [];
    try {
      const { first, ended } = await withinTime(
        async (limited) => {
          // Not with the limit's signal: the subscription is to last.
          const { ended } = await connection.subscribe((event) => {
            if (buffer) return void buffer.push(event);
            this.accept(event);
            listings.note(event);
          }, signal);
          limited.throwIfAborted();
          return { first: await Promise.race([connection.listContainers(limited), ended]), ended };
        },
        { clock, ms: CONNECT_LIMIT, signal, late },
      );
      if (first instanceof UserError) return first;
      signal.throwIfAborted();
      const buffered: ContainerEvent[] = buffer;
      buffer = undefined;
      this.connection = connection;
      this.connectedAt = this.clock.now();
      const changed = this.replaceAll(first, buffered);
      this.log.info(`Connected to the Docker engine at ${connection.address}: ${first.length} containers.`);
      this.setState({ kind: 'connected', address: connection.address });
      if (changed.size > 0) this.containersEmitter.fire(changed);
      for (const event of buffered) listings.note(event);
      return await Promise.race([ended, givenUp]);
    } finally {
      wake?.dispose();
      listings.dispose();
      connection.close();
    }
  }

  /** Whether anything of the project does not run yet: Compose makes all containers, and then starts them in turn. */
  private mayMoreStart({ identity }: ContainerEvent): boolean {
    for (const { project, oneOff, state } of this.known.values()) {
      if (project === identity.project && !oneOff && state !== 'running' && state !== 'paused') return true;
    }
    return false;
  }

  private accept(event: ContainerEvent): void {
    const before = this.known.get(event.id);
    const after = applyEvent(before, event);
    if (after === before) return;
    if (after) this.known.set(event.id, after);
    else this.known.delete(event.id);
    this.containersEmitter.fire(new Set([event.identity.project]));
  }

  /**
   * Takes over what the engine listed about some containers.
   * @returns the containers that the list tells of as they were before their last event, or whose health it can't know
   *   yet: to be asked about again.
   */
  private takeListed({ asked, listed, since }: ListingAnswer): readonly AskAgain[] {
    const changed = new Set<string>();
    const again: AskAgain[] = [];
    for (const [id, age] of asked) {
      const before = this.known.get(id);
      let after = listed.find((container) => container.id === id);
      if (before && after && age < LIST_MAY_LAG && phase(before) !== phase(after)) {
        again.push({ id });
        continue;
      }
      if (after && before) after = keepStopRequest(before, after);
      if (after && before && awaitsProbe(before, after) && age < PROBE_LIMIT) {
        after = { ...after, healthCheck: 'starting' };
        again.push({ id, age: PROBE_LIMIT });
      }
      for (const event of since) if (event.id === id) after = applyEvent(after, event);
      if (after && before && isDeepStrictEqual(before, after)) continue;
      if (after) this.known.set(id, after);
      else this.known.delete(id);
      const project = (after ?? before)?.project;
      if (project !== undefined) changed.add(project);
    }
    if (changed.size > 0) this.containersEmitter.fire(changed);
    return again;
  }

  /**
   * Takes over a list of all containers, with the events that came meanwhile on top of it.
   * @returns the projects in which anything changed.
   */
  private replaceAll(listed: readonly Container[], events: readonly ContainerEvent[]): Set<string> {
    const before = this.known;
    const changed = new Set<string>();
    this.known = new Map();
    for (const container of listed) {
      const old = before.get(container.id);
      // One that runs may have been started anew, unseen.
      const kept = old && container.state === 'exited' ? keepStopRequest(old, container) : container;
      this.known.set(container.id, kept);
    }
    for (const event of events) {
      const after = applyEvent(this.known.get(event.id), event);
      if (after) this.known.set(event.id, after);
      else this.known.delete(event.id);
    }
    for (const container of this.known.values()) {
      const old = before.get(container.id);
      if (old && isDeepStrictEqual(old, container)) this.known.set(container.id, old);
      else changed.add(container.project);
    }
    for (const old of before.values()) if (!this.known.has(old.id)) changed.add(old.project);
    return changed;
  }

  private setState(state: EngineState): void {
    this.current = state;
    this.stateEmitter.fire(state);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.after(ms, () => this.wake?.());
      this.wake = () => {
        timer.dispose();
        this.wake = undefined;
        resolve();
      };
      if (this.closing.signal.aborted) this.wake();
    });
  }
}

/**
 * That a stop or a kill was asked for, a listing does not tell: it is kept while the container is as it was left. One that still
 * runs may be about to end because of it.
 */
function keepStopRequest(before: Container, listed: Container): Container {
  const asItWas = listed.state === before.state && listed.exitCode === before.exitCode;
  const { stoppedOnRequest, killedOnRequest } = before;
  return asItWas ? { ...listed, stoppedOnRequest, killedOnRequest } : listed;
}

/** After a pause the engine lists a container as unhealthy until its next probe, whose result comes as an event. */
function awaitsProbe(before: Container, listed: Container): boolean {
  return before.healthCheck === 'starting' && listed.healthCheck === 'unhealthy';
}

/** What events tell reliably of a container's state; the finer differences (exited or restarting) only a list tells. */
function phase({ state }: Container): 'running' | 'paused' | 'ended' {
  return state === 'running' || state === 'paused' ? state : 'ended';
}

function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError('engine-unreachable', l10n.t("The Docker engine can't be used: {0}", messageOf(error)), {
    cause: error,
  });
}
