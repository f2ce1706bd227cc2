import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { OperationName, OperationOptions } from '../compose/operationCalls';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { type StoreKind, storeKindOf } from '../model/storeKind';
import type { OperationResult } from '../operations/operation';
import { livingProfiles, scaledByHand } from '../operations/phases';
import type { OwnStep, StepResult } from './acceptance';
import { type AcceptanceContext, currentEnvironment, failedBy, runningServices } from './acceptanceContext';
import { answered, askStore, markerFor, type StoreMarker, whyNotAsked } from './storeMarker';

/** A store that runs. */
interface Store {
  readonly name: string;
  readonly kind: StoreKind;
}

/** One that is to keep its data, with what is written into it. */
interface MarkedStore extends Store {
  readonly marker: StoreMarker;
  /** How long that took, in milliseconds. */
  readonly ms: number;
}

/**
 * Whether what stores hold is there again after the environment was taken down, with its volumes left, and brought up: a marker is
 * written into each, read again, and removed. When that is cancelled, the environment is brought up again first.
 */
export class DataSurvival {
  private readonly id = randomBytes(6).toString('hex');
  private readonly steps: OwnStep[] = [];
  /** The stores that have lost their markers. */
  private readonly lost = new Set<string>();
  /** Why the environment could not be brought up again; undefined while it could. */
  error: UserError | undefined;

  /** @param beforeDown is called before the containers go, and what they alone know with them. */
  constructor(
    private readonly context: AcceptanceContext,
    private readonly beforeDown: () => Promise<void>,
  ) {}

  /**
   * @param wasThere whether there were containers before, be it stopped ones: what only they have goes with them, so that it has to be agreed to.
   * @throws the signal's reason when aborted: it is up again by then, unless {@link error} is set.
   */
  async toEnd(wasThere: boolean): Promise<readonly OwnStep[]> {
    const environment = currentEnvironment(this.context);
    const stores = storesIn(environment);
    if (stores.length === 0) this.skip(environment.definition.name, l10n.t('No database that Berth knows runs.'));
    const kept: Store[] = [];
    for (const store of stores) {
      const why = await this.whyNotKept(store);
      if (why === undefined) kept.push(store);
      else this.skip(store.name, why);
    }
    if (kept.length === 0) return this.steps;
    const mayInterrupt = !wasThere || (await this.context.hooks.mayInterrupt());
    if (mayInterrupt !== true) {
      const why = mayInterrupt || l10n.t('To take the environment down and bring it up again was declined.');
      for (const { name } of kept) this.skip(name, why);
      return this.steps;
    }
    try {
      const marked: MarkedStore[] = [];
      for (const store of kept) marked.push(...(await this.mark(store)));
      if (marked.length > 0) await this.interrupt(environment, marked);
    } finally {
      for (const store of kept) if (!this.lost.has(store.name)) await this.removeMarker(store);
    }
    return this.steps;
  }

  private skip(subject: string, message: string): void {
    this.steps.push({ subject, ms: 0, outcome: 'skipped', message });
  }

  /** Why a store is not to keep its data, one sentence; undefined when it is. */
  private async whyNotKept(store: Store): Promise<string | undefined> {
    const { facts, signal } = this.context;
    const { data = [] } = facts.services?.find((service) => service.name === store.name) ?? {};
    if (!data.some(({ kind }) => kind === 'volume' || kind === 'bind')) {
      return l10n.t('It has no named volume or folder for its data, so that it is not meant to keep it.');
    }
    if (store.kind !== 'redis') return undefined;
    const answer = await this.ask(store, 'CONFIG GET save\nCONFIG GET appendonly\n', signal);
    // One that does not tell may keep it.
    return typeof answer === 'string' && /^save\r?\n\s*appendonly\r?\nno\s*$/.test(answer)
      ? l10n.t('It is told to keep nothing: neither "save" nor "appendonly" is on.')
      : undefined;
  }

  /** Writes a marker into a store, and sees that it is there. @returns it; none when it is not, which is a step then. */
  private async mark(store: Store): Promise<readonly MarkedStore[]> {
    const { surroundings, signal } = this.context;
    const began = surroundings.clock.now();
    const marker = markerFor(store.kind, this.id);
    const answer = await this.ask(store, marker.write + marker.read, signal);
    const ms = surroundings.clock.now() - began;
    if (typeof answer === 'string' && answer.includes(marker.shown)) return [{ ...store, marker, ms }];
    const error = answered(store.name, answer);
    const why = whyNotAsked(error);
    if (why === undefined) this.steps.push({ subject: store.name, ms, ...failedBy(error) });
    else this.skip(store.name, why);
    return [];
  }

  /** Takes the environment down and brings it up, whatever happens meanwhile, and then reads the markers. */
  private async interrupt(environment: EnvironmentSnapshot, marked: readonly MarkedStore[]): Promise<void> {
    const { signal, afterwards, hooks, surroundings } = this.context;
    const { clock } = surroundings;
    const asItWas = { profiles: livingProfiles(environment), replicas: scaledByHand(environment) };
    await this.beforeDown();
    const began = clock.now();
    const down = await this.operate('down', signal);
    const goesOn = down.kind === 'done' && !signal.aborted;
    if (!goesOn) hooks.onNote(l10n.t('Bringing "{0}" up again …', environment.definition.name));
    // The engine goes on stopping what it was told to stop, also beneath an `up` that finds it running still.
    if (down.kind === 'cancelled') await this.operate('down', afterwards);
    let up = await this.operate('up', goesOn ? signal : afterwards, asItWas);
    if (up.kind === 'cancelled') {
      hooks.onNote(l10n.t('Bringing "{0}" up again …', environment.definition.name));
      up = await this.operate('up', afterwards, asItWas);
    }
    if (up.kind === 'failed') this.error = up.error;
    signal.throwIfAborted();
    const failure = [down, up].find((result) => result.kind === 'failed');
    const took = clock.now() - began;
    for (const store of marked) {
      const readFrom = clock.now();
      const result = failure ? failedBy(failure.error) : await this.readAgain(store);
      this.steps.push({ subject: store.name, ms: store.ms + took + clock.now() - readFrom, ...result });
    }
  }

  private async readAgain({ marker, ...store }: MarkedStore): Promise<StepResult> {
    const answer = await this.ask(store, marker.read, this.context.signal);
    if (typeof answer === 'string' && answer.includes(marker.shown)) {
      return { outcome: 'passed', message: l10n.t('what was written is there again') };
    }
    this.lost.add(store.name);
    return {
      outcome: 'failed',
      message: l10n.t('What was written into "{0}" is gone after down and up.', store.name),
      remedy: l10n.t(
        'Mount a named volume at the path where its image keeps data: the documentation of that names it.',
      ),
      details: typeof answer === 'string' ? undefined : answer.message,
    };
  }

  /** Also after a cancel. A store that is gone by then has none any more. */
  private async removeMarker(store: Store): Promise<void> {
    const { remove } = markerFor(store.kind, this.id);
    const answer = await this.ask(store, remove, this.context.afterwards);
    if (typeof answer === 'string') return;
    this.context.hooks.onNote(l10n.t('The marker in "{0}" could not be removed: {1}', store.name, answer.message));
  }

  /** @returns what a store's client prints; why it fails. */
  private async ask({ name }: Store, commands: string, signal: AbortSignal): Promise<string | UserError> {
    const environment = currentEnvironment(this.context);
    const service = environment.services.find((one) => one.name === name);
    if (!service) return new UserError('failed', l10n.t('Service "{0}" does not run.', name));
    return askStore(environment, service, commands, this.context, signal);
  }

  private operate(operation: OperationName, signal: AbortSignal, options?: OperationOptions): Promise<OperationResult> {
    const { hooks, request, connection } = this.context;
    const { environmentId } = request;
    return hooks.operate({ operation, environmentId, services: [], options, engine: connection.engine }, signal);
  }
}

function storesIn(environment: EnvironmentSnapshot): readonly Store[] {
  return runningServices(environment).flatMap((service) => {
    const kind = storeKindOf(service);
    return kind === undefined ? [] : [{ name: service.name, kind }];
  });
}
